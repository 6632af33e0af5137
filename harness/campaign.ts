import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { CampaignConfig, LoadedConfig } from './config.ts'
import type { Engine, LoadProgress, ScenarioFacts } from './engine/port.ts'
import { UserError } from './errors.ts'
import { assertEnoughDescriptors } from './limits.ts'
import { parseSelector } from './metrics/selector.ts'
import { readEnvironment } from './record/environment.ts'
import { type Run, type RunHeader, runSchema, type TrialRecord } from './record/schema.ts'
import { createRun, type StoredRun, safeName, updateHeader, writeRecord } from './record/store.ts'
import { type PlannedTrial, planTrials } from './schedule.ts'
import { whyNotCounted } from './target/instructions.ts'
import { pinning, stayOff } from './target/pinning.ts'
import { runTrial, type TrialPlan, type TrialSetting } from './trial.ts'

/** What the command line decides of a campaign. */
export interface CampaignRequest {
  name: string
  campaign: CampaignConfig
  quick: boolean
  seed: number
}

/** What a command hears while a campaign runs. */
export interface CampaignEvents {
  planned(run: StoredRun, trials: PlannedTrial[], secondsEach: (trial: PlannedTrial) => number): void
  trialStarted(trial: PlannedTrial, number: number): void
  stage(text: string): void
  progress(progress: LoadProgress): void
  trialEnded(record: TrialRecord): void
  blockEnded(run: Run, block: number): Promise<void>
}

interface PreparedScenario {
  script: string
  env: Record<string, string>
  options: Record<string, unknown>
  primary: string
  description: string
  facts: ScenarioFacts
}

/** Seconds that a trial takes beside its load: boot, warm-up, drain, stop. */
const overheadS = 5

/**
 * The story of a campaign: check everything, plan, run the trials one after another, write each record at once.
 * An interrupted campaign keeps what is finished.
 * @returns the run as it stands at the end; its header says whether it was interrupted
 * @throws UserError before anything starts, for whatever is wrong with the request
 */
export async function runCampaign(
  config: LoadedConfig,
  request: CampaignRequest,
  engine: Engine,
  events: CampaignEvents,
  signal: AbortSignal,
): Promise<{ run: Run; dir: string }> {
  const scenarios = await prepareScenarios(config, request, engine, signal)
  const trials = planTrials({ ...request.campaign, blocks: blocksOf(request), seed: request.seed })
  const stateDir = join(config.dir, '.weir')
  const notCounted = (await whyNotCounted())?.unavailable ?? null
  const header = await makeHeader(config, request, scenarios, notCounted === null)
  const stored = await createRun(header, join(stateDir, 'runs'))
  const records: TrialRecord[] = []
  const setting = await makeSetting(config, engine, stored.dir, stateDir, notCounted)
  events.planned(stored, trials, ({ scenario }) => scenarios.get(scenario)!.facts.durationS + overheadS)
  await stayOff(setting.pinning)
  try {
    for (const [index, trial] of trials.entries()) {
      if (signal.aborted) break
      events.trialStarted(trial, index + 1)
      const plan = planOf(trial, index + 1, header.id, scenarios.get(trial.scenario)!, config, request.quick)
      const record = await runTrial(plan, setting, events, signal)
      await writeRecord(stored, record)
      records.push(record)
      events.trialEnded(record)
      if (trials[index + 1]?.block !== trial.block)
        await events.blockEnded({ header: stored.header, records }, trial.block)
    }
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    await rm(setting.scratchDir, { recursive: true, force: true })
    await updateHeader(stored, {
      finishedAt: new Date().toISOString(),
      status: signal.aborted ? 'interrupted' : 'finished',
    })
  }
  return { run: { header: stored.header, records }, dir: stored.dir }
}

const blocksOf = ({ campaign, quick }: CampaignRequest): number => (quick ? campaign.quick.blocks : campaign.blocks)

/** Reads every script that will run, so that nothing starts when one of them is wrong. */
async function prepareScenarios(
  config: LoadedConfig,
  request: CampaignRequest,
  engine: Engine,
  signal: AbortSignal,
): Promise<Map<string, PreparedScenario>> {
  const prepared = await Promise.all(
    request.campaign.scenarios.map(
      async (name): Promise<[string, PreparedScenario]> => [
        name,
        await prepareScenario(config, name, request, engine, signal),
      ],
    ),
  )
  for (const [name, { facts }] of prepared)
    assertEnoughDescriptors(facts.maxVUs, `the ${facts.maxVUs} sessions of scenario "${name}"`)
  return new Map(prepared)
}

