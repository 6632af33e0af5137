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

/** Paths of files in a command line, as they are from anywhere. */
export const withWholePaths = (args: readonly string[], cwd: string): string[] =>
  args.map((arg) => (!arg.startsWith('-') && existsSync(resolve(cwd, arg)) ? resolve(cwd, arg) : arg))
