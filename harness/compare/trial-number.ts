import { decodeHistogram } from '../metrics/histogram.ts'
import { percentileOf } from '../metrics/stat.ts'
import { type MetricKind, metricTable } from '../metrics/table.ts'
import type { RunHeader, Scope, StoredHistogram, TrialRecord } from '../record/schema.ts'
import { isUntouched } from './none-counted.ts'
import { isSame, type ObservationId } from './observation-id.ts'
import { hasEnoughSamples, reasonsAgainstId, usableValue } from './pairs.ts'

/**
 * The number that one trial has to hold against a limit: an observation; a percentile that no observation has, from the
 * histogram; 0 of a counter that nobody added to (nobody records that nothing was dropped).
 *
 * @param isCounter whether the metric is known to be one
 * @returns null where the trial has no such number, may not be used, or has too few samples
 */
export function numberOfTrial(record: TrialRecord, id: ObservationId, isCounter: boolean): number | null {
  const observed = usableValue(record, id)
  if (observed !== null) return observed
  if (reasonsAgainstId(record, id).length > 0) return null
  if (isCounter && isUntouched(record, id)) return 0
  return percentileIn(record, id)
}

/** Whether the trial has such a number at all, be it of few samples. */
export const hasNumber = (record: TrialRecord, id: ObservationId): boolean =>
  record.observations.some((each) => isSame(each, id)) || histogramOf(record, id) !== undefined

/**
 * Whether the load may have recorded the number and did not: nothing went wrong with asking for it. Distributions and shares
 * are of a k6 scenario or of the whole load, counters of a phase, too; whatever else there is, is there by its name or never.
 */
export function isQuietOn(record: TrialRecord, id: ObservationId, kind: MetricKind | undefined): boolean {
  if (kind === undefined) return false
  if (kind === 'counter') return isUntouched(record, id)
  if (kind === 'trend' || kind === 'rate') return id.scope.phase === undefined && isUntouched(record, id)
  return ![...record.observations, ...record.histograms].some(({ metric }) => metric === id.metric)
}

/** Samples of a distribution of which the trial has no such tail since they are too few; null where that is not why. */
export function tooFewSamples(record: TrialRecord, { metric, stat, scope }: ObservationId): number | null {
  const ofScope = (each: Scope) => each.scenario === scope.scenario && each.phase === scope.phase
  const sibling = record.observations.find((each) => each.metric === metric && ofScope(each))
  if (percentileOf(stat) === null || sibling?.n === undefined) return null
  return hasEnoughSamples({ stat, n: sibling.n }) ? null : sibling.n
}

function percentileIn(record: TrialRecord, id: ObservationId): number | null {
  const stored = histogramOf(record, id)
  const percent = percentileOf(id.stat)
  if (percent === null || !stored || stored.count === 0) return null
  if (!hasEnoughSamples({ stat: id.stat, n: stored.count })) return null
  const value = decodeHistogram(stored.data).getValueAtPercentile(percent) / stored.scale
  return Math.min(stored.max, Math.max(stored.min, value))
}

function histogramOf({ histograms }: TrialRecord, { metric, stat, scope }: ObservationId): StoredHistogram | undefined {
  if (percentileOf(stat) === null) return undefined
  const isIt = (each: StoredHistogram) =>
    each.metric === metric && each.scenario === scope.scenario && each.phase === scope.phase
  return histograms.find(isIt)
}

/** By name: what a script may record, or the engine on its behalf; with its kind. */
export function recordable({ scenarios }: RunHeader, scenario: string): Map<string, MetricKind> {
  const declared = scenarios.find(({ name }) => name === scenario)?.declared ?? []
  const ofLoad = metricTable.filter(({ source }) => source === 'k6' || source === 'engine')
  return new Map([...ofLoad, ...declared].map(({ name, kind }) => [name, kind]))
}
