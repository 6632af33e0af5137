import { type EventLoopUtilization, monitorEventLoopDelay, PerformanceObserver, performance } from 'node:perf_hooks'
import type { Metric } from '../../metrics/registry.ts'
import type { MetricSource, Unit } from '../../metrics/table.ts'
import { describeMetric } from '../../metrics/table.ts'
import type { Phase, Series } from '../../record/schema.ts'
import type { TestContext } from './test-context.ts'

/** What the generator used over one phase. */
export interface GeneratorUse {
  utilization: number
  cpuMs: number
}

interface PhaseMark {
  atMs: number
  sums: Map<Metric, number>
  loop: EventLoopUtilization
  cpu: NodeJS.CpuUsage
  socketsOpen: number
}

const ratesOverTime = ['http_reqs', 'iterations', 'ws_msgs_received', 'dropped_iterations', 'http_req_failed'] as const
const trendsOverTime = ['http_req_duration', 'http_req_intended_duration', 'generator_lateness'] as const
/** Of one second's samples; further out than p95 there are too few of them. */
const percentsOverTime = [50, 95] as const
const loopDelayResolutionMs = 10

/**
 * Watches a running test: what happened in each second, what had happened at the bounds of each phase, and how the
 * generator itself fared, because a generator that is late or busy measures itself.
 */
export class Recorder {
  private readonly context: TestContext
  private readonly series = new Map<string, Series>()
  private readonly lastSums = new Map<string, number>()
  private readonly loopDelay = monitorEventLoopDelay({ resolution: loopDelayResolutionMs })
  private readonly gcObserver: PerformanceObserver
  private readonly marks = new Map<string, { start: PhaseMark; end: PhaseMark | null }>()
  private readonly timers: NodeJS.Timeout[] = []
  private lastTickMs = 0
  private lastLoop = performance.eventLoopUtilization()
  private gcPauseMaxMs = 0
  private rssPeakBytes = 0
  private readonly onSecond: (seconds: number) => void

