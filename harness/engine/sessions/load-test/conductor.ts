import { monotonicNow } from '../../../clock.ts'
import { type ExitCode, exitCodes } from '../../../exit-codes.ts'
import type { MetricRegistry, MetricState } from '../../../metrics/registry.ts'
import type { Phase } from '../../../record/schema.ts'
import type { LoadEvents, LoadProgress, LoadResult } from '../../port.ts'
import type { PartEvents, PartState, TestPart, TestPlan } from './part.ts'
import { assembleResult } from './result.ts'
import { mergeMetrics, SeriesBuilder, type WholeSecond } from './series.ts'
import { planInSlices } from './slices.ts'
import { lookAtConditions, lookEveryMs, ThresholdWatch } from './threshold-watch.ts'

export interface ConductorHooks {
  log(level: string, message: string, source?: 'console'): void
  /** Text for the harness's standard output. */
  print?(text: string): void
  /** Everything is ready; the load begins when this has resolved. */
  beforeStart?(phases: Phase[]): Promise<void> | void
  started?(startMs: number, phases: Phase[]): void
  /** Nothing of the load is under way any more; the script's teardown is next. */
  ended?(): void
  /** The load is run in slices, as it says. */
  lead?: LoadEvents['lead']
  progress?(progress: LoadProgress): void
  /** Gives what the script's handleSummary() is called with; undefined: it is not called. */
  summarize?(result: LoadResult): unknown
}

/** Several processes need a moment to hear when the load begins, so that all begin at the same time. */
const noticeMs = 50

/**
 * Leads the parts of one load test: all are initialised before one of them sets up, all begin at the same moment, and
 * what they recorded is put together. Thresholds are looked at over the whole.
 */
export class Conductor {
  private readonly plan: TestPlan
  private readonly hooks: ConductorHooks
  private readonly thresholds: ThresholdWatch
  private readonly series: SeriesBuilder
  private readonly partCount: number
  private parts: readonly TestPart[] = []
  private startMs = 0
  /** Of a load in slices: how long they were, and how long with their drains. */
  private readonly slices = { lengthMs: 0, drainedMs: 0 }
  private isLooking = false
  private readonly warned = new Set<string>()
  private stopped: { exitCode: ExitCode; reason: string } | null = null

  constructor(plan: TestPlan, partCount: number, hooks: ConductorHooks) {
    this.plan = plan
    this.hooks = hooks
    this.partCount = partCount
    this.thresholds = new ThresholdWatch(plan.thresholds)
    this.series = new SeriesBuilder(partCount, (second) => this.passSecond(second))
  }

  /** What part number `index` (from 0) is to tell. */
  eventsFor(index: number): PartEvents {
    return {
      log: (level, message, source) => this.passLog(level, message, source),
      print: (text) => this.hooks.print?.(text),
      second: (second) => this.series.add(index, second),
      stopping: (exitCode, reason) => this.stop(exitCode as ExitCode, reason),
    }
  }

  /** Each part warns of a thing once, and the whole does: only what a script writes is heard as often as it comes. */
  private passLog(level: string, message: string, source: 'console' | undefined): void {
    if (level === 'warn' && source !== 'console') {
      if (this.warned.has(message)) return
      this.warned.add(message)
    }
    this.hooks.log(level, message, source)
  }

  /** Initialise, set up, load, tear down, put together. What the script does is told by the result. */
  async run(parts: readonly TestPart[]): Promise<LoadResult> {
    this.parts = parts
    if (this.stopped) for (const part of parts) part.stop(this.stopped.exitCode, this.stopped.reason)
    const first = parts[0]!
    await Promise.all(parts.map((part) => part.initialise()))
    const setupJson = await first.setUp()
    await this.load(setupJson)
    await first.tearDown(setupJson)
    const result = this.putTogether(await Promise.all(parts.map((part) => part.finish())), setupJson)
    const data = this.plan.handlesSummary ? this.hooks.summarize?.(result) : undefined
    return data === undefined ? result : { ...result, summaries: await first.handleSummary(data) }
  }

  /** Ends the load early; teardown and summary still come. */
  stop(exitCode: ExitCode, reason: string): void {
    if (this.stopped) return
    this.stopped = { exitCode, reason }
    this.hooks.log('warn', reason)
    for (const part of this.parts) part.stop(exitCode, reason)
  }

