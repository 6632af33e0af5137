import { mean, median } from '../../harness/compare/estimate.ts'
import { conditions } from './conditions.ts'
import { type EvaluateOptions, logRatiosOf, type Tally, tally } from './evaluate.ts'
import { type MetricKey, studyMetrics } from './metrics.ts'
import { blocksOf, byMachine, type Pool, type PooledPair, pooledPairs } from './pool/pool.ts'
import { momentsOf } from './procedures/moments.ts'
import { mostPairs, rulesFor } from './procedures/table.ts'
import { resample } from './resample.ts'

/**
 * Whether the recorded pairs of identical servers are as independent as the comparison takes them for. Drawing them one by
 * one makes them so; this looks at them in the order in which they came.
 */
export interface Independence {
  /** Correlation of ln(B/A) of each pair with that of the next, and how far from 0 it is in 95 of 100 independent pools. */
  correlation: number
  usual: number
  /** Comparisons drawn in pieces of consecutive pairs. */
  inPieces: Tally
  piecesDrawn: number
  /** The pool cut into comparisons of five minutes as it was recorded, nothing drawn. */
  asRecorded: { found: number; tried: number }
  /**
   * How much more B has beside A where its server was started before A's than where after, on the scale of ln(B/A), with half
   * of the 95% interval. Null where it was always the same one.
   */
  startedFirst: { estimate: number; half: number } | null
}

export const pieceLength = 10

/** Of every metric whose pool is large enough for a look. */
export function independenceOf(
  pool: Pool,
  { twinComparisons, seed }: EvaluateOptions,
): ReadonlyMap<MetricKey, Independence> {
  const rows = studyMetrics.flatMap((metric, column): [MetricKey, Independence][] => {
    const pairs = pooledPairs(pool, 'control-again', metric.key)
    if (pairs.length < pieceLength) return []
    const resampling = { comparisons: twinComparisons, length: mostPairs, pieceLength, seed: seed + 5000 + column }
    const { weir } = rulesFor(pool.secondsATrial, pairs.length / blocksOf(pool))
    const short = weir(5, 0)
    const machines = [...byMachine(pairs).values()]
    const recorded = machines.flatMap((each) => windows(each, short.mostPairs))
    const { worse, better } = tally(short, recorded, metric)
    const result: Independence = {
      correlation: serialCorrelation(machines.map(logRatiosOf)),
      usual: 1.96 / Math.sqrt(pairs.length),
      inPieces: tally(weir(null, 0), [...resample(pairs, { ...resampling, isTwin: true })], metric),
      piecesDrawn: twinComparisons,
      asRecorded: { found: worse + better, tried: recorded.length },
      startedFirst: startedFirst(pool, metric.key),
    }
    return [[metric.key, result]]
  })
  return new Map(rows)
}

/** Over all conditions, each about its own median; the interval is Welch's, of hundreds of pairs. */
function startedFirst(pool: Pool, metric: MetricKey): Independence['startedFirst'] {
  const moved = conditions.flatMap(({ name }) => {
    const pairs = pooledPairs(pool, name, metric).filter(({ a, b }) => a > 0 && b > 0)
    const logs = logRatiosOf(pairs)
    return logs.length === 0 ? [] : pairs.map(({ place }, at) => ({ place, away: logs[at]! - median(logs) }))
  })
  const [before, after] = [moved.filter(({ place }) => place < 0), moved.filter(({ place }) => place > 0)]
  if (before.length < 2 || after.length < 2) return null
  const [first, last] = [momentsOf(before.map(({ away }) => away)), momentsOf(after.map(({ away }) => away))]
  return { estimate: first.mean - last.mean, half: 1.96 * Math.sqrt(first.variance + last.variance) }
}

/** Whole windows of that many pairs, one behind the other. */
const windows = (pairs: readonly PooledPair[], length: number): PooledPair[][] =>
  Array.from({ length: Math.floor(pairs.length / length) }, (_, at) => pairs.slice(at * length, (at + 1) * length))

/** Of each value with the next of its series, over all series. @param series of three values or more in all */
export function serialCorrelation(series: readonly (readonly number[])[]): number {
  const centre = mean(series.flat())
  const away = series.map((values) => values.map((value) => value - centre))
  const together = away.map((values) => sumOf(values.slice(1).map((value, at) => value * values[at]!)))
  return sumOf(together) / sumOf(away.flat().map((value) => value ** 2))
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)