  constructor(context: TestContext, onSecond: (seconds: number) => void) {
    this.context = context
    this.onSecond = onSecond
    for (const name of trendsOverTime) context.metrics[name].watchOverTime()
    this.gcObserver = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) this.gcPauseMaxMs = Math.max(this.gcPauseMaxMs, entry.duration)
    })
  }

  start(startMs: number, phases: Phase[]): void {
    this.lastTickMs = startMs
    this.forgetSetup()
    this.loopDelay.enable()
    this.gcObserver.observe({ entryTypes: ['gc'] })
    this.rssPeakBytes = process.memoryUsage.rss()
    for (const phase of phases) {
      this.at(startMs + phase.startS * 1000, () => this.marks.set(phase.name, { start: this.mark(), end: null }))
      this.at(startMs + phase.endS * 1000, () => this.closePhase(phase.name))
    }
    this.planTick(startMs, 1)
  }

  /** What setup() did is no part of the first second. */
  private forgetSetup(): void {
    const { registry, options } = this.context
    for (const metric of registry.all()) {
      this.lastSums.set(metric.name, metric.sum())
      metric.drainInterval(() => {})
    }
    this.lastSums.set('throughput', registry.get(options.notes.operation)?.sum() ?? 0)
  }

  /** Second boundaries are absolute, so that a late tick does not move the next. */
  private planTick(startMs: number, second: number): void {
    this.at(startMs + second * 1000, () => {
      this.countUsers()
      this.tick()
      this.onSecond(second)
      this.planTick(startMs, second + 1)
    })
  }

  private at(timeMs: number, action: () => void): void {
    this.timers.push(setTimeout(action, Math.max(0, timeMs - this.context.now())))
  }

  stop(): void {
    for (const timer of this.timers) clearTimeout(timer)
    for (const name of this.marks.keys()) this.closePhase(name)
    if (this.context.now() - this.lastTickMs > 100) this.tick()
    this.loopDelay.disable()
    this.gcObserver.disconnect()
  }

  private closePhase(name: string): void {
    const marks = this.marks.get(name)
    if (marks && marks.end === null) marks.end = this.mark()
  }

  private mark(): PhaseMark {
    const sums = new Map(this.context.registry.all().map((metric) => [metric, metric.sum()]))
    return {
      atMs: this.context.now(),
      sums,
      loop: performance.eventLoopUtilization(),
      cpu: process.cpuUsage(),
      socketsOpen: this.context.counts.socketsOpen,
    }
  }

  /** How much a counter grew within a phase and over how many seconds; null when the phase never began. */
  growthIn(phase: string, metric: Metric): { sum: number; overS: number } | null {
    const marks = this.marks.get(phase)
    if (!marks?.end) return null
    const sum = (marks.end.sums.get(metric) ?? 0) - (marks.start.sums.get(metric) ?? 0)
    return { sum, overS: (marks.end.atMs - marks.start.atMs) / 1000 }
  }

  useByPhase(): Record<string, GeneratorUse> {
    const use: Record<string, GeneratorUse> = {}
    for (const [name, { start, end }] of this.marks) {
      if (!end) continue
      const utilization = performance.eventLoopUtilization(end.loop, start.loop).utilization
      const cpuMs = (end.cpu.user + end.cpu.system - start.cpu.user - start.cpu.system) / 1000
      use[name] = { utilization, cpuMs }
    }
    return use
  }

  /** WebSocket sessions open at the end of each phase. */
  socketsAtPhaseEnd(): Record<string, number> {
    return Object.fromEntries([...this.marks].flatMap(([name, { end }]) => (end ? [[name, end.socketsOpen]] : [])))
  }

  /** Once a second, and not when all is over: then nobody is active, which says nothing of the load. */
  private countUsers(): void {
    const { metrics, counts } = this.context
    metrics.vus.add(counts.vusActive, 0, null)
    metrics.vus_max.add(counts.vusInitialized, 0, null)
  }

  private tick(): void {
    const { context } = this
    const nowMs = context.now()
    const seconds = (nowMs - this.lastTickMs) / 1000
    // A second's value stands at its middle.
    const atS = ((nowMs + this.lastTickMs) / 2 - context.startMs) / 1000
    this.lastTickMs = nowMs
    this.push('vus', 'value', 'count', 'k6', atS, context.counts.vusActive)
    if (context.metrics.ws_sessions.sum() > 0) {
      this.push('ws_sessions_open', 'value', 'count', 'engine', atS, context.counts.socketsOpen)
    }
    const operation = context.registry.get(context.options.notes.operation)
    if (operation) this.pushRate(operation, atS, seconds, 'throughput', 'value')
    for (const name of ratesOverTime) this.pushRate(context.metrics[name], atS, seconds)
    for (const metric of context.registry.all()) this.pushTrend(metric, atS)
    this.pushGenerator(atS)
  }

  private pushRate(metric: Metric, atS: number, seconds: number, name = metric.name, stat = 'rate'): void {
    const sum = metric.sum()
    const grown = sum - (this.lastSums.get(name) ?? 0)
    this.lastSums.set(name, sum)
    if (sum > 0) this.push(name, stat, 'per second', 'k6', atS, grown / seconds)
  }

  private pushTrend(metric: Metric, atS: number): void {
    if (!metric.isWatchedOverTime) return
    const { unit, source } = describeMetric({ name: metric.name, kind: metric.kind, isTime: metric.isTime })
    metric.drainInterval((interval) => {
      for (const percent of percentsOverTime) {
        const value = interval.count > 0 ? interval.percentile(percent) : null
        if (value !== null || this.series.has(`${metric.name} p(${percent})`))
          this.push(metric.name, `p(${percent})`, unit, source, atS, value)
      }
    })
  }

  private pushGenerator(atS: number): void {
    const loop = performance.eventLoopUtilization()
    this.push(
      'generator_utilization',
      'value',
      'share',
      'generator',
      atS,
      performance.eventLoopUtilization(loop, this.lastLoop).utilization,
    )
    this.lastLoop = loop
    // monitorEventLoopDelay measures intervals of its own timer: its resolution is not delay.
    const delayMs = Math.max(0, this.loopDelay.percentile(99) / 1e6 - loopDelayResolutionMs)
    this.push('generator_event_loop_delay', 'p(99)', 'ms', 'generator', atS, delayMs)
    this.loopDelay.reset()
    const rssBytes = process.memoryUsage.rss()
    this.rssPeakBytes = Math.max(this.rssPeakBytes, rssBytes)
    this.push('generator_rss', 'value', 'MB', 'generator', atS, rssBytes / 1e6)
  }

  private push(
    metric: string,
    stat: string,
    unit: Unit,
    source: MetricSource,
    atS: number,
    value: number | null,
  ): void {
    const key = `${metric} ${stat}`
    let series = this.series.get(key)
    if (!series) {
      series = { metric, stat, unit, source, t: [], v: [] }
      this.series.set(key, series)
    }
    series.t.push(Math.round(atS * 1000) / 1000)
    series.v.push(value)
  }

  allSeries(): Series[] {
    return [...this.series.values()]
  }

  get gcPauseMax(): number {
    return this.gcPauseMaxMs
  }

  get rssPeak(): number {
    return this.rssPeakBytes
  }
}
