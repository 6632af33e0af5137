import { UserError } from '../../errors.ts'
import type { Run } from '../../record/schema.ts'
import { readRun } from '../../record/store.ts'
import { readEndedRun } from '../ended-run.ts'
import { findRun } from '../find-run.ts'

/**
 * The runs of a command line, or the latest. One may still be going on; of several, which are held against each other, none.
 *
 * @throws UserError where one does not exist, is damaged, or is named twice
 */
export async function readRuns(names: readonly string[]): Promise<Run[]> {
  if (names.length < 2) return [await readRun(await findRun(names[0]))]
  const runs: Run[] = []
  for (const name of names) {
    const run = await readEndedRun(name)
    const { id } = run.header
    if (runs.some(({ header }) => header.id === id))
      throw new UserError(`run "${id}" is named twice: expected each run once, or its numbers would count double`)
    runs.push(run)
  }
  return runs
}
