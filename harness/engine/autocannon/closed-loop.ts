import autocannon from 'autocannon'
import { monotonicNow } from '../../clock.ts'
import { messageOf, UserError } from '../../errors.ts'
import { type ExitCode, exitCodes } from '../../exit-codes.ts'
import type { MetricState } from '../../metrics/registry.ts'
import type { ScriptJob, Share } from '../sessions/load-test/load-test.ts'
import type { PartEvents, PartState, PreparedTest, TestPlan } from '../sessions/load-test/part.ts'
import { Recorder } from '../sessions/load-test/recorder.ts'
import { closeBundler } from '../sessions/script/load.ts'
import { Connections, toRequests } from './connections.ts'
import { phasesOf, planOf } from './plan.ts'
import { readScenarioFile } from './read-file.ts'
import { type Request, readScenario, type Scenario } from './scenario.ts'
import { isExpected, sendSetUp } from './set-up.ts'
import { Tally } from './tally.ts'

/** Autocannon looks so often whether it is to end. */
const lookEveryMs = 20
/** It is told when to end; by itself it would end so much later. */
const spareS = 60

/** What is run. */
interface ClosedLoopJob {
  scenario: Scenario
  digest: string
  share: Share
}

/** A load of so many connections, or a part of them, in this process. */
export class ClosedLoop implements PreparedTest {
  private readonly job: ClosedLoopJob
  private readonly tally: Tally
  private readonly connections: Connections
  private readonly recorder: Recorder
  private readonly events: PartEvents
  /** Of each connection in turn, where each has its own. */
  private readonly requests: Request[][] = []
  private instance: autocannon.Instance | null = null
  private exitCode: ExitCode = exitCodes.ok
  private endedBecause: string | null = null
  private isStopping = false
  private wake: () => void = () => {}
  private rssIdleBytes = 0
  private endMs = 0

  private constructor(job: ClosedLoopJob, events: PartEvents) {
    this.job = job
    this.events = events
    this.tally = new Tally()
    this.connections = new Connections(job.scenario.pipelining, this.tally)
    this.recorder = new Recorder(this.tally.recorded, (second) => events.second(second))
  }

  /** @throws UserError for a file that cannot be read, or is no scenario of this engine */
  static async prepare({ script, env, options, share }: ScriptJob, events: PartEvents): Promise<ClosedLoop> {
    const { exported, digest } = await readScenarioFile(script)
    const scenario = readScenario(exported, env, options, script)
    // Also where nothing is run, so that a function that fails is heard of in time.
    scenario.requestsOf(0)
    scenario.setUpOf(0)
    return new ClosedLoop({ scenario, digest, share: share ?? { index: 0, count: 1 } }, events)
  }

  plan(): TestPlan {
    return planOf(this.job.scenario, this.job.digest)
  }

  describeError(error: unknown): string {
    return error instanceof Error ? (error.stack ?? error.message) : messageOf(error)
  }

  async initialise(): Promise<void> {
    await closeBundler()
    this.rssIdleBytes = process.memoryUsage.rss()
    try {
      this.makeRequests()
    } catch (error) {
      this.fail(error)
    }
  }

  /** Before connecting: it takes its time, and a function that fails is heard of before anything is sent. */
  private makeRequests(): void {
    const { scenario } = this.job
    if (scenario.requests) return
    for (let own = this.first; own < this.first + this.count; own++) this.requests.push(scenario.requestsOf(own))
  }

  async setUp(): Promise<null> {
    try {
      await sendSetUp(this.job.scenario, () => this.isStopping)
    } catch (error) {
      this.fail(error)
    }
    return null
  }

  /** A fault of the file ends the load, of all parts. */
  private fail(error: unknown): void {
    if (!(error instanceof UserError)) throw error
    this.stop(exitCodes.scriptException, error.message)
    this.events.stopping(exitCodes.scriptException, error.message)
  }

