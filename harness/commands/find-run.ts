import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { UserError } from '../errors.ts'
import { latestRun, type WantedRun } from '../record/store.ts'

/**
 * The folder of a run that a command line names, by path or by id; without a name the latest, or the latest that is wanted.
 * @throws UserError where there is none
 */
export async function findRun(name: string | undefined, wanted?: WantedRun): Promise<string> {
  const runsDir = resolve('.weir/runs')
  if (name === undefined) return await latestRun(runsDir, wanted)
  const candidates = [resolve(name), join(runsDir, name)]
  const dir = candidates.find((path) => existsSync(join(path, 'run.json')))
  if (dir) return dir
  throw new UserError(`run "${name}" does not exist: looked for run.json in ${candidates.join(' and ')}`)
}
