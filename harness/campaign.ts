import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { gitOfCheckouts } from './campaign/checkouts.ts'
import { planComparison } from './campaign/comparison.ts'
import type { Course } from './campaign/course.ts'
import { assertSamePlan, digestOf } from './campaign/digest.ts'
import { FillingCourse } from './campaign/filling-course.ts'
import { headerScenario, makeHeader } from './campaign/header.ts'
import { type Feasible, feasibleCells, needInWords, thisMachine } from './campaign/needs.ts'
import { PairCourse } from './campaign/pair-course.ts'
import { type Engines, type PreparedScenario, plannedSeconds, prepareScenarios } from './campaign/prepare.ts'
import type { CampaignRequest } from './campaign/request.ts'
import { doneTrials, takeUp } from './campaign/resume.ts'
import { SaturationCourse } from './campaign/saturation-course.ts'
import type { SlicePlan } from './campaign/slices.ts'
import { stepsOf } from './campaign/steps.ts'
import { monotonicNow } from './clock.ts'
import { stepOf, withRate } from './config/saturation.ts'
import { servicesOfTrial, taskOf } from './config/services.ts'
import type { LoadedConfig } from './config.ts'
import type { LoadProgress } from './engine/port.ts'
import { UserError } from './errors.ts'
import { readEnvironment } from './record/environment.ts'
import type { Pinning, Run, RunHeader, TrialRecord } from './record/schema.ts'
import { createRun, type StoredRun, updateHeader, writeRecord } from './record/store.ts'
import { type PlannedTrial, planPairs, planTrials, planTurns } from './schedule.ts'
import { whyNotCounted } from './target/instructions.ts'
import { type CpuFacts, decidePinning, decideTaskPinning, readCpuFacts, stayOff } from './target/pinning.ts'
import { runSlicedPair, type Turns } from './trial/sliced-pair.ts'
import { runTrial, type TrialPlan, type TrialSetting } from './trial.ts'

export type { CampaignRequest, ComparisonRequest } from './campaign/request.ts'

/** What a campaign is going to do, told before the first trial. */
export interface CampaignPlan {
  /** Of a comparison all that there may be: it ends when it has its answer. */
  trials: readonly PlannedTrial[]
  /** So many of them, from the first on, are certain: the others run only in place of what cannot be used. */
  certain: number
  /** Numbers (1-based) of trials whose record is there already, since the run is resumed. */
  done: ReadonlySet<number>
  secondsEach(trial: PlannedTrial): number
}

/** What a command hears while a campaign runs. */
export interface CampaignEvents {
  /** Nothing has started yet. Who throws here refuses the run. */
  planned(run: StoredRun, plan: CampaignPlan): Promise<void> | void
  trialStarted(trial: PlannedTrial, number: number): void
  stage(text: string): void
  progress(progress: LoadProgress): void
  trialEnded(record: TrialRecord): void
  /** A block is in; of a comparison a pair. */
  blockEnded(run: Run, block: number): Promise<void>
}

/**
 * The story of a campaign, or of a comparison: check everything, plan, run the trials one after another, write each record
 * at once. What is interrupted keeps what is finished, and can be resumed: it then goes on where it was cut off.
 * @returns the run as it stands at the end; its header says whether it was interrupted
 * @throws UserError before anything starts, for whatever is wrong with the request; of a comparison also after its first
 *   pair, where the target does not give what is asked about
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
  assertFeasible(request, feasible)
  const mode = { length: lengthOf(request), stateDir }
  const scenarios = await prepareScenarios(config, feasible.cells, mode, engines, signal)
  const notCounted = (await whyNotCounted())?.unavailable ?? null
  const stored = await openRun(config, request, feasible, scenarios, notCounted === null)
  const { id } = stored.header
  const records = [...(request.resume?.records ?? [])]
  const soFar = (): Run => ({ header: stored.header, records })
  const done = doneTrials({ records })
  const course = await orOver(stored, () => courseOf(request, feasible, scenarios, soFar))
  const { trials, certain = trials.length } = course
  const setting = await makeSetting(config, stored, stateDir, notCounted)
  const secondsEach = ({ scenario }: PlannedTrial) => plannedSeconds(scenarios.get(scenario)!)
  // Read before anything is pinned: afterwards this process would see only what is left to it.
  const cpus = readCpuFacts()
  const looking = request.profile ? { profiler: request.profile.profiler } : {}
  let isCut = true
  try {
    await events.planned(stored, { trials, certain, done, secondsEach })
    for (const step of stepsOf(trials, scenarios)) {
      const { trial, number } = step[0]!
      if (signal.aborted) break
      if (done.has(number) || !course.asksFor(trial)) continue
      const open = course.settled?.(trial)
      const tried = open ? await rateStep(config, request, open.rate, trial, stored, { mode, engines, signal }) : null
      const name = tried?.name ?? trial.scenario
      events.trialStarted({ ...trial, scenario: name }, number)
      const scenario = tried?.scenario ?? scenarios.get(name)!
      const plans = step.map((each) =>
        planOf({ ...each.trial, scenario: name }, each.number, id, scenario, tried?.config ?? config),
      )
      const pinning = pinningOf(scenario, cpus)
      await stayOff(pinning)
      const own = {
        ...setting,
        ...(tried ? { config: tried.config } : {}),
        engine: scenario.engine,
        pinning,
        ...looking,
      }
      const written = scenario.slices
        ? await runSlicedPair(plans, turnsOf(scenario.slices, trial, stored.header), own, events, signal)
        : [await runTrial(plans[0]!, own, events, signal)]
      for (const [index, record] of written.entries()) {
        if (index > 0) events.trialStarted(step[index]!.trial, step[index]!.number)
        await writeRecord(stored, record)
        records.push(record)
        events.trialEnded(record)
      }
      if (isFollowedBy(trial, trials[step.at(-1)!.number], request)) continue
      await updateHeader(stored, await orOver(stored, () => course.heard(soFar())))
      await events.blockEnded(soFar(), trial.block)
    }
    isCut = signal.aborted
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    await rm(setting.scratchDir, { recursive: true, force: true })
    if (stored.header.status === 'running')
      await updateHeader(stored, {
        finishedAt: new Date().toISOString(),
        status: isCut ? 'interrupted' : 'finished',
        ...course.atEnd(isCut),
      })
  }
  return { run: soFar(), dir: stored.dir }
}

/** What the statistics refuse once they refuse for ever, since a run keeps its plan: it is over, and nothing goes on with it. */
async function orOver<T>(stored: StoredRun, judge: () => T): Promise<T> {
  try {
    return judge()
  } catch (error) {
    const { comparison } = stored.header
    if (error instanceof UserError)
      await updateHeader(stored, {
        finishedAt: new Date().toISOString(),
        status: 'finished',
        ...(comparison ? { comparison: { ...comparison, ended: 'unusable' } } : {}),
      })
    throw error
  }
}

