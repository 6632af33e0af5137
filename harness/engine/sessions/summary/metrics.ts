import { decodeHistogram } from '../../../metrics/histogram.ts'
import { interpolatedPercentile, percentileOf } from '../../../metrics/stat.ts'
import type { StoredHistogram } from '../../../record/schema.ts'
import type { LoadResult, MetricResult } from '../../port.ts'
import { type Contains, containsOf } from './contains.ts'

/** A metric or sub-metric as k6's summaries know it. */
export interface SummaryMetric {
  name: string
  type: string
  contains: Contains
  values: Record<string, number>
  /** In the script's order; empty where there are none. */
  thresholds: { source: string; ok: boolean }[]
}

/** What the summary is made of: metrics over the whole load, or those of one k6 scenario. */
export function summaryMetrics(result: LoadResult, stats: readonly string[], scenario?: string): SummaryMetric[] {
  return result.metrics
    .filter((metric) => metric.scenario === scenario && metric.phase === undefined)
    .map((metric) => toSummary(metric, result, stats))
    .sort(byName)
}

const ownNames = new Set([
  'http_req_queued', 'http_req_intended_duration', 'http_req_retried', 'interrupted_iterations', 'generator_lateness',
]) // biome-ignore format: one list

/** Whether weir has it and k6 has not: it stands in weir's text, and never in formats of k6. */
export const isOwnMetric = (name: string): boolean => ownNames.has(parentOf(name))

/** What k6's formats hold: its own metrics and the script's. */
export const metricsOfK6 = (result: LoadResult, stats: readonly string[]): SummaryMetric[] =>
  summaryMetrics(result, stats).filter(({ name }) => !isOwnMetric(name))

/** Sub-metrics behind their metric. */
const byName = ({ name: a }: SummaryMetric, { name: b }: SummaryMetric): number => {
  const [parentA, parentB] = [parentOf(a), parentOf(b)]
  return parentA === parentB ? a.localeCompare(b) : parentA.localeCompare(parentB)
}

export const parentOf = (name: string): string => name.split('{', 1)[0]!

function toSummary(metric: MetricResult, result: LoadResult, stats: readonly string[]): SummaryMetric {
  const thresholds = metric.scenario === undefined ? thresholdsOf(metric.metric, result) : []
  return {
    name: metric.metric,
    type: metric.kind,
    contains: containsOf({ name: parentOf(metric.metric), isTime: metric.isTime }),
    values: valuesOf(metric, result, [...stats, ...percentilesIn(thresholds)]),
    thresholds,
  }
}

const thresholdsOf = (name: string, { thresholds }: LoadResult): SummaryMetric['thresholds'] =>
  thresholds
    .filter(({ metric }) => metric === name)
    .map(({ expression, passed }) => ({ source: expression, ok: passed }))

/** What stands before the operator. */
export const aggregationOf = (source: string): string => source.split(/[<>=!]/, 1)[0]!.trim()

const percentilesIn = (thresholds: SummaryMetric['thresholds']): string[] =>
  thresholds.map(({ source }) => aggregationOf(source)).filter((stat) => percentileOf(stat) !== null)

function valuesOf(metric: MetricResult, result: LoadResult, stats: readonly string[]): Record<string, number> {
  switch (metric.kind) {
    case 'trend':
      return trendValues(metric, histogramOf(metric, result), stats)
    case 'counter':
      return { count: metric.sum, rate: metric.overS > 0 ? metric.sum / metric.overS : 0 }
    case 'rate':
      return {
        rate: metric.count > 0 ? metric.sum / metric.count : 0,
        passes: metric.sum,
        fails: metric.count - metric.sum,
      }
    default:
      return { value: metric.last, min: metric.min, max: metric.max }
  }
}

const histogramOf = (metric: MetricResult, { histograms }: LoadResult): StoredHistogram | undefined =>
  histograms.find((other) => other.metric === metric.metric && other.scenario === metric.scenario)

/** In the metric's unit, by the names that the script gives the statistics. */
function trendValues(
  metric: MetricResult,
  histogram: StoredHistogram | undefined,
  stats: readonly string[],
): Record<string, number> {
  const decoded = histogram && decodeHistogram(histogram.data)
  const percentile = (percent: number): number => {
    if (!decoded) return 0
    const atRank = (rank: number): number =>
      metric.few?.[rank - 1] ?? decoded.getValueAtPercentile((100 * rank) / metric.count) / histogram.scale
    return interpolatedPercentile(metric, percent, atRank)
  }
  const ofStat = (stat: string): number => {
    if (stat === 'avg') return metric.count > 0 ? metric.sum / metric.count : 0
    if (stat === 'min' || stat === 'max' || stat === 'count') return metric[stat]
    return percentile(stat === 'med' ? 50 : (percentileOf(stat) ?? Number.NaN))
  }
  return Object.fromEntries(stats.map((stat) => [stat, ofStat(stat)]))
}
