import { UserError } from '../errors.ts'
import type { Run } from '../record/schema.ts'
import { readWholeRun } from '../record/store.ts'
import { findRun } from './find-run.ts'

/**
 * A run that a command line names, or the latest.
 * @throws UserError where it does not exist, is damaged, or has not ended
 */
export async function readEndedRun(name: string | undefined): Promise<Run> {
  const run = await readWholeRun(await findRun(name))
  const { id, status } = run.header
  if (status !== 'running') return run
  throw new UserError(
    `run "${id}" has not ended: it is still going on, or was killed. Wait for it or resume it, or name another run`,
  )
}
