import type { Histogram } from 'hdr-histogram-js'
import type { LoadResult, MetricResult, ScriptNotes } from '../engine/port.ts'
import { decodeHistogram } from '../metrics/histogram.ts'
import { type Better, describeMetric } from '../metrics/table.ts'
import type { Drift, Observation, Scope, Series, StoredHistogram } from '../record/schema.ts'
import { hasEnoughFor, observedPercentiles } from './percentiles.ts'

/**
 * The numbers of a record that the engine measured, for the whole load and for each k6 scenario and phase.
 * @param notes the counter that the script calls its operation, and which way its metrics are good
 */
export function observeLoad(
  result: LoadResult,
  { operation, better = {} }: Pick<ScriptNotes, 'operation' | 'better'>,
): Observation[] {
  const metrics = result.metrics.filter(({ metric }) => !metric.includes('{'))
  return [
    ...metrics.flatMap((metric) => observeMetric(metric, histogramOf(result, metric), better[metric.metric])),
    ...observeThroughput(result, operation),
    ...observeGenerator(result),
  ]
}

/** Operations a second within each phase; of a phase that takes all it can get this is the capacity. */
function observeThroughput(result: LoadResult, operation: string): Observation[] {
  const { unit, better, source } = describeMetric('throughput')
  return result.metrics
    .filter(({ metric, phase, overS }) => metric === operation && phase !== undefined && overS > 0)
    .map(({ phase, sum, overS }) => ({
      metric: 'throughput',
      phase: phase!,
      stat: 'value',
      value: sum / overS,
      unit,
      better,
      source,
      n: sum,
    }))
}

const histogramOf = (result: LoadResult, { metric, scenario, phase }: MetricResult): StoredHistogram | undefined =>
  result.histograms.find((other) => other.metric === metric && other.scenario === scenario && other.phase === phase)

function observeMetric(
  result: MetricResult,
  histogram: StoredHistogram | undefined,
  said: Better | undefined,
): Observation[] {
  const declared = { name: result.metric, kind: result.kind, isTime: result.isTime, ...(said ? { better: said } : {}) }
  const { unit, better, source } = describeMetric(declared)
  const scope: Scope = scopeOf(result)
  const make = (stat: string, value: number): Observation => ({
    metric: result.metric,
    ...scope,
    stat,
    value,
    unit,
    better,
    source,
    n: result.count,
  })
  switch (result.kind) {
    case 'trend':
      return histogram ? trendStats(result, histogram).map(([stat, value]) => make(stat, value)) : []
    case 'counter':
      return [
        make('count', result.sum),
        { ...make('rate', result.overS > 0 ? result.sum / result.overS : 0), unit: 'per second' },
      ]
    case 'rate':
      return [make('rate', result.count > 0 ? result.sum / result.count : 0)]
    case 'value':
      return [make('value', result.last)]
    default:
      // k6 holds a limit on a gauge against its last value; what it reached is what one reads a load by.
      return [make('value', result.last), make('max', result.max)]
  }
}

export const scopeOf = ({ scenario, phase }: Scope): Scope => ({
  ...(scenario === undefined ? {} : { scenario }),
  ...(phase === undefined ? {} : { phase }),
})

function trendStats(result: MetricResult, stored: StoredHistogram): [stat: string, value: number][] {
  const decoded: Histogram = decodeHistogram(stored.data)
  const inside = (value: number): number => Math.min(result.max, Math.max(result.min, value))
  return [
    ['avg', result.sum / result.count],
    ['min', result.min],
    ...observedPercentiles
      .filter((percent) => hasEnoughFor(percent, result.count))
      .map((percent): [string, number] => [
        `p(${percent})`,
        inside(decoded.getValueAtPercentile(percent) / stored.scale),
      ]),
    ['max', result.max],
  ]
}

function observeGenerator({ generator, maxVUs }: LoadResult): Observation[] {
  if (generator === null) return []
  const make = (metric: string, value: number, scope: Scope = {}): Observation => {
    const { unit, better, source } = describeMetric(metric)
    return { metric, ...scope, stat: 'value', value, unit, better, source }
  }
  return [
    ...Object.entries(generator.utilizationByPhase).map(([phase, value]) =>
      make('generator_utilization', value, { phase }),
    ),
    ...Object.entries(generator.cpuMsByPhase).map(([phase, value]) => make('generator_cpu', value, { phase })),
    make('generator_gc_pause_max', generator.gcPauseMaxMs),
    make('generator_rss_peak', generator.rssPeakBytes / 1e6),
    make(
      'generator_rss_per_user',
      Math.max(0, generator.rssPeakBytes - generator.rssIdleBytes) / 1e3 / Math.max(1, maxVUs),
    ),
  ]
}

/** First against second half of each phase, by the medians of the per-second values. */
export function driftOf(result: LoadResult): Drift[] {
  const shown = result.series.filter(
    ({ source, stat }) => source !== 'generator' && (stat === 'p(50)' || stat === 'rate'),
  )
  return result.phases.flatMap(({ name, startS, endS }) =>
    shown.flatMap((series) => {
      const middle = (startS + endS) / 2
      const [firstHalf, secondHalf] = [medianIn(series, startS, middle), medianIn(series, middle, endS)]
      if (firstHalf === null || secondHalf === null) return []
      return [{ phase: name, metric: series.metric, stat: series.stat, firstHalf, secondHalf }]
    }),
  )
}

function medianIn({ t, v }: Series, fromS: number, toS: number): number | null {
  const values = v
    .filter((value, index): value is number => value !== null && t[index]! >= fromS && t[index]! < toS)
    .sort((a, b) => a - b)
  return values.length === 0 ? null : values[Math.floor(values.length / 2)]!
}
