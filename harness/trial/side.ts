import type { LoadProgress, LoadResult, RunSlice } from '../engine/port.ts'
import { messageOf } from '../errors.ts'
import { observeLoad } from '../observe/load.ts'
import { observeSlices, storedSlices } from '../observe/slices.ts'
import { newestOfTarget } from '../observe/target.ts'
import { judge } from '../observe/validity.ts'
import type { TrialFailure, TrialRecord } from '../record/schema.ts'
import { cpuCount } from '../target/pinning.ts'
import { jobOf } from './job.ts'
import type { TrialEvents, TrialPlan, TrialSetting } from './plan.ts'
import { loadFailure, notesOf, ofLoad } from './record.ts'
import { Servers } from './servers.ts'
import { SliceWatch } from './slice-watch.ts'
import { failureOf } from './stage-failure.ts'

/** One of the servers that take turns, with a load of its own that stands still until it has its turn. */
export class Side {
  readonly plan: TrialPlan
  /** What went wrong with it; nothing more is to be asked of it then. */
  failure: TrialFailure | null = null
  /** It has no further turn: it failed, or its load has ended. */
  isOut = false
  private readonly setting: TrialSetting
  private readonly signal: AbortSignal
  private readonly servers: Servers
  private readonly cut = new AbortController()
  private readonly over = Promise.withResolvers<void>()
  private load: Promise<LoadResult> | null = null
  private slice: RunSlice | null = null
  private watch: SliceWatch | null = null

  constructor(plan: TrialPlan, setting: TrialSetting, signal: AbortSignal) {
    this.plan = plan
    this.setting = setting
    this.signal = signal
    this.servers = new Servers(plan, setting, signal)
  }

  /** Starts its servers, warms them up, and sets the load up; resolves when it waits for its first slice, or has failed. */
  async open(events: TrialEvents): Promise<void> {
    try {
      const url = await this.servers.start(events)
      events.stage(this.plan.warmup ? 'warming up' : 'preparing the load')
      const isReady = Promise.withResolvers<void>()
      this.load = this.runLoad(url, events, isReady.resolve)
      await Promise.race([isReady.promise, this.load])
      const { target } = this.servers
      if (target && this.slice) this.watch = await SliceWatch.open(target.pid, this.setting.notCounted)
      else await this.endEarly()
    } catch (error) {
      this.fail(error)
    }
  }

  private runLoad(url: string | null, events: TrialEvents, isReady: () => void): Promise<LoadResult> {
    const { plan, setting, servers } = this
    const lead = (slice: RunSlice): Promise<void> => {
      this.slice = slice
      isReady()
      return this.over.promise
    }
    const signal = AbortSignal.any([this.signal, servers.deathSignal, this.cut.signal])
    const job = jobOf(plan, setting, servers, url)
    return setting.engine.run(job, { lead, progress: (progress) => this.tell(progress, events) }, signal)
  }

  /** Only the side whose turn it is has anything to tell. */
  private tell(progress: LoadProgress, events: TrialEvents): void {
    if (!this.watch?.isWithinSlice) return
    const ofTarget = newestOfTarget(this.servers.probeSamples(), this.watch.soFar())
    events.progress({ ...progress, second: [...progress.second, ...ofTarget] })
  }

  /** Has its turn for so long, drain included, and is out where it has not all of it. */
  async takeTurn(lengthMs: number): Promise<void> {
    const { slice, watch } = this
    if (!slice || !watch || this.servers.died) return this.endEarly()
    try {
      const drainedMs = await slice(await watch.begin(lengthMs), lengthMs)
      if (drainedMs === null) await this.endEarly()
      else await watch.end(drainedMs)
    } catch (error) {
      this.fail(error)
    }
  }

  /** Its load is over before the others': says why. */
  private async endEarly(): Promise<void> {
    this.isOut = true
    this.over.resolve()
    await this.takeResult()
  }

  /** Ends the load as a load ends that is over. @returns what is told of it beside `durationS`; @param zeroMs of the pair or block */
  async finish(zeroMs: number): Promise<Partial<TrialRecord>> {
    this.over.resolve()
    const result = await this.takeResult()
    return result ? await this.toRecord(result, zeroMs) : {}
  }

  private async takeResult(): Promise<LoadResult | null> {
    try {
      const result = (await this.load) ?? null
      const failure = this.servers.died ?? (result && loadFailure(result))
      if (failure) this.failure ??= failure
      return result
    } catch (error) {
      this.fail(error)
      return null
    }
  }

  private fail(error: unknown): void {
    this.isOut = true
    const told = this.load === null ? failureOf(error) : { stage: 'generator' as const, message: messageOf(error) }
    this.failure ??= this.servers.died ?? { outputTail: [], ...told }
  }

  private async toRecord(result: LoadResult, zeroMs: number): Promise<Partial<TrialRecord>> {
    const { plan, servers } = this
    const seen = await this.watch?.stop()
    const inside = await servers.takeProbeSamples()
    if (!seen) return {}
    const [phase] = result.phases
    const { operation } = plan.facts.notes
    const own = observeSlices(
      { ...seen, inside },
      {
        bootMs: servers.target?.bootMs ?? null,
        cores: cpuCount(this.setting.pinning) ?? 1,
        phase: phase!.name,
        operations: operationsOf(result, operation, phase!.name),
      },
    )
    const observations = [...observeLoad(result, plan.facts.notes), ...own.observations]
    return {
      ...ofLoad(result),
      slices: storedSlices(seen.slices, zeroMs),
      invalid: judge(result, plan.facts.notes, plan.primary, observations, []),
      observations,
      series: [...result.series, ...own.series],
      eventLoopSampling: own.wholeSecondsInside > 0 ? 'interval' : null,
      notes: [...sliceNotes, ...notesOf(inside.length > 0, seen.instructions, seen.notes)],
    }
  }

  /** Whatever was started is stopped when this resolves. */
  async stop(): Promise<void> {
    this.cut.abort()
    this.over.resolve()
    await this.load?.catch(() => {})
    await this.watch?.stop()
    await this.servers.stop()
  }
}

/** In the slices and their drains, but not in setup() and teardown(): those of the k6 scenario, which bears the phase's name. */
const operationsOf = (result: LoadResult, operation: string, scenario: string): number =>
  result.metrics.find((metric) => metric.metric === operation && metric.scenario === scenario)?.sum ?? 0

const sliceNotes = [
  'in slices: all servers of the pair or block were alive on the same cores and had their turns of the load in random order; throughput is that of the slices without their drains',
  'costs of an operation and how busy the core was are told from the start of each slice to the end of its drain; costs are divided by all operations of both; what it used while others had their turn is stated apart, and in none of them',
  'of the seconds that a probe tells only those count that lie wholly within a slice: where slices are shorter, event-loop delay and garbage collection are absent; the heap has a size at any time',
]
