import { UserError } from '../errors.ts'
import type { Run } from '../record/schema.ts'
import { readWholeRun, type WantedRun } from '../record/store.ts'
import { findRun } from './find-run.ts'

/**
 * A run that a command line names, or the latest (that is `wanted`), to draw conclusions from.
 * @throws UserError where it does not exist, is damaged, has not ended, or was profiled
 */
export async function readEndedRun(name: string | undefined, wanted?: WantedRun): Promise<Run> {
  const run = await readWholeRun(await findRun(name, wanted))
  const { id, status, profiled } = run.header
  if (profiled)
    throw new UserError(
      `run "${id}" was profiled (weir profile --with ${profiled.tool}): its numbers are of servers that were looked into, which cost them time, and are held against no others. Name another run`,
    )
  if (status !== 'running') return run
  throw new UserError(
    `run "${id}" has not ended: it is still going on, or was killed. Wait for it or resume it, or name another run`,
  )
}
