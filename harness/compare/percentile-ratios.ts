import { UserError } from '../errors.ts'
import { parseSubMetric, type SubMetric } from '../metrics/selector.ts'
import { withDistribution } from '../metrics/stored-distribution.ts'
import type { Run, StoredHistogram, TrialRecord } from '../record/schema.ts'
import { type Estimate, logRatios, meanWithInterval, toRatioMinusOne } from './estimate.ts'
import { hasEnoughSamples, type Pair, pairsOf, reasonsAgainst } from './pairs.ts'
import { centreWithInterval } from './signed-rank.ts'

/** One percentile of a distribution, B against A, pair by pair. */
export interface PercentileRatio {
  percentile: number
  /** Ratio minus one, by the method of the function that made it, with bounds at 95%; null where a pair has no ratio. */
  ratio: Estimate | null
  /** B - A in the metric's unit, by the same method. */
  difference: Estimate
  pairs: number
  /** Pairs that have begun and are left out: a trial may not be used, or has too few samples for this percentile. */
  excludedPairs: number
}

export const comparedPercentiles = [50, 75, 90, 99, 99.9] as const

/**
 * How the whole distribution moved: each pair's own percentiles, from the stored histograms, Hodges and Lehmann's centre of
 * ln(B/A) with signed-rank bounds. A percentile that no pair has enough samples for (370 for p99, 3,700 for p99.9, on both
 * sides) is left out.
 *
 * @param metric `turn_intended_duration{scenario:paced}`
 * @throws UserError where the run is no comparison, or the metric cannot be read
 */
export function percentileRatios(run: Run, scenario: string, metric: string): PercentileRatio[] {
  const { comparison } = run.header
  if (!comparison) throw new UserError(`run ${run.header.id} is no comparison, so it has no pairs of one variant`)
  return ratiosOfPairs(pairsOf(run, scenario, comparison.variant), metric, (values) => centreWithInterval(values))
}

/**
 * The same for a variant of a campaign, against its baseline: a pair is a block, and as there are few of them the ratio is the
 * mean of ln(B/A) with Student's t bounds at 95%, as that of a primary metric is.
 *
 * @throws UserError where the metric cannot be read
 */
export const blockRatios = (run: Run, scenario: string, variant: string, metric: string): PercentileRatio[] =>
  ratiosOfPairs(pairsOf(run, scenario, variant), metric, (values) => meanWithInterval(values))

type Method = (values: readonly number[]) => Estimate

function ratiosOfPairs(pairs: readonly Pair[], text: string, method: Method): PercentileRatio[] {
  const metric = parseSubMetric(text)
  const sides = pairs.map(({ baseline, variant }) => [valuesOf(baseline, metric), valuesOf(variant, metric)] as const)
  return comparedPercentiles.flatMap((percentile, at) => {
    const values = sides.flatMap(([ofA, ofB]) => {
      const [a, b] = [ofA?.[at], ofB?.[at]]
      return a === undefined || b === undefined || a === null || b === null ? [] : [{ a, b }]
    })
    return values.length === 0 ? [] : [compare(percentile, values, pairs.length, method)]
  })
}

/** By the compared percentiles; null where those of the trial may not be used. */
function valuesOf(record: TrialRecord | undefined, { metric, tags }: SubMetric): (number | null)[] | null {
  const stored = record?.histograms.find(
    (each) => each.metric === metric && each.scenario === tags.scenario && each.phase === tags.phase,
  )
  if (!record || !stored) return null
  const values = percentilesIn(stored)
  if (reasonsAgainst(record, stored).length === 0) return values
  return comparedPercentiles.map((percent, at) => {
    const number = { ...stored, stat: `p(${percent})`, n: stored.count }
    return reasonsAgainst(record, number).length === 0 ? values[at]! : null
  })
}

/** Each histogram is decoded once, however many variants are held against it. */
const known = new WeakMap<StoredHistogram, (number | null)[]>()

function percentilesIn(stored: StoredHistogram): (number | null)[] {
  const before = known.get(stored)
  if (before) return before
  const isCarried = (percentile: number) =>
    stored.count > 0 && hasEnoughSamples({ stat: `p(${percentile})`, n: stored.count })
  const values = withDistribution([stored.data], ({ percentile }) =>
    comparedPercentiles.map((percent) => (isCarried(percent) ? percentile(percent) / stored.scale : null)),
  )
  known.set(stored, values)
  return values
}

function compare(
  percentile: number,
  values: readonly { a: number; b: number }[],
  begun: number,
  method: Method,
): PercentileRatio {
  const logs = logRatios(
    values.map(({ a }) => a),
    values.map(({ b }) => b),
  )
  return {
    percentile,
    ratio: logs && toRatioMinusOne(method(logs)),
    difference: method(values.map(({ a, b }) => b - a)),
    pairs: values.length,
    excludedPairs: begun - values.length,
  }
}
