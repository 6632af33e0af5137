import { MetricRegistry, type MetricState } from '../../../metrics/registry.ts'
import { GaugeSink, TrendSink } from '../../../metrics/sinks.ts'
import { describeMetric, type MetricSource, type Unit } from '../../../metrics/table.ts'
import type { Series } from '../../../record/schema.ts'
import type { SecondValue } from '../../port.ts'
import type { Second } from './part.ts'

/** Of one second's samples; further out than p95 there are too few of them. */
const percentsOverTime = [50, 95] as const

/** Metrics of the whole test that no part can know alone. */
export const gaugesOfWhole: readonly string[] = ['vus', 'vus_max']

/** What all parts did in one second. */
export interface WholeSecond {
  index: number
  /** False for what is left at the end, less than a second. */
  isWhole: boolean
  vus: number
  vusInitialized: number
  iterationsCompleted: number
  requestsFailed: number
  /** What it added to each series. */
  values: readonly SecondValue[]
}

/**
 * Puts the seconds of all parts together to what is shown over time. A second is complete when every part has told of
 * it, or has ended before it.
 */
export class SeriesBuilder {
  private readonly onSecond: (second: WholeSecond) => void
  private readonly series = new Map<string, Series>()
  private readonly waiting: Second[][]
  private readonly hasEnded: boolean[]
  private readonly vus = new GaugeSink()
  private readonly vusMax = new GaugeSink()
  private completedByPart: number[]
  private failedByPart: number[]
  private initializedByPart: number[]
  private newest: SecondValue[] = []

  constructor(parts: number, onSecond: (second: WholeSecond) => void) {
    this.onSecond = onSecond
    this.waiting = Array.from({ length: parts }, () => [])
    this.hasEnded = Array.from({ length: parts }, () => false)
    this.completedByPart = Array.from({ length: parts }, () => 0)
    this.failedByPart = Array.from({ length: parts }, () => 0)
    this.initializedByPart = Array.from({ length: parts }, () => 0)
  }

  add(part: number, second: Second): void {
    this.waiting[part]!.push(second)
    this.takeComplete()
  }

  end(part: number): void {
    this.hasEnded[part] = true
    this.takeComplete()
  }

  private takeComplete(): void {
    while (this.waiting.some((queue) => queue.length > 0)) {
      if (this.waiting.some((queue, part) => queue.length === 0 && !this.hasEnded[part])) return
      const index = Math.min(...this.waiting.flatMap((queue) => (queue.length > 0 ? [queue[0]!.index] : [])))
      const seconds = this.waiting.flatMap((queue, part) => (queue[0]?.index === index ? [this.take(part)] : []))
      this.merge(index, seconds)
    }
  }

  private take(part: number): Second {
    const second = this.waiting[part]!.shift()!
    this.completedByPart[part] = second.iterationsCompleted
    this.failedByPart[part] = second.requestsFailed
    this.initializedByPart[part] = second.vusInitialized
    return second
  }

  private merge(index: number, seconds: Second[]): void {
    this.newest = []
    // The longest: a part that ended within this second saw less of it than one that goes on.
    const { atS, overS } = seconds.reduce((longest, second) => (second.overS > longest.overS ? second : longest))
    const vus = sumOf(seconds, ({ vusActive }) => vusActive)
    // The users of a part that has ended stay until all is over.
    const vusInitialized = total(this.initializedByPart)
    // Once a second, and not when all is over: then nobody is active, which says nothing of the load.
    const isWhole = seconds.some((second) => second.isWhole)
    if (isWhole) {
      this.vus.add(vus)
      this.vusMax.add(vusInitialized)
    }
    this.push('vus', 'value', 'count', 'k6', atS, vus)
    if (this.series.has('ws_sessions_open value') || seconds.some(({ socketsOpened }) => socketsOpened > 0)) {
      const open = sumOf(seconds, ({ socketsOpen }) => socketsOpen)
      this.push('ws_sessions_open', 'value', 'count', 'engine', atS, open)
    }
    this.pushRates(seconds, atS, overS)
    this.pushTrends(seconds, atS)
    this.pushGenerator(seconds, atS)
    this.onSecond({
      index,
      isWhole,
      vus,
      vusInitialized,
      iterationsCompleted: total(this.completedByPart),
      requestsFailed: total(this.failedByPart),
      values: this.newest,
    })
  }

