import type { PlannedTrial } from '../schedule.ts'
import type { PreparedScenario } from './prepare.ts'

/** Trials that are run at once: one, or in slices those of a pair or of a block. Numbers are 1-based over the run. */
export type Step = readonly { trial: PlannedTrial; number: number }[]

type Scenarios = ReadonlyMap<string, Pick<PreparedScenario, 'slices'>>

export function stepsOf(trials: readonly PlannedTrial[], scenarios: Scenarios): Step[] {
  const steps: { trial: PlannedTrial; number: number }[][] = []
  for (const [index, trial] of trials.entries()) {
    const before = steps.at(-1)
    const joins = before && scenarios.get(trial.scenario)?.slices && isSamePair(before[0]!.trial, trial)
    if (joins) before.push({ trial, number: index + 1 })
    else steps.push([{ trial, number: index + 1 }])
  }
  return steps
}

const isSamePair = (one: PlannedTrial, other: PlannedTrial): boolean =>
  one.scenario === other.scenario && one.pair === other.pair
