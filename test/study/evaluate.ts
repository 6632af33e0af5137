import { type Estimate, logRatios, mean, toRatioMinusOne } from '../../harness/compare/estimate.ts'
import { centreWithInterval } from '../../harness/compare/signed-rank.ts'
import { type ConditionName, conditions } from './conditions.ts'
import { type MetricKey, type StudyMetric, studyMetrics } from './metrics.ts'
import { blocksOf, type Pool, type PooledPair, pooledPairs, sidesApart } from './pool/pool.ts'
import type { Rule } from './procedures/rule.ts'
import { mostPairs, rulesFor } from './procedures/table.ts'
import { resample } from './resample.ts'

export interface EvaluateOptions {
  /** Drawn from the pool of each number under each condition. */
  comparisons: number
  /** The same where nothing was changed: false findings are rare, and have to be counted. */
  twinComparisons: number
  seed: number
}

/** What all rules said of one number under one condition. */
export interface Cell {
  condition: ConditionName
  metric: MetricKey
  /** Pairs in the pool. */
  pool: number
  /** Comparisons drawn from them. */
  comparisons: number
  /** Over the whole pool, as ratio minus one, at 95%. */
  effect: Estimate
  /** Standard deviation of ln(B/A) from pair to pair. */
  deviation: number
  byRule: Map<string, Tally>
}

/** The outcomes of one rule. */
export interface Tally {
  worse: number
  better: number
  /** Of each comparison that found it worse: the pairs that it took, ascending. */
  pairsWhenWorse: number[]
  /** Over all comparisons. */
  meanPairs: number
}

/** Too few to draw from: a pool of these has no interval of its own. */
const smallestPool = 10

/** Every rule on the same comparisons, drawn from the pool: one cell for each number that was recorded under each condition. */
export function evaluate(pool: Pool, options: EvaluateOptions): Cell[] {
  return conditions.flatMap(({ name }, row) =>
    studyMetrics.flatMap((metric, column) => {
      const pairs = pooledPairs(pool, name, metric.key)
      const seed = options.seed + 100 * row + column
      return pairs.length < smallestPool
        ? []
        : [cellOf(name, metric, pairs, { ...options, seed, isTwin: name === 'control-again' }, rulesOf(pool, pairs))]
    }),
  )
}

/**
 * A change that is known to the last digit, laid on the recorded pairs of identical servers: their noise as it was, and nothing
 * else that a real change brings with it. Null where there are too few pairs.
 *
 * @param change ratio minus one
 */
export function evaluateLaid(pool: Pool, metric: StudyMetric, change: number, options: EvaluateOptions): Cell | null {
  const pairs = pooledPairs(pool, 'control-again', metric.key).map((pair) => ({ ...pair, b: pair.b * (1 + change) }))
  if (pairs.length < smallestPool) return null
  return cellOf(
    'control-again',
    metric,
    pairs,
    { ...options, seed: options.seed + laidSeed, isTwin: false },
    rulesOf(pool, pairs),
  )
}

/** Pairs that cannot be used take their time, too. */
const rulesOf = (pool: Pool, pairs: readonly PooledPair[]): Rule[] =>
  rulesFor(pool.secondsATrial, pairs.length / blocksOf(pool)).all

/** Beyond those of the cells. */
const laidSeed = 10_000

interface CellOptions extends EvaluateOptions {
  /** See `Resampling`. */
  isTwin: boolean
}

function cellOf(
  condition: ConditionName,
  metric: StudyMetric,
  pool: PooledPair[],
  { comparisons, twinComparisons, seed, isTwin }: CellOptions,
  rules: readonly Rule[],
): Cell {
  const resampling = {
    ...{ comparisons: isTwin ? twinComparisons : comparisons, length: mostPairs, pieceLength: 1 },
    ...{ seed, isTwin },
  }
  const drawn = { together: [...resample(pool, resampling)], apart: [...resample(sidesApart(pool), resampling)] }
  const applying = rules.filter((rule) => rule.appliesTo(metric))
  const logs = logRatiosOf(pool)
  return {
    condition,
    metric: metric.key,
    pool: pool.length,
    comparisons: drawn.together.length,
    effect: toRatioMinusOne(centreWithInterval(logs)),
    deviation: deviationOf(logs),
    byRule: new Map(applying.map((rule) => [rule.name, tally(rule, drawn[rule.sides], metric)])),
  }
}

/** What a rule says of comparisons of a metric. */
export function tally(rule: Rule, comparisons: readonly PooledPair[][], { better }: StudyMetric): Tally {
  const outcomes = comparisons.map((pairs) => rule.decide(pairs, better))
  const worse = outcomes.filter(({ found }) => found === 'worse')
  return {
    worse: worse.length,
    better: outcomes.filter(({ found }) => found === 'better').length,
    pairsWhenWorse: worse.map(({ pairs }) => pairs).sort((a, b) => a - b),
    meanPairs: mean(outcomes.map(({ pairs }) => pairs)),
  }
}

/** ln(B/A) of each pair in which neither side is zero. */
export const logRatiosOf = (pairs: readonly PooledPair[]): number[] =>
  pairs.flatMap(({ a, b }) => logRatios([a], [b]) ?? [])

/** Standard deviation; NaN of fewer than two. */
export function deviationOf(values: readonly number[]): number {
  const centre = mean(values)
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1))
}
