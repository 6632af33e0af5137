import { createHash } from 'node:crypto'
import { servicesOfTrial } from '../config/services.ts'
import type { LoadedConfig } from '../config.ts'
import { UserError } from '../errors.ts'
import { readGitState } from '../record/git.ts'
import type { Environment, PlanDigest, RunHeader } from '../record/schema.ts'
import { folderOf } from './checkouts.ts'
import type { Feasible } from './needs.ts'
import type { PreparedScenario } from './prepare.ts'
import type { CampaignRequest } from './request.ts'

/** Hashes of all that decides what the trials of a run do. */
export async function digestOf(
  config: LoadedConfig,
  request: CampaignRequest,
  { cells }: Feasible,
  scenarios: ReadonlyMap<string, PreparedScenario>,
): Promise<PlanDigest> {
  const used = (names: string[], rows: Record<string, unknown>) =>
    [...new Set(names)].sort().map((name) => [name, rows[name]])
  const services = cells.flatMap(({ scenario, variants }) =>
    variants.flatMap((variant) => servicesOfTrial(config, scenario, variant)),
  )
  const prepared = [...scenarios].map(([name, { facts, script, engine, ...plan }]) => [
    name,
    { ...plan, engine: engine.name },
  ])
  const { campaign, quick, seed, comparison } = request
  const variants = [...new Set(cells.flatMap((cell) => cell.variants))]
  const code = await stateOfCode([config.dir, ...variants.map((name) => folderOf(config.variants[name]!, config.dir))])
  return {
    config: hash([
      { campaign, quick, seed, cells, prepared, comparison },
      used(
        cells.flatMap(({ variants }) => variants),
        config.variants,
      ),
      used(services, config.services),
    ]),
    scripts: hash([...scenarios].map(([name, { facts }]) => [name, facts.digest])),
    code: code === null ? null : hash(code),
  }
}

/**
 * Hash of what a scenario asks of a target: numbers of two runs stand beside each other only where it is the same. Not of
 * where things lie, nor of the target's code.
 */
export function loadDigestOf({
  engine,
  facts,
  env,
  options,
  targetEnv,
  targetCores,
  warmup,
  slices,
}: PreparedScenario): string {
  const load = [engine.name, facts.digest ?? null, env, options, targetEnv, targetCores, warmup?.env ?? null]
  return hash(slices ? [...load, slices] : load)
}

/** Of all folders that programs of the run are started in; null where none of them is in a repository. */
async function stateOfCode(folders: readonly (string | null)[]): Promise<(string | null)[] | null> {
  const distinct = [...new Set(folders.filter((folder) => folder !== null))]
  const states = await Promise.all(distinct.map(readGitState))
  return states.every((state) => state === null) ? null : states
}

const hash = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16)

const changes: Record<keyof PlanDigest, string> = {
  config: 'what the config says of this campaign, or what of it can run on this machine, has changed',
  scripts: 'a script, or something that it imports, has changed',
  code: 'the commit, or what differs from it (Markdown aside), has changed',
}

/**
 * Whether the trials that are still to come would be like those that are there.
 * @throws UserError naming what is different
 */
export function assertSamePlan({ id, plan, environment }: RunHeader, now: PlanDigest, here: Environment): void {
  const found = (Object.keys(changes) as (keyof PlanDigest)[])
    .filter((key) => plan?.[key] !== now[key])
    .map((key) => changes[key])
  if (environment.fingerprint !== here.fingerprint) found.push('this is another machine, or its Node or limits changed')
  if (found.length === 0) return
  throw new UserError(
    `run "${id}" cannot be resumed, since its trials would not be alike: ${found.join('; ')}. Undo that, or start anew without --resume`,
  )
}