  private async load(setupJson: string | null): Promise<void> {
    await this.hooks.beforeStart?.(this.plan.phases)
    this.startMs = monotonicNow() + (this.partCount > 1 ? noticeMs : 0)
    this.hooks.started?.(this.startMs, this.plan.phases)
    const { lead } = this.hooks
    await (lead ? this.loadInSlices(lead, setupJson) : this.loadAtOnce(setupJson))
    this.hooks.ended?.()
  }

  /** Thresholds are looked at in the end only: what they could end would be one side of a comparison. */
  private async loadInSlices(lead: NonNullable<LoadEvents['lead']>, setupJson: string | null): Promise<void> {
    await lead((startMs, lengthMs) => this.slice(startMs, lengthMs, setupJson))
    for (const index of this.parts.keys()) this.series.end(index)
  }

  private async slice(startMs: number, lengthMs: number, setupJson: string | null): Promise<number | null> {
    if (this.stopped) return null
    if (this.slices.lengthMs === 0) this.startMs = startMs
    const ends = await Promise.all(this.parts.map((part) => part.slice(startMs, lengthMs, setupJson)))
    const drainedMs = Math.max(...ends)
    this.slices.lengthMs += lengthMs
    this.slices.drainedMs += drainedMs - startMs
    return this.isStopped ? null : drainedMs
  }

  private get isStopped(): boolean {
    return this.stopped !== null
  }

  private async loadAtOnce(setupJson: string | null): Promise<void> {
    const watch = this.thresholds.mayAbort ? setInterval(() => this.lookOnce(), lookEveryMs) : undefined
    try {
      await Promise.all(this.parts.map((part, index) => this.loadPart(part, index, setupJson)))
    } finally {
      clearInterval(watch)
    }
  }

  private async loadPart(part: TestPart, index: number, setupJson: string | null): Promise<void> {
    await part.load(this.startMs, setupJson)
    this.series.end(index)
  }

  /** Never two at once. A part that is gone does not answer: the load ends for that, and says why. */
  private lookOnce(): void {
    if (this.isLooking) return
    this.isLooking = true
    this.look()
      .catch(() => {})
      .finally(() => (this.isLooking = false))
  }

  private async look(): Promise<void> {
    const elapsedMs = monotonicNow() - this.startMs
    const registry = this.merge(await Promise.all(this.parts.map((part) => part.snapshot())))
    if (this.thresholds.look(registry, elapsedMs)) this.stop(exitCodes.thresholdsFailed, crossing(this.thresholds))
  }

  private merge(states: MetricState[][]): MetricRegistry {
    return mergeMetrics(states, this.series)
  }

  private putTogether(parts: PartState[], setupJson: string | null): LoadResult {
    const registry = this.merge(parts.map(({ metrics }) => metrics))
    const endMs = Math.max(...parts.map((part) => part.endMs))
    const { lengthMs, drainedMs } = this.slices
    const loadMs = lengthMs > 0 ? drainedMs : endMs - this.startMs
    this.thresholds.look(registry, loadMs)
    const marked = parts.find(({ exitCode }) => exitCode !== exitCodes.ok)
    const crossed = this.thresholds.hasFailed ? exitCodes.thresholdsFailed : exitCodes.ok
    return assembleResult({
      plan: lengthMs > 0 ? planInSlices(this.plan, lengthMs) : this.plan,
      registry,
      parts,
      series: this.series.all(),
      thresholds: this.thresholds.results(),
      conditions: lookAtConditions(this.plan.notes.voidUnless, registry, loadMs),
      startMs: this.startMs,
      loadMs,
      exitCode: this.stopped?.exitCode ?? marked?.exitCode ?? crossed,
      endedBecause: this.stopped?.reason ?? marked?.endedBecause ?? null,
      maxVUs: this.series.mostInitialized || parts.reduce((sum, { vusInitialized }) => sum + vusInitialized, 0),
      setupJson,
      warnings: [],
    })
  }

  private passSecond(second: WholeSecond): void {
    const { index, isWhole, vus, vusInitialized, iterationsCompleted, requestsFailed, values } = second
    if (isWhole) this.parts[0]?.countUsers(vus, vusInitialized)
    this.hooks.progress?.({
      elapsedS: index,
      durationS: this.plan.durationS,
      vus,
      iterations: iterationsCompleted,
      iterationsPerS: iterationsCompleted / index,
      failed: requestsFailed,
      second: values,
    })
  }
}

/** Why the load ends early, in k6's words. */
const crossing = (thresholds: ThresholdWatch): string =>
  `thresholds on metrics '${thresholds.crossedMetrics().join(', ')}' were crossed; at least one has abortOnFail enabled, stopping test prematurely`
