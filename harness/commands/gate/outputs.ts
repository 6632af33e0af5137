import { access, appendFile, constants, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { messageOf, UserError } from '../../errors.ts'
import { formats } from '../../gate/formats.ts'
import { markdownOf } from '../../gate/markdown.ts'
import type { GateResult } from '../../gate/result.ts'
import type { ParsedArguments } from '../arguments.ts'

/** Whether every file that is asked for has a folder to be written to: told before minutes are spent. @throws UserError */
export async function assertWritable(parsed: ParsedArguments): Promise<void> {
  for (const { option, file } of asked(parsed)) {
    const folder = dirname(resolve(file))
    await access(folder, constants.W_OK).catch(() => {
      throw new UserError(`option --${option}: "${file}" cannot be written: expected a folder ${folder} to write to`)
    })
  }
}

/** Writes all that was asked for, and appends to the summary of a GitHub job where there is one. @throws UserError */
export async function writeFormats(result: GateResult, parsed: ParsedArguments): Promise<void> {
  for (const { option, file } of asked(parsed))
    for (const [path, text] of Object.entries(formats[option].files(result, file)))
      await attempt(`option --${option}: "${path}"`, () => writeFile(path, text))
  const summary = process.env.GITHUB_STEP_SUMMARY
  if (summary) await attempt(`GITHUB_STEP_SUMMARY: "${summary}"`, () => appendFile(summary, `${markdownOf(result)}\n`))
}

function asked(parsed: ParsedArguments): { option: keyof typeof formats; file: string }[] {
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
