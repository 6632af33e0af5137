import type { LoadResult } from '../engine/port.ts'
import { driftOf } from '../observe/load.ts'
import { recordSchema, type TrialFailure, type TrialRecord } from '../record/schema.ts'
import type { TrialPlan, TrialSetting } from './plan.ts'

/** The record of a trial of which nothing was measured. */
export const emptyRecord = (plan: TrialPlan, setting: TrialSetting, startedAt: string): TrialRecord => ({
  schema: recordSchema,
  run: plan.run,
  trial: plan.trial,
  key: plan.key,
  variant: plan.variant,
  scenario: plan.scenario,
  engine: setting.engine.name,
  startedAt,
  durationS: 0,
  invalid: [],
  primary: plan.primary,
  phases: [],
  observations: [],
  histograms: [],
  series: [],
  thresholds: [],
  checks: [],
  drift: [],
  pinning: setting.pinning,
  notes: [],
  warnings: [],
  machine: setting.machine,
  eventLoopSampling: null,
})

type OfLoad = Pick<TrialRecord, 'phases' | 'histograms' | 'thresholds' | 'checks' | 'drift' | 'warnings'>

/** What a record takes over from the load as it is. */
export const ofLoad = (result: LoadResult): OfLoad => ({
  phases: result.phases,
  histograms: result.histograms,
  thresholds: result.thresholds,
  checks: result.checks,
  drift: driftOf(result),
  warnings: result.warnings,
})

/** Of what is inside the target, and why there are no instructions. */
export function notesOf(
  hasProbe: boolean,
  instructions: object | { unavailable: string },
  others: readonly string[],
): string[] {
  const probe = hasProbe
    ? 'event-loop delay is that of an interval timer of 10 ms less its resolution, merged over the seconds of a phase'
    : 'no probe reported from inside the target: event-loop delay, garbage collection and heap are absent'
  return [probe, ...('unavailable' in instructions ? [String(instructions.unavailable)] : []), ...others]
}

export function loadFailure(result: LoadResult): TrialFailure | null {
  // A crossed threshold is a finding, not a failure of the measurement; one that ends the load (abortOnFail) leaves a part of it.
  if (result.exitCode === 0 || (result.exitCode === 99 && result.endedBecause === null)) return null
  return {
    stage: 'load',
    message: `the load ended early: ${result.endedBecause ?? `exit code ${result.exitCode}`}`,
    outputTail: result.warnings.slice(-10),
  }
}
