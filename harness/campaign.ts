import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { courseOf } from './campaign/choose-course.ts'
import type { CampaignEvents } from './campaign/events.ts'
import { type Feasible, feasibleCells, needInWords, thisMachine } from './campaign/needs.ts'
import { makeSetting, openRun } from './campaign/open-run.ts'
import { type Engines, plannedSeconds, prepareScenarios } from './campaign/prepare.ts'
import type { CampaignRequest } from './campaign/request.ts'
import { doneTrials, withoutHalfSteps } from './campaign/resume.ts'
import { runStep, type StepSetting } from './campaign/run-step.ts'
import { stepsOf } from './campaign/steps.ts'
import { withLowestRate } from './config/rate-steps.ts'
import type { LoadedConfig } from './config.ts'
import { UserError } from './errors.ts'
import type { Run } from './record/schema.ts'
import { leaveBehind, type StoredRun, updateHeader, writeRecord } from './record/store.ts'
import type { PlannedTrial } from './schedule.ts'
import { whyNotCounted } from './target/instructions.ts'
import { readCpuFacts } from './target/pinning.ts'

export type { CampaignEvents, CampaignPlan } from './campaign/events.ts'
export type { CampaignRequest, ComparisonRequest } from './campaign/request.ts'

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
  const toRead = { ...config, scenarios: withLowestRate(config.scenarios, request.campaign) }
  const scenarios = await prepareScenarios(toRead, feasible.cells, mode, engines, signal)
  const notCounted = (await whyNotCounted())?.unavailable ?? null
  const stored = await openRun(config, request, feasible, scenarios, notCounted === null)
  let records = [...(request.resume?.records ?? [])]
  const soFar = (): Run => ({ header: stored.header, records })
  const course = await orOver(stored, () => courseOf(request, feasible, scenarios, soFar))
  const { trials, certain = trials.length } = course
  const steps = stepsOf(trials, scenarios)
  records = withoutHalfSteps(records, steps)
  const done = doneTrials({ records })
  if (request.resume) await leaveBehind(stored, done)
  const secondsEach = ({ scenario }: PlannedTrial) => plannedSeconds(scenarios.get(scenario)!)
  const setting: StepSetting = {
    ...{ config, request, stored, scenarios, events, signal, preparation: { mode, engines } },
    trials: await makeSetting(config, request, stored, notCounted),
    cpus: readCpuFacts(),
  }
  let isCut = true
  try {
    await events.planned(stored, { trials, certain, done, secondsEach })
    for (const step of steps) {
      const { trial, number } = step[0]!
      if (signal.aborted) break
      if (done.has(number) || !course.asksFor(trial)) continue
      const written = await runStep(step, course.settled?.(trial)?.rate ?? null, setting)
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
    await rm(setting.trials.scratchDir, { recursive: true, force: true })
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