const pinningOf = ({ engine, facts, targetCores }: PreparedScenario, cpus: CpuFacts): Pinning =>
  engine.needsTarget === false ? decideTaskPinning(cpus, facts.threads ?? 1) : decidePinning(cpus, targetCores)

/** Of a campaign something must be left where needs are missing; a comparison needs all that it was asked for. */
function assertFeasible({ name, comparison }: CampaignRequest, { cells, missing }: Feasible): void {
  const why = missing.map(needInWords).join('. ')
  if (comparison && missing.length > 0) throw new UserError(`"${name}" cannot be compared here. ${why}`)
  if (cells.length === 0) throw new UserError(`campaign "${name}" has no trial that can run here. ${why}`)
}

const lengthOf = ({ comparison, quick }: CampaignRequest): 'full' | 'quick' | 'pairs' =>
  comparison ? 'pairs' : quick ? 'quick' : 'full'

/** Whether the next trial belongs to the same block, or pair of a comparison. */
const isFollowedBy = (trial: PlannedTrial, next: PlannedTrial | undefined, { comparison }: CampaignRequest): boolean =>
  trial.block === next?.block && (!comparison || trial.scenario === next.scenario)

/** Every pair has turns of its own; all of them follow from the seed of the run. */
const turnsOf = (
  { lengthMs, each }: SlicePlan,
  { pair, scenario }: PlannedTrial,
  { seed, scenarios }: RunHeader,
): Turns => ({
  lengthMs,
  order: planTurns(each, seed + pair * scenarios.length + scenarios.findIndex(({ name }) => name === scenario)),
})

function courseOf(
  { comparison, campaign, quick, lacking = () => new Map(), nextRate = () => null }: CampaignRequest,
  { cells }: Feasible,
  scenarios: ReadonlyMap<string, PreparedScenario>,
  soFar: () => Run,
): Course {
  const { header } = soFar()
  if (campaign.saturation) {
    const swept = cells.filter(({ scenario }) => stepOf(campaign, scenario)?.kind === 'connections')
    return new SaturationCourse({ sweep: planTrials({ ...header, cells: swept }), nextRate, soFar })
  }
  if (!comparison || !header.comparison) {
    const blocks = header.blocks + (quick ? 0 : campaign.moreBlocks)
    return new FillingCourse(planTrials({ ...header, blocks, cells }), soFar, lacking)
  }
  const setting = {
    ...comparison,
    plan: header.comparison,
    trials: planPairs({ ...header, ...comparison, pairs: header.blocks, scenarios: [...scenarios.keys()] }),
    expectedS: (scenario: string) => 2 * plannedSeconds(scenarios.get(scenario)!),
    now: monotonicNow,
  }
  return new PairCourse(setting, soFar())
}

/** How scenarios are prepared. */
interface Preparation {
  mode: Parameters<typeof prepareScenarios>[2]
  engines: Engines
  signal: AbortSignal
}

/** The step of a search at this rate, as a scenario of its own: read as any other, and named in the header before it runs. */
async function rateStep(
  config: LoadedConfig,
  { campaign }: CampaignRequest,
  rate: number,
  { variant }: PlannedTrial,
  stored: StoredRun,
  { mode, engines, signal }: Preparation,
): Promise<{ name: string; scenario: PreparedScenario; config: LoadedConfig }> {
  const { name, scenarios } = withRate(config.scenarios, campaign, rate)
  const own = { ...config, scenarios }
  const cell = { scenario: name, variants: [variant] }
  const scenario = (await prepareScenarios(own, [cell], mode, engines, signal)).get(name)!
  const known = stored.header.scenarios
  if (!known.some((each) => each.name === name))
    await updateHeader(stored, { scenarios: [...known, headerScenario(config, campaign, name, scenario)] })
  return { name, scenario, config: own }
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
  const roundS = 2 * [...scenarios.values()].reduce((sum, scenario) => sum + plannedSeconds(scenario), 0)
  const comparison = request.comparison
    ? planComparison(request.comparison, scenarios, roundS, instructionsCounted)
    : null
  const blocks = blocksOf(request)
  const checkouts = await gitOfCheckouts(config, request.campaign.variants, environment.git)
  const facts = { request, blocks, feasible, scenarios, environment, plan, comparison, checkouts }
  const header: RunHeader = makeHeader(config, facts)
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
    task: taskOf(config, scenario, variant) ?? null,
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
