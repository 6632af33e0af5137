import type { Histogram } from './histogram.ts'
import { type Sink, type SinkKind, type SinkState, sinkKinds, TrendSink } from './sinks.ts'
import { describeMetric } from './table.ts'

/** Where a sample gets its tags from, asked only when a sub-metric or an observer wants to know. */
export interface TagSource {
  tag(name: string): string | undefined
  /** Puts all tags and metadata of the sample there. */
  collect(into: SampleTags): void
  /** Two samples from the same source with the same defined `moment` have the same tags. */
  readonly moment?: unknown
}

export interface SampleTags {
  tags: Record<string, string>
  metadata: Record<string, string>
}

/** Is told of every sample: an output. */
export interface SampleObserver {
  observe(metric: Metric, value: number, source: TagSource | null): void
}

export interface SubMetric {
  /** `http_req_duration{scenario:paced}`, as the script wrote it. */
  key: string
  tags: Record<string, string>
  sink: Sink
}

/** All that was recorded of one metric, as it crosses to another process. */
export interface MetricState {
  name: string
  kind: SinkKind
  isTime: boolean
  byScenario: SinkState[]
  subMetrics: { key: string; tags: Record<string, string>; state: SinkState }[]
}

/**
 * One metric: a sink for each k6 scenario of the script (so that every figure exists overall and by scenario without
 * recording twice), plus sub-metrics by tags where a threshold asks for them.
 */
export class Metric {
  readonly name: string
  readonly kind: SinkKind
  readonly isTime: boolean
  readonly subMetrics: SubMetric[] = []
  private readonly byScenario: Sink[] = []
  /** What there was at the last tick, for the per-second series; only for trends that are shown over time. */
  private before: Histogram | null = null
  private aside: TrendSink | null = null
  private observer: SampleObserver | null = null
  /** Whether anybody but the sinks wants samples: the one thing that is asked of every sample. */
  private isFollowed = false

  constructor(name: string, kind: SinkKind, isTime: boolean) {
    this.name = name
    this.kind = kind
    this.isTime = isTime
  }

  add(value: number, scenario: number, tags: TagSource | null): void {
    const sink = this.byScenario[scenario] ?? this.openSink(scenario)
    sink.add(value)
    if (this.isFollowed) this.tell(value, tags)
  }

  private tell(value: number, tags: TagSource | null): void {
    this.observer?.observe(this, value, tags)
    for (const sub of this.subMetrics) {
      if (tags !== null && matches(sub.tags, tags)) sub.sink.add(value)
    }
  }

  private openSink(scenario: number): Sink {
    while (this.byScenario.length <= scenario) this.byScenario.push(new sinkKinds[this.kind]())
    return this.byScenario[scenario]!
  }

  subMetric(key: string, tags: Record<string, string>): SubMetric {
    const known = this.subMetrics.find((sub) => sub.key === key)
    if (known) return known
    const sub = { key, tags, sink: new sinkKinds[this.kind]() }
    this.subMetrics.push(sub)
    this.isFollowed = true
    return sub
  }

  /** The sample that was just added belongs to the few that `openRest` leaves out. Trends only. */
  setAside(value: number): void {
    this.aside ??= new TrendSink()
    this.aside.add(value)
  }

  /** A sub-metric of all samples that were not set aside: costs nothing while the load runs. Opened if it has any. */
  openRest(key: string, tags: Record<string, string>): void {
    const rest = this.total()
    if (!(rest instanceof TrendSink) || this.subMetrics.some((sub) => sub.key === key)) return
    if (this.aside !== null) rest.remove(this.aside)
    if (rest.count > 0) this.subMetrics.push({ key, tags, sink: rest })
  }

  observeWith(observer: SampleObserver | null): void {
    this.observer = observer
    this.isFollowed = observer !== null || this.subMetrics.length > 0
  }

  /** The sink of one scenario; empty if nothing came. */
  of(scenario: number): Sink {
    return this.byScenario[scenario] ?? new sinkKinds[this.kind]()
  }

  /** All scenarios together. */
  total(): Sink {
    const total = new sinkKinds[this.kind]()
    for (const sink of this.byScenario) total.merge(sink as never)
    return total
  }

  state(): MetricState {
    const { name, kind, isTime } = this
    const subMetrics = this.subMetrics.map(({ key, tags, sink }) => ({ key, tags, state: sink.state() }))
    return { name, kind, isTime, byScenario: this.byScenario.map((sink) => sink.state()), subMetrics }
  }

  /** Adds what the same metric of another process recorded. */
  absorb(state: MetricState): void {
    for (const [scenario, sink] of state.byScenario.entries()) this.openSink(scenario).absorb(sink)
    for (const { key, tags, state: sub } of state.subMetrics) this.subMetric(key, tags).sink.absorb(sub)
  }

  get isEmpty(): boolean {
    return this.byScenario.every((sink) => sink.count === 0)
  }

  /** Running sum over all scenarios: cheap, for series and phase boundaries. */
  sum(): number {
    let sum = 0
    for (const sink of this.byScenario) sum += sink.sum
    return sum
  }

  watchOverTime(): void {
    if (this.kind === 'trend') this.before ??= (this.total() as TrendSink).histogram
  }

  get isWatchedOverTime(): boolean {
    return this.before !== null
  }

  /**
   * What came since the last call, but for negative values; null where the metric is not watched over time. Sum and
   * extremes are those of all that ever came.
   */
  takeInterval(): SinkState | null {
    if (this.before === null) return null
    const { histogram, sum, min, max, last } = this.total() as TrendSink
    const { count, slots } = histogram.since(this.before)
    this.before = histogram
    return { count, sum, min, max, last, slots }
  }
}

const matches = (wanted: Record<string, string>, tags: TagSource): boolean => {
  // Scripts also tag with numbers and booleans.
  for (const name in wanted) if (String(tags.tag(name)) !== wanted[name]) return false
  return true
}

const valueType = (isTime: boolean): string => (isTime ? 'time' : 'default')

export class MetricRegistry {
  private readonly metrics = new Map<string, Metric>()
  private observer: SampleObserver | null = null

  /** @throws Error when the name is taken by a metric of another type, as k6 does */
  open(name: string, kind: SinkKind, isTime = false): Metric {
    const known = this.metrics.get(name)
    if (known) {
      const taken = `metric '${name}' already exists but with`
      if (known.kind !== kind) throw new Error(`${taken} type ${known.kind}, instead of ${kind}`)
      if (known.isTime !== isTime)
        throw new Error(`${taken} a value type ${valueType(known.isTime)}, instead of ${valueType(isTime)}`)
      return known
    }
    const metric = new Metric(name, kind, isTime)
    metric.observeWith(this.observer)
    this.metrics.set(name, metric)
    return metric
  }

  /** A metric of the table. */
  builtin(name: string): Metric {
    const row = describeMetric(name)
    if (row.kind === 'value') throw new Error(`${name} is not a metric that takes samples`)
    return this.open(name, row.kind, row.isTime ?? false)
  }

  /** From here on the observer is told of every sample, of metrics that are still to come too; null: nobody is. */
  observeWith(observer: SampleObserver | null): void {
    this.observer = observer
    for (const metric of this.metrics.values()) metric.observeWith(observer)
  }

  /** Adds what another process recorded. */
  absorb(states: readonly MetricState[]): void {
    for (const state of states) this.open(state.name, state.kind, state.isTime).absorb(state)
  }

  get(name: string): Metric | undefined {
    return this.metrics.get(name)
  }

  all(): Metric[] {
    return [...this.metrics.values()]
  }
}
