import { existsSync } from 'node:fs'
import { dirname, isAbsolute, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { cellsOf } from './config/cells.ts'
import { describeIssue } from './config/issues.ts'
import { assertNames } from './config/names.ts'
import { withAllSteps } from './config/saturation-steps.ts'
import {
  type Config,
  type ConfigInput,
  isLaunched,
  isTaskOnly,
  type LaunchedVariant,
  schema,
  type VariantConfig,
} from './config/schema.ts'
import { servicesOfTrial, takesEnvironment, taskOf } from './config/services.ts'
import { readVariantName } from './config/variant-names.ts'
import { messageOf, UserError } from './errors.ts'
import { assertPlaceholders, assertTrialPlaceholders } from './placeholders.ts'

export { assertSides } from './config/gate-names.ts'
export { assertKnown } from './config/names.ts'
export { assertScenario, writtenScenarios } from './config/scenario-names.ts'
export type {
  CampaignConfig,
  Config,
  ConfigInput,
  GateConfig,
  LaunchedVariant,
  NeedConfig,
  ReachedVariant,
  ScenarioConfig,
  ServiceConfig,
  VariantConfig,
} from './config/schema.ts'
export { isLaunched, isTaskOnly } from './config/schema.ts'
export { readVariantName } from './config/variant-names.ts'

/** A config that has been read and checked, with where it stands: relative paths in it are relative to `dir`. */
export interface LoadedConfig extends Config {
  dir: string
  file: string
}

/** Types a config; what `weir.config.ts` exports by default. */
export const defineConfig = (config: ConfigInput): ConfigInput => config

/**
 * Reads and checks a config file.
 * @throws UserError that names the key and what was expected
 */
export async function loadConfig(path = 'weir.config.ts', cwd = process.cwd()): Promise<LoadedConfig> {
  const file = isAbsolute(path) ? path : resolve(cwd, path)
  if (!existsSync(file)) {
    throw new UserError(
      `no config at ${file}. Write a weir.config.ts with \`export default defineConfig({ ... })\`, or name one with --config`,
    )
  }
  const module = await importConfig(file)
  if (module.default === undefined)
    throw new UserError(`${file} has no default export. Expected: export default defineConfig({ ... })`)
  return { ...checkConfig(module.default, file), dir: dirname(file), file }
}

async function importConfig(file: string): Promise<{ default?: unknown }> {
  try {
    return (await import(pathToFileURL(file).href)) as { default?: unknown }
  } catch (error) {
    if (error instanceof UserError) throw error
    throw new UserError(`${file} could not be loaded: ${messageOf(error)}`)
  }
}

/** @throws UserError; @param file for messages */
export function checkConfig(input: unknown, file: string): Config {
  const parsed = schema.safeParse(input, { reportInput: true })
  if (!parsed.success) throw new UserError(parsed.error.issues.map((issue) => describeIssue(issue, file)).join('\n'))
  const config = withAllSteps(parsed.data, file)
  assertPlaceholders(Object.fromEntries(Object.entries(config.variants).filter(isEntryLaunched)), config.services)
  assertNames(config, file)
  for (const [name, campaign] of Object.entries(config.campaigns))
    for (const { scenario, variants } of cellsOf(campaign))
      for (const variant of variants) assertTrial(config, scenario, variant, `${file}: campaigns.${name}`)
  for (const [name, { base, head, scenarios }] of Object.entries(config.gates))
    for (const scenario of Object.keys(scenarios))
      for (const written of [base, head])
        assertTrial(config, scenario, readVariantName(written, config.variants).name, `${file}: gates.${name}`)
  return config
}

const isEntryLaunched = (entry: [string, VariantConfig]): entry is [string, LaunchedVariant] => isLaunched(entry[1])

/**
 * Whether a trial can be started as it is written.
 * @param where what the message begins with @throws UserError that says what is in the way
 */
export function assertTrial(config: Config, scenario: string, variant: string, where: string): void {
  const { env, quick, pairs, target, tasks } = config.scenarios[scenario]!
  const started = servicesOfTrial(config, scenario, variant)
  const server = config.variants[variant]!
  assertTask(config, scenario, variant, where)
  if (!takesEnvironment(config, scenario, variant))
    throw new UserError(
      `${where}: scenario "${scenario}" sets target.env, and variant "${variant}" is reached by its URL: weir cannot set its environment`,
    )
  assertTrialPlaceholders({
    services: Object.fromEntries(started.map((name) => [name, config.services[name]!])),
    scenario: { name: scenario, env: { ...env, ...quick?.env, ...pairs?.env }, targetEnv: target?.env ?? {} },
    variant: isLaunched(server) && tasks === undefined ? { ...server, name: variant } : null,
  })
}

/** Suites measure tasks, other scenarios servers: a variant must be what its scenario can measure. @throws UserError */
function assertTask(config: Config, scenario: string, variant: string, where: string): void {
  const { tasks, target } = config.scenarios[scenario]!
  if (tasks === undefined && isTaskOnly(config.variants[variant]!))
    throw new UserError(
      `${where}: variant "${variant}" is only a task, and scenario "${scenario}" needs a server: it runs under scenarios that have "tasks"`,
    )
  if (tasks !== undefined && taskOf(config, scenario, variant) === undefined)
    throw new UserError(
      `${where}: scenario "${scenario}" has no task for variant "${variant}". Write scenarios.${scenario}.tasks: { '${variant}': 'TASK' }`,
    )
  if (tasks !== undefined && target !== undefined)
    throw new UserError(
      `${where}: scenario "${scenario}" is a suite of tasks and starts no target: leave out its "target"`,
    )
}