  private pushRates(seconds: Second[], atS: number, overS: number): void {
    const together = new Map<string, Second['rates'][number]>()
    for (const rate of seconds.flatMap(({ rates }) => rates)) {
      const key = `${rate.metric} ${rate.stat}`
      const known = together.get(key)
      together.set(key, known ? { ...rate, grown: known.grown + rate.grown, sum: known.sum + rate.sum } : rate)
    }
    for (const [key, { metric, stat, grown, sum }] of together)
      if (sum > 0 || this.series.has(key)) this.push(metric, stat, 'per second', 'k6', atS, grown / overS)
  }

  private pushTrends(seconds: Second[], atS: number): void {
    const byName = new Map<string, { sink: TrendSink; isTime: boolean }>()
    for (const { metric: name, isTime, state } of seconds.flatMap(({ trends }) => trends)) {
      const merged = byName.get(name) ?? { sink: new TrendSink(), isTime }
      byName.set(name, merged)
      merged.sink.absorb(state)
    }
    for (const [name, { sink, isTime }] of byName) {
      const { unit, source } = describeMetric({ name, kind: 'trend', isTime })
      for (const percent of percentsOverTime) {
        const value = sink.count > 0 ? sink.percentile(percent) : null
        const stat = `p(${percent})`
        if (value !== null || this.series.has(`${name} ${stat}`)) this.push(name, stat, unit, source, atS, value)
      }
    }
  }

  /** Of several generators the worst one counts: it is the one that spoils the measurement. Their memory adds up. */
  private pushGenerator(seconds: Second[], atS: number): void {
    const worst = (of: (generator: Second['generator']) => number): number =>
      Math.max(...seconds.map(({ generator }) => of(generator)))
    const utilization = worst((generator) => generator.utilization)
    const loopDelayMs = worst((generator) => generator.loopDelayMs)
    const rssBytes = sumOf(seconds, ({ generator }) => generator.rssBytes)
    this.push('generator_utilization', 'value', 'share', 'generator', atS, utilization)
    this.push('generator_event_loop_delay', 'p(99)', 'ms', 'generator', atS, loopDelayMs)
    this.push('generator_rss', 'value', 'MB', 'generator', atS, rssBytes / 1e6)
  }

  private push(metric: string, stat: string, unit: Unit, source: MetricSource, atS: number, value: number | null) {
    const key = `${metric} ${stat}`
    let series = this.series.get(key)
    if (!series) {
      series = { metric, stat, unit, source, t: [], v: [] }
      this.series.set(key, series)
    }
    series.t.push(Math.round(atS * 1000) / 1000)
    series.v.push(value)
    this.newest.push({ metric, stat, unit, value })
  }

  all(): Series[] {
    return [...this.series.values()]
  }

  /** `vus` and `vus_max`, of which each part knows only its own. */
  gauges(): MetricState[] {
    const of = (name: string, sink: GaugeSink): MetricState[] =>
      sink.count === 0 ? [] : [{ name, kind: 'gauge', isTime: false, byScenario: [sink.state()], subMetrics: [] }]
    return [...of('vus', this.vus), ...of('vus_max', this.vusMax)]
  }

  get mostInitialized(): number {
    return this.vusMax.count === 0 ? 0 : this.vusMax.max
  }
}

/** What the parts recorded, together. */
export function mergeMetrics(states: readonly MetricState[][], whole: SeriesBuilder): MetricRegistry {
  const registry = new MetricRegistry()
  for (const state of states) registry.absorb(state.filter(({ name }) => !gaugesOfWhole.includes(name)))
  registry.absorb(whole.gauges())
  return registry
}

const total = (values: number[]): number => values.reduce((sum, value) => sum + value, 0)
const sumOf = <T>(items: T[], of: (item: T) => number): number => total(items.map(of))
