import { servicesOfTrial, taskOf } from '../config/services.ts'
import type { LoadedConfig } from '../config.ts'
import type { Pinning, RunHeader, TrialRecord } from '../record/schema.ts'
import { type PlannedTrial, planTurns } from '../schedule.ts'
import { type CpuFacts, decidePinning, decideTaskPinning, stayOff } from '../target/pinning.ts'
import { runInSlices, type Turns } from '../trial/in-slices.ts'
import { runTrial, type TrialPlan, type TrialSetting } from '../trial.ts'
import type { CampaignEvents } from './events.ts'
import type { PreparedScenario } from './prepare.ts'
import { type RateSetting, rateStep } from './rate-step.ts'
import type { SlicePlan } from './slices.ts'
import type { Step } from './steps.ts'

/** What is the same for all steps of a run. */
export interface StepSetting extends RateSetting {
  scenarios: ReadonlyMap<string, PreparedScenario>
  /** Of all trials, but for what their scenario decides. */
  trials: Omit<TrialSetting, 'engine' | 'pinning'>
  cpus: CpuFacts
  events: CampaignEvents
}

/**
 * Runs the trial of a step, or all of a pair or block in slices, and tells that the first begins.
 *
 * @param rate of a search: what was left open until now; null: nothing
 * @returns a record for each
 */
export async function runStep(step: Step, rate: number | null, setting: StepSetting): Promise<TrialRecord[]> {
  const { events, signal, stored } = setting
  const { trial, number } = step[0]!
  const { name, scenario, config } = await scenarioOf(trial, rate, setting)
  events.trialStarted({ ...trial, scenario: name }, number)
  const plans = step.map((each) =>
    planOf({ ...each.trial, scenario: name }, each.number, stored.header.id, scenario, config),
  )
  const pinning = pinningOf(scenario, setting.cpus)
  await stayOff(pinning)
  const own = { ...setting.trials, config, engine: scenario.engine, pinning }
  return scenario.slices
    ? await runInSlices(plans, turnsOf(scenario.slices, step, stored.header), own, events, signal)
    : [await runTrial(plans[0]!, own, events, signal)]
}

const scenarioOf = async ({ scenario, variant }: PlannedTrial, rate: number | null, setting: StepSetting) =>
  rate === null
    ? { name: scenario, scenario: setting.scenarios.get(scenario)!, config: setting.config }
    : await rateStep(rate, variant, setting)

const pinningOf = ({ engine, facts, targetCores }: PreparedScenario, cpus: CpuFacts): Pinning =>
  engine.needsTarget === false ? decideTaskPinning(cpus, facts.threads ?? 1) : decidePinning(cpus, targetCores)

/** Every pair or block has turns of its own; all of them follow from the seed of the run. */
function turnsOf({ lengthMs, each }: SlicePlan, step: Step, { seed, scenarios }: RunHeader): Turns {
  const { pair, scenario } = step[0]!.trial
  const at = pair * scenarios.length + scenarios.findIndex(({ name }) => name === scenario)
  return { lengthMs, order: planTurns(each, step.length, seed + at) }
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
