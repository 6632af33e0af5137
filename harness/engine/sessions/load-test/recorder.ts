import { type EventLoopUtilization, monitorEventLoopDelay, PerformanceObserver, performance } from 'node:perf_hooks'
import type { Metric } from '../../../metrics/registry.ts'
import type { Phase } from '../../../record/schema.ts'
import type { ScriptNotes } from '../../port.ts'
import type { PhaseState, Second } from './part.ts'
import { joinParts, type SecondPart } from './second-parts.ts'
import type { TestContext } from './test-context.ts'

/** What it looks at of a test, whatever kind of test it is. */
export interface Recorded extends Pick<TestContext, 'registry' | 'counts' | 'now'> {
  options: { notes: Pick<ScriptNotes, 'operation'> }
}

interface PhaseMark {
  atMs: number
  sums: Map<Metric, number>
  loop: EventLoopUtilization
  cpu: NodeJS.CpuUsage
  socketsOpen: number
}

type Users = Pick<TestContext['counts'], 'vusActive' | 'vusInitialized' | 'socketsOpen'>

interface Window {
  start: PhaseMark
  end: PhaseMark | null
}

const ratesOverTime = ['http_reqs', 'iterations', 'ws_msgs_received', 'dropped_iterations']
/** Failures are, too, those that a script counts by itself among them: sessions have no HTTP requests that could fail. */
const isRateOverTime = ({ name, kind }: Metric): boolean =>
  ratesOverTime.includes(name) || (kind === 'rate' && name.endsWith('_failed'))
const trendsOverTime = ['http_req_duration', 'http_req_intended_duration', 'generator_lateness'] as const
const loopDelayResolutionMs = 10
/**
 * A second is cut so long after its end. Cutting it takes a millisecond, and the parent takes another to hear of it: of loads
 * that have something due at every full second (25 starts a second), that would be late each time.
 */
const offBeatMs = 7

/**
 * Watches a running test: what happened in each second, what had happened at the bounds of each phase, and how the
 * generator itself fared, because a generator that is late or busy measures itself.
 */
export class Recorder {
  private readonly context: Recorded
  private readonly lastSums = new Map<string, number>()
  private readonly loopDelay = monitorEventLoopDelay({ resolution: loopDelayResolutionMs })
  private readonly gcObserver: PerformanceObserver
  /** By phase its windows, in order: one, or one for each slice. The last may be open. */
  private readonly windows = new Map<string, Window[]>()
  private readonly timers: NodeJS.Timeout[] = []
  /** Where the axis of the seconds begins: for a slice, where it would if all before had come right before it. */
  private zeroMs = 0
  /** On that axis: where a slice ends, and the load stands still until the next. */
  private standsStillAtMs = Number.POSITIVE_INFINITY
  private slicedMs = 0
  /** Of the second under way. */
  private parts: SecondPart[] = []
  private secondFromMs = 0
  private secondToMs = 0
  /** Of what is not cut yet, on the clock. */
  private partFromMs = 0
  private isUnderWay = false
  /** At the end of the second that is cut next; null before that. */
  private usersThen: Users | null = null
  private lastLoop = performance.eventLoopUtilization()
  private gcPauseMaxMs = 0
  private rssPeakBytes = 0
  private secondsTold = 0
  private readonly onSecond: (second: Second) => void

