import type { Metric, MetricRegistry } from '../../../metrics/registry.ts'
import { type Sink, TrendSink, trendScale } from '../../../metrics/sinks.ts'
import { describeMetric } from '../../../metrics/table.ts'
import type { CheckResult, Phase, Scope, Series, StoredHistogram, ThresholdResult } from '../../../record/schema.ts'
import type { ConditionResult, LoadResult, MetricResult } from '../../port.ts'
import type { PartState, PhaseState, TestPlan } from './part.ts'

export interface FinishedTest {
  plan: TestPlan
  /** What all parts recorded, merged. */
  registry: MetricRegistry
  parts: PartState[]
  series: Series[]
  thresholds: ThresholdResult[]
  conditions: ConditionResult[]
  startMs: number
  /** So long there was load: from start to end, but for what lies between slices. */
  loadMs: number
  exitCode: number
  endedBecause: string | null
  maxVUs: number
  setupJson: string | null
  warnings: string[]
}

/** All that a test measured, in a form that crosses to another process. */
export function assembleResult(test: FinishedTest): LoadResult {
  const { plan, parts } = test
  const judged = new Set(plan.thresholdTargets.map(({ metric }) => metric))
  // As in k6 a metric without samples is told where a threshold asks for it, and so are the bytes that were moved.
  const filled = test.registry
    .all()
    .filter(
      ({ isEmpty, name, subMetrics }) =>
        !isEmpty || judged.has(name) || subMetrics.length > 0 || alwaysTold.includes(name),
    )
  const endMs = Math.max(...parts.map((part) => part.endMs))
  const phases = mergePhases(parts)
  return {
    exitCode: test.exitCode,
    endedBecause: test.endedBecause,
    startMs: test.startMs,
    endMs,
    phases: phasesWithin(plan, test.loadMs / 1000),
    maxVUs: test.maxVUs,
    metrics: filled.flatMap((metric) => metricResults(metric, plan, phases, test.loadMs / 1000)),
    histograms: filled.flatMap((metric) => histogramsOf(metric, plan.scenarios)),
    series: test.series,
    socketsAtPhaseEnd: byName(phases, ({ socketsOpen }) => socketsOpen),
    thresholds: test.thresholds,
    conditions: test.conditions,
    checks: mergeChecks(parts),
    groups: [...new Set(parts.flatMap(({ groups }) => groups))],
    setupJson: test.setupJson,
    generator: {
      utilizationByPhase: byName(phases, ({ utilization }) => utilization),
      cpuMsByPhase: byName(phases, ({ cpuMs }) => cpuMs),
      gcPauseMaxMs: Math.max(...parts.map(({ gcPauseMaxMs }) => gcPauseMaxMs)),
      rssPeakBytes: sumOf(parts, ({ rssPeakBytes }) => rssPeakBytes),
      rssIdleBytes: sumOf(parts, ({ rssIdleBytes }) => rssIdleBytes),
    },
    warnings: [
      ...new Set([...test.warnings, ...parts.flatMap(({ warnings }) => warnings)]),
      ...filled.flatMap(warnOfNegatives),
    ],
  }
}

/**
 * A load that ends before its time, such as one of so many iterations, ends the phases that are open then. Of one that never
 * began there is only what was planned.
 */
const phasesWithin = ({ phases }: TestPlan, loadS: number): Phase[] =>
  loadS <= 0
    ? phases
    : phases
        .filter(({ startS }) => startS < loadS)
        .map((phase) => ({ ...phase, endS: phase.endS - loadS > inTimeS ? loadS : phase.endS }))

/** A load that ends so little before its phase has ended with it: clocks and timers are no finer. */
const inTimeS = 0.01

const alwaysTold = ['data_sent', 'data_received']

const sumOf = <T>(items: T[], of: (item: T) => number): number => items.reduce((sum, item) => sum + of(item), 0)

const byName = (phases: PhaseState[], of: (phase: PhaseState) => number): Record<string, number> =>
  Object.fromEntries(phases.map((phase) => [phase.name, of(phase)]))

/** Work adds up; of utilizations the worst counts, since one busy generator spoils the measurement. */
function mergePhases(parts: PartState[]): PhaseState[] {
  const names = new Set(parts.flatMap(({ phases }) => phases.map(({ name }) => name)))
  return [...names].map((name) => {
    const same = parts.flatMap(({ phases }) => phases.filter((phase) => phase.name === name))
    // Metrics may be named like members of every object.
    const growth: Record<string, number> = Object.create(null)
    for (const phase of same)
      for (const [metric, sum] of Object.entries(phase.growth)) growth[metric] = (growth[metric] ?? 0) + sum
    return {
      name,
      // All begin it at the same moment; where one ended early, the others say how long it was.
      overS: Math.max(...same.map(({ overS }) => overS)),
      growth,
      utilization: Math.max(...same.map(({ utilization }) => utilization)),
      cpuMs: sumOf(same, ({ cpuMs }) => cpuMs),
      socketsOpen: sumOf(same, ({ socketsOpen }) => socketsOpen),
    }
  })
}

function mergeChecks(parts: PartState[]): CheckResult[] {
  const merged = new Map<string, CheckResult>()
  for (const check of parts.flatMap(({ checks }) => checks)) {
    const known = merged.get(check.path)
    const together = known && { passes: known.passes + check.passes, fails: known.fails + check.fails }
    merged.set(check.path, { ...check, ...together })
  }
  return [...merged.values()]
}

/** A stored histogram holds no negative values, so what is read from it later is of the others. */
function warnOfNegatives(metric: Metric): string[] {
  const total = metric.total()
  if (!(total instanceof TrendSink) || total.negatives === 0) return []
  return [
    `metric '${metric.name}': ${total.negatives} of ${total.count} values were negative; its percentiles here leave them out (thresholds do not)`,
  ]
}

function metricResults(metric: Metric, plan: TestPlan, phases: PhaseState[], wholeS: number): MetricResult[] {
  const results = [toResult(metric, metric.total(), {}, wholeS)]
  if (metric.kind === 'gauge') return results
  for (const [index, scenario] of plan.scenarios.entries()) {
    const sink = metric.of(index + 1)
    if (sink.count > 0) results.push(toResult(metric, sink, { scenario: scenario.name }, scenario.durationMs / 1000))
  }
  if (metric.kind === 'counter') {
    for (const { name, growth, overS } of phases) {
      const sum = growth[metric.name] ?? 0
      results.push({ ...toResult(metric, metric.total(), { phase: name }, overS), count: sum, sum })
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
  ...(sink instanceof TrendSink && sink.few ? { few: sink.few } : {}),
  overS,
})

function histogramsOf(metric: Metric, scenarios: TestPlan['scenarios']): StoredHistogram[] {
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
