import type { LoadResult, MetricResult } from '../../harness/engine/port.ts'
import { Histogram } from '../../harness/metrics/histogram.ts'
import type { Scope, StoredHistogram } from '../../harness/record/schema.ts'

/** What a load measured, with nothing in it but what a test puts there. */
export function loadResult(changes: Partial<LoadResult> = {}): LoadResult {
  return {
    exitCode: 0,
    endedBecause: null,
    startMs: 0,
    endMs: 10_000,
    phases: [],
    maxVUs: 1,
    metrics: [],
    histograms: [],
    socketsAtPhaseEnd: {},
    series: [],
    thresholds: [],
    conditions: [],
    checks: [],
    generator: { utilizationByPhase: {}, cpuMsByPhase: {}, gcPauseMaxMs: 0, rssPeakBytes: 0, rssIdleBytes: 0 },
    warnings: [],
    ...changes,
  }
}

/** A metric over 10 s. */
export const metricResult = (changes: Partial<MetricResult> & Pick<MetricResult, 'metric' | 'kind'>): MetricResult => ({
  isTime: false,
  count: 0,
  sum: 0,
  min: 0,
  max: 0,
  last: 0,
  overS: 10,
  ...changes,
})

/** A trend of these values: what a result says of it, and its histogram. */
export function trend(
  metric: string,
  valuesMs: readonly number[],
  scope: Scope = {},
): { metric: MetricResult; histogram: StoredHistogram } {
  const histogram = new Histogram()
  for (const value of valuesMs) histogram.record(value * 1000 + 0.5)
  const totals = {
    count: valuesMs.length,
    sum: valuesMs.reduce((sum, value) => sum + value, 0),
    min: Math.min(...valuesMs),
    max: Math.max(...valuesMs),
  }
  return {
    metric: metricResult({ metric, ...scope, kind: 'trend', isTime: true, last: valuesMs.at(-1) ?? 0, ...totals }),
    histogram: { metric, ...scope, kind: 'trend', scale: 1000, unit: 'ms', data: histogram.encode(), ...totals },
  }
}
