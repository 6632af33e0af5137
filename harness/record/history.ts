import { mkdir, open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { messageOf, UserError } from '../errors.ts'
import { type RunValues, runValuesShape } from './run-values.ts'
import { parseStored } from './shape.ts'
import { syncFolder } from './whole-file.ts'

const schema = 'weir.history/1'
const shape = z.object({ schema: z.literal(schema), ...runValuesShape })

/**
 * A history: one line a run, in the order in which they were added.
 *
 * @throws UserError that names file and line where one is damaged, cut off or of another schema
 */
export async function readHistory(file: string): Promise<RunValues[]> {
  return parseHistory(await textOf(file), file)
}

/**
 * Adds a line. It is written behind the others in one piece and is on disk when this resolves: a crash can leave a part of
 * this line and touches no other. A history whose last line is cut off is not written to.
 *
 * @returns the whole history, the new line last
 * @throws UserError where the run is in it already, where it is damaged, or cannot be written
 */
export async function appendToHistory(file: string, values: RunValues): Promise<RunValues[]> {
  const text = await textOf(file).catch((error) => {
    if (error instanceof MissingHistory) return ''
    throw error
  })
  const before = parseHistory(text, file)
  const line = before.findIndex(({ run }) => run === values.run)
  if (line >= 0) throw new UserError(`run "${values.run}" is in ${file} already (line ${line + 1})`)
  const gap = text === '' || text.endsWith('\n') ? '' : '\n'
  await append(file, `${gap}${JSON.stringify({ schema, ...values })}\n`)
  return [...before, values]
}

class MissingHistory extends UserError {}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new MissingHistory(`there is no history at ${file} yet. Begin one with \`weir history --add\``)
    throw new UserError(`history ${file} cannot be read: ${messageOf(error)}`)
  }
}

function parseHistory(text: string, file: string): RunValues[] {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines.map((line, at) => {
    if (at === lines.length - 1 && !text.endsWith('\n')) assertWhole(line, file, at + 1)
    const { schema: _, ...values } = parseStored(line, `${file}, line ${at + 1}`, { schema, shape })
    return values
  })
}

/** A line ends with a line feed, so one without may be a part; it is whole where it is JSON all the same. */
function assertWhole(line: string, file: string, number: number): void {
  try {
    JSON.parse(line)
  } catch {
    throw new UserError(
      `${file}, line ${number}: the line is cut off, its writing was interrupted. Delete it, and add its run again (it begins with ${JSON.stringify(line.slice(0, 60))})`,
    )
  }
}

async function append(file: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true })
    const handle = await open(file, 'a')
    try {
      await handle.write(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await syncFolder(dirname(file))
  } catch (error) {
    throw new UserError(`history ${file} cannot be written: ${messageOf(error)}`, undefined, { cause: error })
  }
}
