import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { reportFormats } from '../../../reports/formats/table.ts'
import { messageOf, UserError } from '../../errors.ts'
import type { Run } from '../../record/schema.ts'
import { type Asked, pathsOf } from './arguments.ts'

/** Prints or writes what is asked for; @returns paths by format @throws UserError where a file cannot be written */
export async function writeReports(
  runs: readonly Run[],
  asked: Asked,
  folder: string,
): Promise<Record<string, string>> {
  if (asked.out === '-') {
    await print(await reportFormats[asked.formats[0]!].render(runs))
    return {}
  }
  const written: Record<string, string> = {}
  for (const { format, path } of pathsOf(asked, folder)) {
    await write(path, await reportFormats[format].render(runs))
    written[format] = path
  }
  return written
}

async function write(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
  } catch (error) {
    throw new UserError(`report "${path}" cannot be written: ${messageOf(error)}`)
  }
}

/** A reader that has enough (`| head`) closes the pipe: what it did not want is not written, and nothing is wrong. */
function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (error?: Error | null) =>
      error && (error as NodeJS.ErrnoException).code !== 'EPIPE' ? reject(error) : resolve()
    process.stdout.once('error', end)
    process.stdout.write(text, end)
  })
}
