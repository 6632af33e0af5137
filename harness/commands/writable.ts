import { access, constants, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { UserError } from '../errors.ts'

/** A file that an option of the command line asks for. */
export interface AskedFile {
  /** `junit` */
  option: string
  file: string
}

/**
 * Whether every file that is asked for can be written, each by itself: told before minutes are spent.
 *
 * @throws UserError that names the option
 */
export async function assertWritable(asked: readonly AskedFile[]): Promise<void> {
  for (const [at, { option, file }] of asked.entries()) {
    const same = asked.slice(0, at).find((other) => resolve(other.file) === resolve(file))
    if (same)
      throw new UserError(`options --${same.option} and --${option} would both write "${file}": expected two files`)
    const why = await whyNot(file)
    if (why !== null) throw new UserError(`option --${option}: "${file}" cannot be written: ${why}`)
  }
}

async function whyNot(file: string): Promise<string | null> {
  if (file === '') return 'expected the name of a file'
  const there = await stat(file).catch(() => null)
  if (there?.isDirectory()) return 'expected a file, and it is a folder'
  if (there) return (await mayWrite(file)) ? null : 'expected leave to write to it'
  const folder = dirname(resolve(file))
  return (await mayWrite(folder)) ? null : `expected a folder ${folder} to write to`
}

const mayWrite = (path: string): Promise<boolean> =>
  access(path, constants.W_OK).then(
    () => true,
    () => false,
  )
