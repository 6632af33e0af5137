import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { assertSamePlan, digestOf } from './campaign/digest.ts'
import { makeHeader } from './campaign/header.ts'
import { type Feasible, feasibleCells, needInWords, thisMachine } from './campaign/needs.ts'
import { type Engines, type PreparedScenario, prepareScenarios } from './campaign/prepare.ts'
import type { CampaignRequest } from './campaign/request.ts'
import { doneTrials, takeUp } from './campaign/resume.ts'
import { servicesOfTrial } from './config/services.ts'
import type { LoadedConfig } from './config.ts'
import type { LoadProgress } from './engine/port.ts'
import { UserError } from './errors.ts'
import { readEnvironment } from './record/environment.ts'
import type { Run, RunHeader, TrialRecord } from './record/schema.ts'
import { createRun, type StoredRun, updateHeader, writeRecord } from './record/store.ts'
import { type PlannedTrial, planTrials } from './schedule.ts'
import { whyNotCounted } from './target/instructions.ts'
import { decidePinning, readCpuFacts, stayOff } from './target/pinning.ts'
import { runTrial, type TrialPlan, type TrialSetting } from './trial.ts'

export type { CampaignRequest } from './campaign/request.ts'

/** What a campaign is going to do, told before the first trial. */
export interface CampaignPlan {
  trials: PlannedTrial[]
  /** Numbers (1-based) of trials whose record is there already, since the run is resumed. */
  done: ReadonlySet<number>
  secondsEach(trial: PlannedTrial): number
}

/** What a command hears while a campaign runs. */
export interface CampaignEvents {
  planned(run: StoredRun, plan: CampaignPlan): void
  trialStarted(trial: PlannedTrial, number: number): void
  stage(text: string): void
  progress(progress: LoadProgress): void
  trialEnded(record: TrialRecord): void
  blockEnded(run: Run, block: number): Promise<void>
}

/** Seconds that a trial takes beside its load: boot, warm-up, drain, stop. */
const overheadS = 5

/**
 * The story of a campaign: check everything, plan, run the trials one after another, write each record at once.
 * An interrupted campaign keeps what is finished, and can be resumed: it then goes on where it was cut off.
 * @returns the run as it stands at the end; its header says whether it was interrupted
 * @throws UserError before anything starts, for whatever is wrong with the request
 */
export async function runCampaign(
  config: LoadedConfig,
  request: CampaignRequest,
  engines: Engines,
  events: CampaignEvents,
  signal: AbortSignal,
): Promise<{ run: Run; dir: string }> {
  const stateDir = join(config.dir, '.weir')
  const feasible = feasibleCells(config, request.campaign, thisMachine(Object.keys(engines)))
  assertSomethingLeft(request, feasible)
  const mode = { quick: request.quick, stateDir }
  const scenarios = await prepareScenarios(config, feasible.cells, mode, engines, signal)
  const notCounted = (await whyNotCounted())?.unavailable ?? null
  const stored = await openRun(config, request, feasible, scenarios, notCounted === null)
  const { header } = stored
  const trials = planTrials({ ...header, cells: feasible.cells })
  const records = [...(request.resume?.records ?? [])]
  const done = doneTrials({ records })
  const setting = await makeSetting(config, stored, stateDir, notCounted)
  events.planned(stored, {
    trials,
    done,
    secondsEach: ({ scenario }) => scenarios.get(scenario)!.facts.durationS + overheadS,
  })
  // Read before anything is pinned: afterwards this process would see only what is left to it.
  const cpus = readCpuFacts()
  try {
    for (const [index, trial] of trials.entries()) {
      if (signal.aborted) break
      if (done.has(index + 1)) continue
      events.trialStarted(trial, index + 1)
      const scenario = scenarios.get(trial.scenario)!
      const plan = planOf(trial, index + 1, header.id, scenario, config)
      const pinning = decidePinning(cpus, scenario.targetCores)
      await stayOff(pinning)
      const record = await runTrial(plan, { ...setting, engine: scenario.engine, pinning }, events, signal)
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

function assertSomethingLeft({ name }: CampaignRequest, { cells, missing }: Feasible): void {
  if (cells.length > 0) return
  throw new UserError(`campaign "${name}" has no trial that can run here. ${missing.map(needInWords).join('. ')}`)
}

/** A new run, or the one to go on with. */
async function openRun(
  config: LoadedConfig,
  request: CampaignRequest,
  feasible: Feasible,
  scenarios: ReadonlyMap<string, PreparedScenario>,
  instructionsCounted: boolean,
): Promise<StoredRun> {
  const plan = await digestOf(config, request, feasible, scenarios)
  const environment = await readEnvironment(config.dir, instructionsCounted)
  const { resume } = request
  if (resume) {
    assertSamePlan(resume.header, plan, environment)
    return await takeUp(resume)
  }
  const blocks = blocksOf(request)
  const header: RunHeader = makeHeader(config, { request, blocks, feasible, scenarios, environment, plan })
  return await createRun(header, join(config.dir, '.weir', 'runs'))
}

const blocksOf = ({ campaign, quick }: CampaignRequest): number => (quick ? campaign.quick.blocks : campaign.blocks)

async function makeSetting(
  config: LoadedConfig,
  { dir: runDir, header }: StoredRun,
  stateDir: string,
  notCounted: string | null,
): Promise<Omit<TrialSetting, 'engine' | 'pinning'>> {
  const scratchDir = join(runDir, 'scratch')
  // What a run that was killed left there is of no trial any more.
  await rm(scratchDir, { recursive: true, force: true })
  await mkdir(scratchDir, { recursive: true })
  return {
    config,
    logsDir: join(runDir, 'logs'),
    stateDir,
    scratchDir,
    notCounted,
    machine: header.environment.fingerprint,
  }
}

function planOf(
  { block, pair, side, position, variant, scenario }: PlannedTrial,
  number: number,
  run: string,
  prepared: PreparedScenario,
  config: LoadedConfig,
): TrialPlan {
  const { primary, facts, script, env, options, targetEnv, warmup } = prepared
  return {
    run,
    trial: number,
    key: { block, pair, side, position },
    variant,
    scenario,
    primary,
    facts,
    script,
    env,
    options,
    targetEnv,
    services: servicesOfTrial(config, scenario, variant),
    warmup,
  }
}
