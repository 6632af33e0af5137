import { existsSync } from 'node:fs'
import { mkdir, readdir, rm, symlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'

/** Where one trial's clinic works. */
export interface ClinicFolder {
  /** What it gathered. */
  data: string
  /** Where it is started: has links to all that lies where the target would be started. */
  work: string
  /** Takes away all but the data. */
  clear(): Promise<void>
}

/**
 * The tools drop logs of Node's where they are started, and expect them there: not in the user's folder.
 *
 * @param cwd where the target would be started
 */
export async function makeClinicFolder(folder: string, cwd: string): Promise<ClinicFolder> {
  const [data, work] = [join(folder, 'data'), join(folder, 'work')]
  await mkdir(data, { recursive: true })
  await mkdir(work)
  for (const name of await readdir(cwd)) await symlink(join(cwd, name), join(work, name))
  const clear = async (): Promise<void> => {
    await rm(work, { recursive: true, force: true })
    await rm(join(folder, 'config'), { recursive: true, force: true })
  }
  return { data, work, clear }
}

/**
 * Paths in a command line that lead out of the folder, as they are from anywhere: alone, or as `--option=PATH`. Those that stay
 * in it are left alone, since the links lead there, and a word that happens to be the name of a folder is a word.
 */
export const withWholePaths = (args: readonly string[], cwd: string): string[] =>
  args.map((arg) => {
    const [, option = '', path] = /^(-[^=]*=)?(\.\.(?:\/.*)?)$/.exec(arg) ?? []
    return path !== undefined && existsSync(resolve(cwd, path)) ? `${option}${resolve(cwd, path)}` : arg
  })
