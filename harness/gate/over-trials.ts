import { mean, median } from '../compare/estimate.ts'
import type { MetricKind } from '../metrics/table.ts'
import type { Threshold } from '../metrics/thresholds.ts'

/** How the numbers of several trials become the one that is held against a limit. */
export type OverTrials = 'median' | 'mean' | 'worst' | 'pooled'

export const overTrialsInWords: Record<OverTrials, string> = {
  median: 'median of',
  mean: 'mean of',
  worst: 'worst of',
  pooled: 'pooled over',
}

/**
 * Times and gauges have their median, so that a trial which the machine disturbed crosses no limit. What counts failures has
 * none: a server that fails in two trials of five must not hold a limit on failures by the other three.
 */
export function overTrials(stat: string, kind: MetricKind | undefined): OverTrials {
  if (kind === 'rate') return 'pooled'
  if (kind !== 'counter') return 'median'
  return stat === 'count' ? 'worst' : 'mean'
}

/** Of one trial, with how many samples it stands on; 0 where nobody counted them. */
export interface TrialNumber {
  value: number
  n: number
}

/** @param trials at least one */
export function combine(trials: readonly TrialNumber[], over: OverTrials, threshold: Threshold): number {
  const values = trials.map(({ value }) => value)
  if (over === 'median') return median(values)
  if (over === 'mean') return mean(values)
  return over === 'worst' ? worst(values, threshold) : pooled(trials)
}

function pooled(trials: readonly TrialNumber[]): number {
  const samples = trials.reduce((sum, { n }) => sum + n, 0)
  if (trials.some(({ n }) => n === 0)) return mean(trials.map(({ value }) => value))
  return trials.reduce((sum, { value, n }) => sum + value * n, 0) / samples
}

/** Where a limit is on neither side: of `==` the value farthest away, of `!=` the nearest. */
function worst(values: readonly number[], { operator, limit }: Threshold): number {
  if (operator.startsWith('<')) return Math.max(...values)
  if (operator.startsWith('>')) return Math.min(...values)
  const byDistance = [...values].sort((a, b) => Math.abs(a - limit) - Math.abs(b - limit))
  return operator === '!=' ? byDistance[0]! : byDistance.at(-1)!
}
