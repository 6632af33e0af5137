import type { Metric } from '../../metrics/registry.ts'
import { type Sink, TrendSink, trendScale } from '../../metrics/sinks.ts'
import { describeMetric } from '../../metrics/table.ts'
import type { Phase, Scope, StoredHistogram } from '../../record/schema.ts'
import type { LoadResult, MetricResult } from '../port.ts'
import type { ExecutorConfig } from './executors/port.ts'
import type { Recorder } from './recorder.ts'
import type { TestContext } from './test-context.ts'
import type { ThresholdWatch } from './threshold-watch.ts'

export interface FinishedTest {
  context: TestContext
  recorder: Recorder
  thresholds: ThresholdWatch
  scenarios: ExecutorConfig[]
  phases: Phase[]
  endMs: number
  exitCode: number
  endedBecause: string | null
  maxVUs: number
  rssIdleBytes: number
  warnings: string[]
}

/** All that a test measured, in a form that crosses to another process. */
export function assembleResult(test: FinishedTest): LoadResult {
  const { context, recorder } = test
  const judged = new Set(test.thresholds.results().map(({ metric }) => metric))
  // As in k6 a metric without samples is told where a threshold asks for it.
  const filled = context.registry
    .all()
    .filter((metric) => !metric.isEmpty || judged.has(metric.name) || metric.subMetrics.length > 0)
  const use = recorder.useByPhase()
  return {
    exitCode: test.exitCode,
    endedBecause: test.endedBecause,
    startMs: context.startMs,
    endMs: test.endMs,
    phases: test.phases,
    maxVUs: Number.isFinite(test.maxVUs) ? test.maxVUs : context.counts.vusInitialized,
    metrics: filled.flatMap((metric) => metricResults(metric, test)),
    histograms: filled.flatMap((metric) => histogramsOf(metric, test.scenarios)),
    series: recorder.allSeries(),
    socketsAtPhaseEnd: recorder.socketsAtPhaseEnd(),
    thresholds: test.thresholds.results(),
    checks: context.checks.results(),
    generator: {
      utilizationByPhase: Object.fromEntries(Object.entries(use).map(([name, { utilization }]) => [name, utilization])),
      cpuMsByPhase: Object.fromEntries(Object.entries(use).map(([name, { cpuMs }]) => [name, cpuMs])),
      gcPauseMaxMs: recorder.gcPauseMax,
      rssPeakBytes: recorder.rssPeak,
      rssIdleBytes: test.rssIdleBytes,
    },
    warnings: [...test.warnings, ...filled.flatMap(warnOfNegatives)],
  }
}

/** A stored histogram holds no negative values, so what is read from it later is of the others. */
function warnOfNegatives(metric: Metric): string[] {
  const total = metric.total()
  if (!(total instanceof TrendSink) || total.negatives === 0) return []
  return [
    `metric '${metric.name}': ${total.negatives} of ${total.count} values were negative; its percentiles here leave them out (thresholds do not)`,
  ]
}

function metricResults(metric: Metric, test: FinishedTest): MetricResult[] {
  const { context, recorder, scenarios, phases } = test
  const wholeS = (test.endMs - context.startMs) / 1000
  const results = [toResult(metric, metric.total(), {}, wholeS)]
  if (metric.kind === 'gauge') return results
  for (const [index, scenario] of scenarios.entries()) {
    const sink = metric.of(index + 1)
    if (sink.count > 0) results.push(toResult(metric, sink, { scenario: scenario.name }, scenario.durationMs / 1000))
  }
  if (metric.kind === 'counter') {
    for (const phase of phases) {
      const growth = recorder.growthIn(phase.name, metric)
      if (growth)
        results.push({
          ...toResult(metric, metric.total(), { phase: phase.name }, growth.overS),
          count: growth.sum,
          sum: growth.sum,
        })
    }
  }
  // Sub-metrics of thresholds, under the name that the script gave them.
  for (const sub of metric.subMetrics) results.push({ ...toResult(metric, sub.sink, {}, wholeS), metric: sub.key })
  return results
}

const toResult = (metric: Metric, sink: Sink, scope: Scope, overS: number): MetricResult => ({
  metric: metric.name,
  ...scope,
  kind: metric.kind,
  isTime: metric.isTime,
  count: sink.count,
  sum: sink.sum,
  min: sink.count > 0 ? sink.min : 0,
  max: sink.count > 0 ? sink.max : 0,
  last: sink.last,
  overS,
})

function histogramsOf(metric: Metric, scenarios: ExecutorConfig[]): StoredHistogram[] {
  const stored: StoredHistogram[] = []
  const store = (sink: Sink, scope: Scope): void => {
    if (sink instanceof TrendSink && sink.count > 0) stored.push(storeHistogram(metric, sink, scope))
  }
  store(metric.total(), {})
  for (const [index, scenario] of scenarios.entries()) store(metric.of(index + 1), { scenario: scenario.name })
  for (const sub of metric.subMetrics) {
    if (sub.sink instanceof TrendSink && sub.sink.count > 0)
      stored.push({ ...storeHistogram(metric, sub.sink, {}), metric: sub.key })
  }
  return stored
}

const storeHistogram = (metric: Metric, sink: TrendSink, scope: Scope): StoredHistogram => ({
  metric: metric.name,
  ...scope,
  kind: metric.kind,
  scale: trendScale,
  unit: describeMetric({ name: metric.name, kind: metric.kind, isTime: metric.isTime }).unit,
  count: sink.count,
  sum: sink.sum,
  min: sink.min,
  max: sink.max,
  data: sink.histogram.encode(),
})
