import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Cell } from '../config/cells.ts'
import { unsetRate } from '../config/rate-steps.ts'
import { servicesOfTrial, taskOf } from '../config/services.ts'
import type { LoadedConfig, ScenarioConfig } from '../config.ts'
import type { Engine, ScenarioFacts } from '../engine/port.ts'
import { UserError } from '../errors.ts'
import { assertEnoughDescriptors } from '../limits.ts'
import { fillInEnv, valuesToCome } from '../placeholders.ts'
import { primaryOf } from './primary.ts'
import { planSlices, type SlicePlan } from './slices.ts'

/** Engines by name. */
export type Engines = Readonly<Record<string, Engine>>

/** A scenario whose script has been read and found to be right. */
export interface PreparedScenario {
  engine: Engine
  /** Absolute path. */
  script: string
  /** With placeholders. */
  env: Record<string, string>
  options: Record<string, unknown>
  targetEnv: Record<string, string>
  targetCores: number
  warmup: { script: string; env: Record<string, string> } | null
  primary: string
  description: string
  facts: ScenarioFacts
  /** What is compared under it is run in slices, so many for each; null: in whole trials. */
  slices: SlicePlan | null
}

interface Mode {
  /** How long loads are: as the config says, or with what changes for a quick look, or for pairs. */
  length: 'full' | 'quick' | 'pairs'
  stateDir: string
}

/** Seconds that a trial takes beside its loads: boot, drain, stop; of a task its own process starts, and nothing else. */
const overheadS = { target: 3, task: 1 }

/** From the end of a slice to the beginning of the next: drain, looks, and notice. */
const betweenSlicesS = 0.02

/** Seconds that a trial of the scenario is expected to take. */
export const plannedSeconds = ({
  facts,
  engine,
  slices,
}: Pick<PreparedScenario, 'facts' | 'engine' | 'slices'>): number =>
  (facts.warmupS ?? 0) +
  facts.durationS +
  (slices?.each ?? 0) * betweenSlicesS +
  (engine.needsTarget === false ? overheadS.task : overheadS.target)

/** Reads every script that will run, so that nothing starts when one of them is wrong. */
export async function prepareScenarios(
  config: LoadedConfig,
  cells: readonly Cell[],
  mode: Mode,
  engines: Engines,
  signal: AbortSignal,
): Promise<Map<string, PreparedScenario>> {
  const prepared = new Map<string, PreparedScenario>()
  for (let first = 0; first < cells.length; first += readAtOnce) {
    const some = cells.slice(first, first + readAtOnce)
    const read = await Promise.all(some.map((cell) => prepareScenario(config, cell, mode, engines, signal)))
    for (const [at, { scenario }] of some.entries()) prepared.set(scenario, read[at]!)
  }
  for (const [name, { facts }] of prepared)
    assertEnoughDescriptors(facts.maxVUs, `the ${facts.maxVUs} sessions of scenario "${name}"`)
  return prepared
}

/** Each is read by a process of its own: a campaign of many scenarios must not start that many at the same moment. */
const readAtOnce = 4

async function prepareScenario(
  config: LoadedConfig,
  cell: Cell,
  { length, stateDir }: Mode,
  engines: Engines,
  signal: AbortSignal,
): Promise<PreparedScenario> {
  const scenario = config.scenarios[cell.scenario]!
  const plan = planOf(config, cell.scenario, scenario, length)
  const { script, options, warmup } = plan
  const filled = (env: Record<string, string>) => fillInEnv(env, valuesOf(config, cell, stateDir), cell.scenario)
  const engine = engineOf(scenario, engines)
  const tasks = tasksOf(config, cell, engine)
  const job = {
    script,
    env: filled(plan.env),
    options,
    cpus: null,
    ...(tasks ? { tasks } : {}),
    ...(warmup ? { warmup: { script: warmup.script, env: filled(warmup.env), options: {} } } : {}),
  }
  const facts = await engine.inspect(job, signal).catch((error: unknown) => {
    throw withUnsetRate(error, unsetRate(config, cell.scenario, plan.env), cell.scenario)
  })
  const primary = primaryOf(config, cell.scenario, scenario, facts)
  const slices = planSlices(config, cell, engine, facts, length === 'pairs')
  const description = length === 'full' ? scenario.description : facts.descriptions.join('; ')
  return { ...plan, engine, primary, description, facts, slices }
}

/** A script that lacks its rate names what is in it, which is not what was asked for. @param unset null: it lacks nothing */
const withUnsetRate = (error: unknown, unset: string | null, scenario: string): unknown =>
  error instanceof UserError && unset !== null
    ? new UserError(`scenario "${scenario}": ${unset}. As it is: ${error.message}`, error.exitCode, { cause: error })
    : error

/** k6 scripts are what all scenarios are that say nothing else. */
const usualEngine = 'sessions'

function engineOf({ engine = usualEngine }: ScenarioConfig, engines: Engines): Engine {
  const found = engines[engine]
  if (found) return found
  throw new UserError(`there is no engine "${engine}". There is: ${Object.keys(engines).join(', ')}`)
}

/** What the variants of a cell stand for where the engine runs suites; null: it needs a target. @throws UserError */
function tasksOf(config: LoadedConfig, { scenario, variants }: Cell, { name, needsTarget }: Engine): string[] | null {
  const isSuite = config.scenarios[scenario]!.tasks !== undefined
  const where = `${config.file}: scenario "${scenario}"`
  if (needsTarget === false && !isSuite)
    throw new UserError(
      `${where}: the engine "${name}" measures tasks. Write scenarios.${scenario}.tasks: { VARIANT: 'TASK' }`,
    )
  if (needsTarget !== false && isSuite)
    throw new UserError(`${where}: the engine "${name}" has no tasks: leave out scenarios.${scenario}.tasks`)
  return isSuite ? variants.map((variant) => taskOf(config, scenario, variant)!) : null
}

/** What the config says of a scenario, as it is to run. */
function planOf(
  config: LoadedConfig,
  name: string,
  scenario: ScenarioConfig,
  length: Mode['length'],
): Omit<PreparedScenario, 'engine' | 'primary' | 'description' | 'facts' | 'slices'> {
  const { warmup } = config
  const changes = length === 'full' ? undefined : scenario[length]
  return {
    script: scriptPath(config, scenario.script, `scenarios.${name}`),
    env: { ...scenario.env, ...changes?.env },
    options: { ...scenario.options, ...changes?.options },
    targetEnv: scenario.target?.env ?? {},
    targetCores: scenario.target?.cores ?? 1,
    warmup:
      warmup && scenario.warmup && scenario.tasks === undefined
        ? {
            script: scriptPath(config, warmup.script, 'warmup'),
            env: { ...warmup.env, ...(length === 'quick' ? warmup.quick?.env : {}) },
          }
        : null,
  }
}

/** The ports of services that any trial of the cell starts. */
function valuesOf(config: LoadedConfig, { scenario, variants }: Cell, stateDir: string): Record<string, string> {
  const names = new Set(variants.flatMap((variant) => servicesOfTrial(config, scenario, variant)))
  const started = Object.entries(config.services).filter(([name]) => names.has(name))
  return valuesToCome(Object.fromEntries(started), stateDir)
}

function scriptPath(config: LoadedConfig, script: string, where: string): string {
  const path = resolve(config.dir, script)
  if (!existsSync(path))
    throw new UserError(`${config.file}: ${where}: the script "${script}" does not exist (looked for ${path})`)
  return path
}