async function prepareScenario(
  config: LoadedConfig,
  name: string,
  { quick }: CampaignRequest,
  engine: Engine,
  signal: AbortSignal,
): Promise<PreparedScenario> {
  const scenario = config.scenarios[name]!
  const script = scriptPath(config, scenario.script, `scenarios.${name}`)
  const env = { ...scenario.env, ...(quick ? scenario.quick?.env : {}) }
  const options = { ...scenario.options, ...(quick ? scenario.quick?.options : {}) }
  const warmup = warmUpOf(config, quick)
  const job = {
    script,
    env,
    options,
    cpus: null,
    ...(warmup ? { warmup: { ...warmup, options: {} } } : {}),
  }
  const facts = await engine.inspect(job, signal)
  const primary = scenario.primary ?? facts.notes.primary
  if (primary === null) {
    throw new UserError(
      `scenario "${name}" names no primary metric. Write options.ext.weir.primary in ${scenario.script}, or scenarios.${name}.primary in ${config.file}, such as "http_req_duration p(50)"`,
    )
  }
  parseSelector(primary)
  return {
    script,
    env,
    options,
    primary,
    description: quick ? facts.descriptions.join('; ') : scenario.description,
    facts,
  }
}

function scriptPath(config: LoadedConfig, script: string, where: string): string {
  const path = resolve(config.dir, script)
  if (!existsSync(path))
    throw new UserError(`${config.file}: ${where}: the script "${script}" does not exist (looked for ${path})`)
  return path
}

function warmUpOf(config: LoadedConfig, quick: boolean): { script: string; env: Record<string, string> } | null {
  const { warmup } = config
  if (!warmup) return null
  return {
    script: scriptPath(config, warmup.script, 'warmup'),
    env: { ...warmup.env, ...(quick ? warmup.quick?.env : {}) },
  }
}

async function makeHeader(
  config: LoadedConfig,
  request: CampaignRequest,
  scenarios: Map<string, PreparedScenario>,
  instructionsCounted: boolean,
): Promise<RunHeader> {
  const startedAt = new Date()
  return {
    schema: runSchema,
    id: `${startedAt.toISOString().slice(0, 23).replace(/[:.]/g, '-')}-${safeName(request.name)}${request.quick ? '-quick' : ''}`,
    campaign: request.name,
    question: request.campaign.question,
    startedAt: startedAt.toISOString(),
    finishedAt: null,
    status: 'running',
    seed: request.seed,
    quick: request.quick,
    blocks: blocksOf(request),
    baseline: request.campaign.baseline,
    variants: request.campaign.variants.map((name) => ({ name, description: config.variants[name]!.description })),
    scenarios: [...scenarios].map(([name, { script, primary, description }]) => ({
      name,
      script: script.startsWith(`${config.dir}/`) ? script.slice(config.dir.length + 1) : script,
      primary,
      description,
    })),
    environment: await readEnvironment(config.dir, instructionsCounted),
    warnings: [],
  }
}

async function makeSetting(
  config: LoadedConfig,
  engine: Engine,
  runDir: string,
  stateDir: string,
  notCounted: string | null,
): Promise<TrialSetting> {
  const scratchDir = join(runDir, 'scratch')
  await mkdir(scratchDir, { recursive: true })
  return {
    config,
    engine,
    pinning: pinning(),
    logsDir: join(runDir, 'logs'),
    stateDir,
    scratchDir,
    notCounted,
  }
}

function planOf(
  trial: PlannedTrial,
  number: number,
  run: string,
  scenario: PreparedScenario,
  config: LoadedConfig,
  quick: boolean,
): TrialPlan {
  const { block, pair, side, position, variant } = trial
  return {
    run,
    trial: number,
    key: { block, pair, side, position },
    variant,
    scenario: trial.scenario,
    primary: scenario.primary,
    facts: scenario.facts,
    script: scenario.script,
    env: scenario.env,
    options: scenario.options,
    warmup: warmUpOf(config, quick),
  }
}