  async load(startMs: number): Promise<void> {
    const { scenario } = this.job
    const measuredMs = startMs + scenario.connecting
    const endMs = measuredMs + scenario.duration
    await this.until(startMs)
    this.tally.recorded.counts.vusActive = this.count
    this.tally.recorded.counts.vusInitialized = this.count
    this.recorder.start(startMs, phasesOf(scenario))
    if (!this.isStopping) {
      const ended = this.begin()
      // What fails before its time, wrong options among it, ends the wait.
      await Promise.race([this.until(measuredMs), ended])
      await this.lookAtConnections()
      await Promise.race([this.until(endMs), ended])
      // Autocannon gives up what is under way when it ends: no failure of the target.
      this.tally.close()
      this.recorder.stop()
      this.instance?.stop()
      await ended
    }
    this.recorder.stop()
    this.endMs = Math.min(endMs, monotonicNow())
  }

  /** What came while connecting held up the event loop is heard first; of a load that is over nothing is missing. */
  private async lookAtConnections(): Promise<void> {
    await new Promise<void>((resolve) => void setImmediate(resolve))
    const missing = this.isStopping ? [] : this.connections.neverOpened()
    this.tally.connected(missing, this.job.scenario.connecting)
  }

  private begin(): Promise<unknown> {
    const { scenario } = this.job
    const onFault = (error: unknown): void => {
      if (!this.tally.isClosed) this.fail(error)
    }
    let next = 0
    const instance = autocannon({
      url: scenario.origin,
      connections: this.count,
      pipelining: scenario.pipelining,
      duration: (scenario.connecting + scenario.duration) / 1000 + spareS,
      timeout: scenario.timeout / 1000,
      sampleInt: lookEveryMs,
      skipAggregateResult: true,
      ...(scenario.requests ? { requests: toRequests(scenario.requests, onFault) } : {}),
      setupClient: (client) => {
        this.connections.follow(client, this.first + next)
        client.on('connError', (error: Error) => this.tally.broke(error))
        const own = this.requests[next++]
        if (own) client.setRequests(toRequests(own, onFault))
      },
    })
    instance.on('response', (client: autocannon.Client, status: number | undefined, bytes: number, ms: number) => {
      const durationMs = this.connections.answered(client) ? ms : null
      this.tally.answered(status, status !== undefined && isExpected(scenario, status), bytes, durationMs)
    })
    this.instance = instance
    return Promise.resolve(instance)
  }

  /** The number of the first connection of this part, and how many it has. */
  private get first(): number {
    const { scenario, share } = this.job
    return Math.floor((scenario.connections * share.index) / share.count)
  }

  private get count(): number {
    const { scenario, share } = this.job
    return Math.floor((scenario.connections * (share.index + 1)) / share.count) - this.first
  }

  private async until(timeMs: number): Promise<void> {
    for (let leftMs = timeMs - monotonicNow(); leftMs > 0 && !this.isStopping; leftMs = timeMs - monotonicNow())
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.ceil(leftMs))
        this.wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
  }

  /** A connection does not stand still and go on: the engine says that it has no slices. */
  slice(): Promise<number> {
    return Promise.reject(new Error('a load of autocannon cannot be run in slices'))
  }

  async tearDown(): Promise<void> {}

  async snapshot(): Promise<MetricState[]> {
    return []
  }

  async finish(): Promise<PartState> {
    const { recorder, tally } = this
    return {
      exitCode: this.exitCode,
      endedBecause: this.endedBecause,
      endMs: this.endMs,
      vusInitialized: this.count,
      metrics: tally.recorded.registry.all().map((metric) => metric.state()),
      checks: [],
      groups: [],
      phases: recorder.phases(),
      gcPauseMaxMs: recorder.gcPauseMax,
      rssPeakBytes: recorder.rssPeak,
      rssIdleBytes: this.rssIdleBytes,
      warnings: tally.warnings(),
    }
  }

  async handleSummary(): Promise<null> {
    return null
  }

  stop(exitCode: number, reason: string): void {
    if (this.isStopping) return
    this.isStopping = true
    this.exitCode = exitCode as ExitCode
    this.endedBecause = reason
    this.wake()
  }

  /** The conductor counts connections by what each second told. */
  countUsers(): void {}
}
