import { UserError } from '../../../errors.ts'
import type { Metric, MetricRegistry } from '../../../metrics/registry.ts'
import type { Sink, SinkKind } from '../../../metrics/sinks.ts'
import { interpolatedPercentile } from '../../../metrics/stat.ts'
import { assertStatFitsKind, evaluate } from '../../../metrics/thresholds.ts'
import type { ThresholdResult } from '../../../record/schema.ts'
import type { Condition, ConditionResult } from '../../port.ts'
import type { PlannedThreshold, ThresholdTarget } from './part.ts'

/** k6 looks at thresholds every two seconds and at the end. */
export const lookEveryMs = 2000

/**
 * Opens the sub-metrics that thresholds name; call it when the script has declared its metrics and before any sample.
 * @param option where they stand, for messages
 * @throws UserError for a metric that does not exist or a statistic that it does not have
 */
export function openSubMetrics(
  registry: MetricRegistry,
  targets: readonly ThresholdTarget[],
  thresholds: readonly PlannedThreshold[],
  option = 'options.thresholds',
): void {
  for (const { metric, tags, key } of targets) {
    const known = metricNamed(metric, registry, option)
    if (Object.keys(tags).length > 0) known.subMetric(key, tags)
  }
  for (const { metric, key, threshold } of thresholds)
    assertStatFitsKind(threshold, key, metricNamed(metric, registry, option).kind)
}

function metricNamed(name: string, registry: MetricRegistry, option: string): Metric {
  const metric = registry.get(name)
  if (metric) return metric
  const known = registry.all().map((other) => other.name)
  throw new UserError(`${option}: no metric is named "${name}". There are: ${known.join(', ')}`)
}

/** The thresholds of a test, looked at over what all of its parts recorded. */
export class ThresholdWatch {
  private readonly watched: { planned: PlannedThreshold; passed: boolean }[]

  constructor(thresholds: readonly PlannedThreshold[]) {
    this.watched = thresholds.map((planned) => ({ planned, passed: true }))
  }

  /** @returns whether one that is crossed ends the test */
  look(registry: MetricRegistry, elapsedMs: number): boolean {
    let isAborting = false
    for (const item of this.watched) {
      const { threshold } = item.planned
      item.passed = holds(item.planned, registry, elapsedMs)
      if (!item.passed && threshold.abortOnFail && elapsedMs >= threshold.delayAbortEvalMs) isAborting = true
    }
    return isAborting
  }

  /** Metrics with a threshold that did not hold when it was last looked at, by name. */
  crossedMetrics(): string[] {
    const crossed = this.watched.filter(({ passed }) => !passed).map(({ planned }) => planned.key)
    return [...new Set(crossed)].sort()
  }

  get hasFailed(): boolean {
    return this.watched.some((item) => !item.passed)
  }

  /** Whether one of them can end the test early. */
  get mayAbort(): boolean {
    return this.watched.some(({ planned }) => planned.threshold.abortOnFail)
  }

  results(): ThresholdResult[] {
    return this.watched.map(({ planned, passed }) => ({
      metric: planned.key,
      expression: planned.threshold.text,
      passed,
    }))
  }
}

/**
 * What came of conditions over all that was recorded. Of a counter without samples the count is 0; where any other
 * metric has none nothing is known, and then no condition on it holds.
 */
export const lookAtConditions = (
  conditions: readonly Condition[],
  registry: MetricRegistry,
  elapsedMs: number,
): ConditionResult[] =>
  conditions.map((condition) => {
    const { key, threshold } = condition
    const metric = registry.get(condition.metric)
    const sink = metric && sinkOf(condition, metric)
    const isKnown = metric !== undefined && sink !== undefined && (sink.count > 0 || metric.kind === 'counter')
    const found = isKnown ? statOf(sink, metric.kind, threshold.stat, elapsedMs / 1000) : null
    const holds = found !== null && evaluate(threshold, { [threshold.stat]: found })
    return { metric: key, expression: threshold.text, holds, found }
  })

const sinkOf = ({ tags, key }: ThresholdTarget, metric: Metric): Sink =>
  Object.keys(tags).length > 0 ? metric.subMetric(key, tags).sink : metric.total()

function holds(planned: PlannedThreshold, registry: MetricRegistry, elapsedMs: number) {
  const { metric: name, threshold } = planned
  const metric = registry.get(name)
  if (!metric) return true
  const sink = sinkOf(planned, metric)
  // k6: a rate without samples crosses nothing; all else is 0 then.
  if (sink.count === 0 && metric.kind === 'rate') return true
  return evaluate(threshold, { [threshold.stat]: statOf(sink, metric.kind, threshold.stat, elapsedMs / 1000) })
}

/** One statistic of a sink. @param overS seconds over which a rate per second is taken */
export function statOf(sink: Sink, kind: SinkKind, stat: string, overS: number): number {
  const percent = /^p\((.+)\)$/.exec(stat)?.[1]
  if (percent !== undefined) return percentileOfSink(sink, Number(percent))
  switch (stat) {
    case 'avg':
      return sink.count > 0 ? sink.sum / sink.count : 0
    case 'min':
      return sink.count > 0 ? sink.min : 0
    case 'max':
      return sink.count > 0 ? sink.max : 0
    case 'med':
      return percentileOfSink(sink, 50)
    case 'count':
      return kind === 'counter' ? sink.sum : sink.count
    case 'rate':
      if (kind === 'rate') return sink.count > 0 ? sink.sum / sink.count : 0
      return overS > 0 ? sink.sum / overS : 0
    case 'value':
      return sink.last
    default:
      return Number.NaN
  }
}

/** As k6 takes it, which matters where samples are few. */
const percentileOfSink = (sink: Sink, percent: number): number =>
  interpolatedPercentile(sink, percent, (rank) => sink.percentile((100 * rank) / sink.count))
