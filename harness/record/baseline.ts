import { mkdir, readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { messageOf, UserError } from '../errors.ts'
import { type RunValues, runValuesShape } from './run-values.ts'
import { parseStored } from './shape.ts'
import { safeName } from './store.ts'
import { writeWhole } from './whole-file.ts'

const schema = 'weir.baseline/1'
const shape = z.object({ schema: z.literal(schema), ...runValuesShape })

/** Where a baseline of that name is kept. Two names that give one file are one baseline. */
export const baselineFile = (stateDir: string, name: string): string =>
  join(stateDir, 'baselines', `${safeName(name)}.json`)

/** Writes a baseline, whole or not at all; one that is there is replaced. @throws UserError where nothing can be written */
export async function writeBaseline(file: string, values: RunValues): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true })
    // Indented, so that a baseline that is committed shows what changed.
    await writeWhole(file, `${JSON.stringify({ schema, ...values }, null, 2)}\n`)
  } catch (error) {
    throw new UserError(`baseline ${file} cannot be written: ${messageOf(error)}`, undefined, { cause: error })
  }
}

/** @throws UserError where it is missing (naming those that are there), damaged or of another schema */
export async function readBaseline(file: string): Promise<RunValues> {
  const text = await readFile(file, 'utf8').catch(async (error: NodeJS.ErrnoException) => {
    const others = (await readdir(dirname(file)).catch(() => [])).filter((name) => name.endsWith('.json'))
    const there = others.length > 0 ? `. There are: ${others.join(', ')}` : ''
    const what = error.code === 'ENOENT' ? 'does not exist' : `cannot be read (${error.message})`
    throw new UserError(`baseline ${file} ${what}${there}. Write one with \`weir baseline save\``)
  })
  const { schema: _, ...values } = parseStored(text, file, { schema, shape })
  return values
}