  constructor(context: Recorded, onSecond: (second: Second) => void) {
    this.context = context
    this.onSecond = onSecond
    for (const name of trendsOverTime) context.registry.get(name)?.watchOverTime()
    this.gcObserver = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) this.gcPauseMaxMs = Math.max(this.gcPauseMaxMs, entry.duration)
    })
  }

  start(startMs: number, phases: Phase[]): void {
    this.zeroMs = startMs
    this.begin(startMs, phases)
  }

  /**
   * A slice of a load that stands still between them: `pause` ends it, and seconds and phases go on in the next. What goes on
   * between the end of the slice and `pause` (the drain) is in no phase and in no second.
   */
  startSlice(startMs: number, lengthMs: number, phases: string[]): void {
    this.zeroMs = startMs - this.slicedMs
    this.slicedMs += lengthMs
    this.standsStillAtMs = this.slicedMs
    this.begin(
      startMs,
      phases.map((name) => ({ name, startS: 0, endS: lengthMs / 1000 })),
    )
  }

  private begin(startMs: number, phases: Phase[]): void {
    this.partFromMs = startMs
    this.isUnderWay = true
    this.lastLoop = performance.eventLoopUtilization()
    this.forgetBefore()
    this.loopDelay.reset()
    this.loopDelay.enable()
    this.gcObserver.observe({ entryTypes: ['gc'] })
    this.rssPeakBytes = Math.max(this.rssPeakBytes, process.memoryUsage.rss())
    for (const phase of phases) {
      this.at(startMs + phase.startS * 1000, () => this.openPhase(phase.name))
      this.at(startMs + phase.endS * 1000, () => this.closePhase(phase.name))
    }
    this.planCut()
  }

  /** What setup() did, or the drain of the slice before, is no part of the first second. */
  private forgetBefore(): void {
    const { registry, options } = this.context
    for (const metric of registry.all()) {
      this.lastSums.set(metric.name, metric.sum())
      metric.takeInterval()
    }
    this.lastSums.set('throughput', registry.get(options.notes.operation)?.sum() ?? 0)
  }

  /** Second boundaries are absolute, so that a late cut does not move the next. */
  private planCut(): void {
    const secondEndsMs = 1000 * (this.secondsTold + 1)
    const cutMs = Math.min(secondEndsMs + offBeatMs, this.standsStillAtMs)
    // When it is cut the load may be over, and everybody gone.
    if (secondEndsMs <= this.standsStillAtMs)
      this.at(this.zeroMs + secondEndsMs, () => {
        this.usersThen = this.users()
      })
    this.at(this.zeroMs + cutMs, () => {
      this.cut()
      if (cutMs >= secondEndsMs) this.tell(true)
      if (cutMs < this.standsStillAtMs) this.planCut()
      else this.isUnderWay = false
    })
  }

  private at(timeMs: number, action: () => void): void {
    this.timers.push(setTimeout(action, Math.max(0, timeMs - this.context.now())))
  }

  /** Until the next slice. */
  pause(): void {
    for (const timer of this.timers.splice(0)) clearTimeout(timer)
    for (const name of this.windows.keys()) this.closePhase(name)
    if (this.isUnderWay) this.cut()
    this.isUnderWay = false
    this.loopDelay.disable()
    this.gcObserver.disconnect()
  }

  /** The load is over. Can be called twice. */
  stop(): void {
    this.pause()
    if (joinParts(this.parts).overS > 0.1) this.tell(this.usersThen !== null)
    this.parts = []
  }

  private openPhase(name: string): void {
    this.windows.set(name, [...(this.windows.get(name) ?? []), { start: this.mark(), end: null }])
  }

  private closePhase(name: string): void {
    const last = this.windows.get(name)?.at(-1)
    if (last && last.end === null) last.end = this.mark()
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

  /** What happened within the phases that began. */
  phases(): PhaseState[] {
    return [...this.windows].map(([name, windows]) => phaseOver(name, windows))
  }

  /** What was recorded since the last cut is a part of the second under way. */
  private cut(): void {
    const nowMs = this.context.now()
    if (this.parts.length === 0) this.secondFromMs = this.partFromMs - this.zeroMs
    this.secondToMs = nowMs - this.zeroMs
    this.parts.push({ ms: nowMs - this.partFromMs, rates: this.rates(), trends: this.trends(), ...this.generator() })
    this.partFromMs = nowMs
  }

  private users(): Users {
    const { vusActive, vusInitialized, socketsOpen } = this.context.counts
    return { vusActive, vusInitialized, socketsOpen }
  }

  private tell(isWhole: boolean): void {
    const { counts } = this.context
    const users = this.usersThen ?? this.users()
    this.usersThen = null
    this.onSecond({
      index: ++this.secondsTold,
      isWhole,
      // A second's value stands at its middle.
      atS: (this.secondFromMs + this.secondToMs) / 2000,
      ...users,
      socketsOpened: this.sumOf('ws_sessions'),
      iterationsCompleted: counts.iterationsCompleted,
      requestsFailed: this.sumOf('http_req_failed'),
      ...joinParts(this.parts.splice(0)),
    })
  }

  private sumOf(name: string): number {
    return this.context.registry.get(name)?.sum() ?? 0
  }

  private rates(): Second['rates'] {
    const { registry, options } = this.context
    const operation = registry.get(options.notes.operation)
    const shown = registry
      .all()
      .filter(isRateOverTime)
      .map((metric) => this.rate(metric, metric.name, 'rate'))
    return operation ? [this.rate(operation, 'throughput', 'value'), ...shown] : shown
  }

  private rate(source: Metric, metric: string, stat: string): Second['rates'][number] {
    const sum = source.sum()
    const grown = sum - (this.lastSums.get(metric) ?? 0)
    this.lastSums.set(metric, sum)
    return { metric, stat, grown, sum }
  }

  private trends(): Second['trends'] {
    const trends: Second['trends'] = []
    for (const metric of this.context.registry.all()) {
      const state = metric.takeInterval()
      if (state !== null) trends.push({ metric: metric.name, isTime: metric.isTime, state })
    }
    return trends
  }

  private generator(): Pick<SecondPart, 'loop' | 'loopDelayMs' | 'rssBytes'> {
    const now = performance.eventLoopUtilization()
    const loop = performance.eventLoopUtilization(now, this.lastLoop)
    this.lastLoop = now
    // monitorEventLoopDelay measures intervals of its own timer: its resolution is not delay.
    const loopDelayMs = Math.max(0, this.loopDelay.percentile(99) / 1e6 - loopDelayResolutionMs)
    this.loopDelay.reset()
    const rssBytes = process.memoryUsage.rss()
    this.rssPeakBytes = Math.max(this.rssPeakBytes, rssBytes)
    return { loop, loopDelayMs, rssBytes }
  }

  get gcPauseMax(): number {
    return this.gcPauseMaxMs
  }

  get rssPeak(): number {
    return this.rssPeakBytes
  }
}

function phaseOver(name: string, windows: readonly Window[]): PhaseState {
  // Metrics may be named like members of every object.
  const growth: Record<string, number> = Object.create(null)
  const sum = { ms: 0, active: 0, idle: 0, cpuMs: 0, socketsOpen: 0 }
  for (const { start, end } of windows) {
    if (end === null) continue
    for (const [metric, total] of end.sums)
      if (metric.kind === 'counter')
        growth[metric.name] = (growth[metric.name] ?? 0) + total - (start.sums.get(metric) ?? 0)
    const loop = performance.eventLoopUtilization(end.loop, start.loop)
    sum.ms += end.atMs - start.atMs
    sum.active += loop.active
    sum.idle += loop.idle
    sum.cpuMs += (end.cpu.user + end.cpu.system - start.cpu.user - start.cpu.system) / 1000
    sum.socketsOpen = end.socketsOpen
  }
  const { ms, active, idle, cpuMs, socketsOpen } = sum
  return { name, overS: ms / 1000, growth, utilization: active / (active + idle), cpuMs, socketsOpen }
}
