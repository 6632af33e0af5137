import { UserError } from '../errors.ts'
import { decodeHistogram } from '../metrics/histogram.ts'
import { parseSubMetric } from '../metrics/selector.ts'
import type { Run, StoredHistogram, TrialRecord } from '../record/schema.ts'
import { type Estimate, logRatios, toRatioMinusOne } from './estimate.ts'
import { hasEnoughSamples, type Pair, pairsOf, reasonsAgainst } from './pairs.ts'
import { centreWithInterval } from './signed-rank.ts'

/** One percentile of a distribution, B against A, pair by pair. */
export interface PercentileRatio {
  percentile: number
  /** Ratio minus one by Hodges and Lehmann on ln(B/A), with signed-rank bounds at 95%; null where a pair has no ratio. */
  ratio: Estimate | null
  /** B - A in the metric's unit, by the same method. */
  difference: Estimate
  pairs: number
  /** Pairs that have begun and are left out: a trial may not be used, or has too few samples for this percentile. */
  excludedPairs: number
}

export const comparedPercentiles = [50, 75, 90, 99, 99.9] as const

/**
 * How the whole distribution moved: each pair's own percentiles, from the stored histograms. A percentile that no pair has
 * enough samples for (370 for p99, 3,700 for p99.9, on both sides) is left out.
 *
 * @param metric `turn_intended_duration{scenario:paced}`
 * @throws UserError where the run is no comparison, or the metric cannot be read
 */
export function percentileRatios(run: Run, scenario: string, metric: string): PercentileRatio[] {
  const { comparison } = run.header
  if (!comparison) throw new UserError(`run ${run.header.id} is no comparison, so it has no pairs of one variant`)
  const pairs = pairsOf(run, scenario, comparison.variant)
  const histograms = pairs.map((pair) => histogramsOf(pair, metric))
  return comparedPercentiles.flatMap((percentile) => {
    const values = histograms.flatMap((both) => {
      const [a, b] = both.map((histogram) => valueAt(histogram, percentile))
      return a === undefined || b === undefined || a === null || b === null ? [] : [{ a, b }]
    })
    return values.length === 0 ? [] : [compare(percentile, values, pairs.length)]
  })
}

interface Decoded {
  stored: StoredHistogram
  at(percentile: number): number
}

/** Of the baseline and of the variant; null where there is none that may be used. */
const histogramsOf = ({ baseline, variant }: Pair, metric: string): (Decoded | null)[] =>
  [baseline, variant].map((record) => decodedOf(record, metric))

function decodedOf(record: TrialRecord | undefined, text: string): Decoded | null {
  const { metric, tags } = parseSubMetric(text)
  const stored = record?.histograms.find(
    (each) => each.metric === metric && each.scenario === tags.scenario && each.phase === tags.phase,
  )
  if (!record || !stored || reasonsAgainst(record, stored).length > 0) return null
  const decoded = decodeHistogram(stored.data)
  return { stored, at: (percentile) => decoded.getValueAtPercentile(percentile) / stored.scale }
}

function valueAt(histogram: Decoded | null | undefined, percentile: number): number | null {
  if (!histogram || histogram.stored.count === 0) return null
  if (!hasEnoughSamples({ stat: `p(${percentile})`, n: histogram.stored.count })) return null
  return histogram.at(percentile)
}

function compare(percentile: number, values: readonly { a: number; b: number }[], begun: number): PercentileRatio {
  const logs = logRatios(
    values.map(({ a }) => a),
    values.map(({ b }) => b),
  )
  return {
    percentile,
    ratio: logs && toRatioMinusOne(centreWithInterval(logs)),
    difference: centreWithInterval(values.map(({ a, b }) => b - a)),
    pairs: values.length,
    excludedPairs: begun - values.length,
  }
}
