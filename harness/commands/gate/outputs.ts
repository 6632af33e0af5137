import { appendFile, lstat, rm, writeFile } from 'node:fs/promises'
import { messageOf, UserError } from '../../errors.ts'
import { formats } from '../../gate/formats.ts'
import { markdownOf } from '../../gate/markdown.ts'
import type { Format } from '../../gate/port.ts'
import type { GateResult } from '../../gate/result.ts'
import type { ParsedArguments } from '../arguments.ts'
import { errorText } from '../error-text.ts'
import type { AskedFile } from '../writable.ts'

/**
 * Writes all that was asked for, and appends to the summary of a GitHub job where there is one. Nobody asked for that one:
 * where it cannot be written it is said, and the outcome stays what it is.
 *
 * @throws UserError where a file that was asked for cannot be written
 */
export async function writeFormats(result: GateResult, parsed: ParsedArguments): Promise<void> {
  await appendSummary(result)
  for (const { option, file } of askedFiles(parsed))
    for (const [path, text] of Object.entries(formats[option].files(result, file)))
      await attempt(`option --${option}: "${path}"`, () => (text === null ? removeOld(path) : writeFile(path, text)))
}

/** What is no file, such as /dev/stdout, stays. */
async function removeOld(path: string): Promise<void> {
  const there = await lstat(path).catch(() => null)
  if (there?.isFile()) await rm(path)
}

async function appendSummary(result: GateResult): Promise<void> {
  const summary = process.env.GITHUB_STEP_SUMMARY
  if (!summary) return
  await appendFile(summary, `${markdownOf(result)}\n`).catch((error) =>
    console.error(errorText(`warning: GITHUB_STEP_SUMMARY: "${summary}" could not be written: ${messageOf(error)}`)),
  )
}

/** All files that may be written, by option. */
export const filesToWrite = (parsed: ParsedArguments): AskedFile[] =>
  askedFiles(parsed).flatMap(({ option, file }) => {
    const { beside }: Format = formats[option]
    return [file, ...(beside?.(file) ?? [])].map((each) => ({ option, file: each }))
  })

/** The files that the command line asks for, by option. */
function askedFiles(parsed: ParsedArguments): { option: keyof typeof formats; file: string }[] {
  return (Object.keys(formats) as (keyof typeof formats)[]).flatMap((option) => {
    const file = parsed.value(option)
    return file === undefined ? [] : [{ option, file }]
  })
}

async function attempt(what: string, write: () => Promise<void>): Promise<void> {
  try {
    await write()
  } catch (error) {
    throw new UserError(`${what} could not be written: ${messageOf(error)}`)
  }
}
