import { hasEnoughSamples } from '../../harness/compare/pairs.ts'
import { withDistribution } from '../../harness/metrics/stored-distribution.ts'
import type { StoredHistogram } from '../../harness/record/schema.ts'

/** A point of a curve: abscissa and value; null where the line has a gap. */
export type Point = [x: number, y: number | null]

/** Percentiles of merged histograms, in the metric's unit, only as far as the samples carry. */
export interface Percentiles {
  samples: number
  /** Histograms merged. */
  trials: number
  /** x = 1 / (1 - p): p50 is 2, p90 is 10, p99 is 100; the HdrHistogram plots' axis, drawn on a log scale. */
  curve: Point[]
  /** By percentile, of `tablePercentiles`; without those behind which fewer samples lie than they need. */
  values: ReadonlyMap<number, number>
}

/** What a table has beside the curve. */
export const tablePercentiles = [50, 90, 99, 99.9, 99.99]

/** Merges the histograms (of one metric, one a trial) and reads the percentiles; null when no sample is in them. */
export function mergedPercentiles(histograms: readonly StoredHistogram[]): Percentiles | null {
  const [first] = histograms
  if (!first) return null
  const data = histograms.map((each) => each.data)
  return withDistribution(data, ({ count: samples, percentile }) => {
    if (samples === 0) return null
    const value = (percent: number) => percentile(percent) / first.scale
    const isCarried = (percent: number) => hasEnoughSamples({ stat: `p(${percent})`, n: samples })
    return {
      samples,
      trials: histograms.length,
      curve: abscissas(samples).map((x): Point => [x, value(100 - 100 / x)]),
      values: new Map(tablePercentiles.filter(isCarried).map((percent) => [percent, value(percent)])),
    }
  })
}

const pointsADecade = 16

/** A curve ends where fewer samples lie beyond it: the rule of `hasEnoughSamples`, for every percentile. */
const samplesBeyond = 3.7

/** From p0 to the last percentile that the samples carry, evenly spaced on the log axis. */
function abscissas(samples: number): number[] {
  const last = Math.min(samples / samplesBeyond, 1e5)
  const count = Math.max(1, Math.floor(Math.log10(Math.max(last, 1)) * pointsADecade))
  return Array.from({ length: count + 1 }, (_, at) => 10 ** (at / pointsADecade))
}
