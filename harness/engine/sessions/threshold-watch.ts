import { UserError } from '../../errors.ts'
import type { SubMetric } from '../../metrics/registry.ts'
import type { Sink, SinkKind } from '../../metrics/sinks.ts'
import { assertStatFitsKind, evaluate, type Threshold } from '../../metrics/thresholds.ts'
import type { ThresholdResult } from '../../record/schema.ts'
import type { TestContext } from './test-context.ts'

interface Watched {
  key: string
  threshold: Threshold
  kind: SinkKind
  sink(): Sink
  passed: boolean
}

/** k6 looks at thresholds every two seconds and at the end. */
export const lookEveryMs = 2000

/** The thresholds of a test. */
export class ThresholdWatch {
  private readonly watched: Watched[]
  private readonly context: TestContext

  /**
   * Opens the sub-metrics that thresholds name; call it when the script has declared its metrics and before any sample.
   * @throws UserError for a metric that does not exist or a statistic that it does not have
   */
  constructor(context: TestContext) {
    this.context = context
    this.watched = context.options.thresholds.map(({ metric: name, tags, key, threshold }) => {
      const metric = context.registry.get(name)
      if (!metric) {
        const known = context.registry.all().map((other) => other.name)
        throw new UserError(`options.thresholds: no metric is named "${name}". There are: ${known.join(', ')}`)
      }
      assertStatFitsKind(threshold, key, metric.kind)
      const sub: SubMetric | null = Object.keys(tags).length > 0 ? metric.subMetric(key, tags) : null
      return { key, threshold, kind: metric.kind, sink: () => sub?.sink ?? metric.total(), passed: true }
    })
  }

  /** @returns the threshold that ends the test, if one does */
  look(elapsedMs: number): Threshold | null {
    let aborting: Threshold | null = null
    for (const item of this.watched) {
      const sink = item.sink()
      // k6: a threshold on a metric without samples holds (except for counts, which are then 0).
      item.passed =
        sink.count === 0 && item.kind !== 'counter'
          ? true
          : evaluate(item.threshold, this.statsFor(item, sink, elapsedMs))
      if (!item.passed && item.threshold.abortOnFail && elapsedMs >= item.threshold.delayAbortEvalMs)
        aborting ??= item.threshold
    }
    return aborting
  }

  private statsFor({ threshold, kind }: Watched, sink: Sink, elapsedMs: number): Record<string, number> {
    return { [threshold.stat]: statOf(sink, kind, threshold.stat, elapsedMs / 1000) }
  }

  get hasFailed(): boolean {
    return this.watched.some((item) => !item.passed)
  }

  get isEmpty(): boolean {
    return this.context.options.thresholds.length === 0
  }

  results(): ThresholdResult[] {
    return this.watched.map(({ key, threshold, passed }) => ({ metric: key, expression: threshold.text, passed }))
  }
}

/** One statistic of a sink. @param overS seconds over which a rate per second is taken */
export function statOf(sink: Sink, kind: SinkKind, stat: string, overS: number): number {
  const percent = /^p\((.+)\)$/.exec(stat)?.[1]
  if (percent !== undefined) return sink.percentile(Number(percent))
  switch (stat) {
    case 'avg':
      return sink.count > 0 ? sink.sum / sink.count : 0
    case 'min':
      return sink.count > 0 ? sink.min : 0
    case 'max':
      return sink.count > 0 ? sink.max : 0
    case 'med':
      return sink.percentile(50)
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
