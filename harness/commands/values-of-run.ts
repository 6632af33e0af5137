import { valuesOf } from '../compare/run-values.ts'
import { UserError } from '../errors.ts'
import { exitCodes } from '../exit-codes.ts'
import type { RunValues } from '../record/schema.ts'
import { readWholeRun } from '../record/store.ts'
import { findRun } from './find-run.ts'

/**
 * What is worth keeping of a run that a command line names, or of the latest.
 * @throws UserError where it does not exist, is damaged, has not ended, or has no usable number
 */
export async function valuesOfRun(name: string | undefined): Promise<RunValues> {
  const run = await readWholeRun(await findRun(name))
  const { id, status } = run.header
  if (status === 'running')
    throw new UserError(
      `run "${id}" has not ended: it is still going on, or was killed. Wait for it or resume it, or name another run`,
    )
  const values = valuesOf(run)
  if (values.numbers.length > 0) return values
  throw new UserError(
    `run "${id}" has no usable number: none of its ${run.records.length} trials is valid. \`weir report ${id}\` lists why`,
    exitCodes.invalidMeasurement,
  )
}
