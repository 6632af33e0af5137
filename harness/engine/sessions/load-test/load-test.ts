import { createHash } from 'node:crypto'
import { dirname } from 'node:path'
import { monotonicNow } from '../../../clock.ts'
import { messageOf, UserError } from '../../../errors.ts'
import { type ExitCode, exitCodes } from '../../../exit-codes.ts'
import { MetricRegistry, type MetricState } from '../../../metrics/registry.ts'
import type { ExecutorConfig } from '../executors/port.ts'
import { equalPart, type Segment, wholeTest } from '../executors/segment.ts'
import { refusePromisesAsResults } from '../k6/missed-calls.ts'
import { providedModules } from '../k6/table.ts'
import { readOptions, type TestOptions } from '../options.ts'
import { openOutputs } from '../outputs/table.ts'
import { type CompiledScript, compileScript, hideNode } from '../script/load.ts'
import { readSummaries, type Summaries } from '../summary/handled.ts'
import { Deadlines } from '../transport/deadlines.ts'
import { Dialer } from '../transport/dialer.ts'
import type { PoolRules } from '../transport/http-pool.ts'
import { Alarms } from '../users/alarms.ts'
import { Interrupted } from '../users/interrupted.ts'
import { RateLimit } from '../users/rate-limit.ts'
import { ScenarioRunner, type SetupData } from '../users/scenario-runner.ts'
import { createUser, UserPool } from '../users/users.ts'
import type { VirtualUser } from '../users/vu.ts'
import type { PartEvents, PartState, PreparedTest, TestPlan } from './part.ts'
import { checkNotes, declaredIn, mostAtOnce, phasesOf, planOf } from './plan.ts'
import { Recorder } from './recorder.ts'
import { setupData } from './setup-data.ts'
import { CheckTally, openBuiltins, type TestContext } from './test-context.ts'
import { openSubMetrics } from './threshold-watch.ts'

/** One script to run, with what flags or the config put above its own options. */
export interface ScriptJob {
  script: string
  env: Record<string, string>
  options: Record<string, unknown>
  /** Where every sample goes, as `--out` names it. */
  outputs?: string[]
  share?: Share
  /** Options that the script's own win over. */
  fallbackOptions?: Record<string, unknown>
}

/** One of so many equal parts of a test, each in a process of its own. */
export interface Share {
  /** From 0. */
  index: number
  count: number
}

/** A load test, or one segment of it, in this process: a compiled script whose options have been read. */
export class LoadTest implements PreparedTest {
  readonly options: TestOptions
  private readonly script: CompiledScript
  private readonly job: ScriptJob
  private readonly events: PartEvents
  private readonly context: TestContext
  private readonly warnings: string[] = []
  private readonly pool: UserPool
  private readonly recorder: Recorder
  private closeOutputs: () => Promise<void> = async () => {}
  private rssIdleBytes = 0
  private endMs = 0
  /** The kinds of warnings that were said already. */
  private readonly warned = new Set<string>()
  private runners: ScenarioRunner[] = []
  private exitCode: ExitCode = exitCodes.ok
  private endedBecause: string | null = null
  private isStopping = false
  /** The user that runs setup() now. Nothing from outside ends teardown(), as in k6. */
  private settingUp: VirtualUser | null = null
  /** setup(), if there is one, came to its end: only then is there anything to tear down. */
  private isSetUp = false

  private constructor(script: CompiledScript, job: ScriptJob, events: PartEvents) {
    this.script = script
    this.job = job
    this.events = events
    this.context = this.makeContext()
    const part = partFor(job.share)
    this.pool = new UserPool((id) => this.runInit(id), this.context, part)
    // The first instance only tells the options; like k6 it is thrown away.
    const probe = this.runInit(0)
    this.options = readOptions(probe.exports.options, job.options, script.exports, part, job.fallbackOptions)
    this.context.options = this.options
    this.context.connections = this.connectionsOf(this.options)
    const { requestsPerS } = this.options
    this.context.rateLimit = requestsPerS === null ? null : new RateLimit(requestsPerS)
    checkNotes(this.options.notes, this.context.registry)
    this.warnings.push(...this.options.warnings)
    openSubMetrics(this.context.registry, this.options.thresholdTargets, this.options.thresholds)
    const { voidUnless } = this.options.notes
    openSubMetrics(this.context.registry, voidUnless, voidUnless, 'options.ext.weir.voidUnless')
    this.recorder = new Recorder(this.context, (second) => this.events.second(second))
  }

  /** @throws UserError for a script that cannot be read, compiled or initialised, or whose options make no sense */
  static async prepare(job: ScriptJob, events: PartEvents): Promise<LoadTest> {
    refusePromisesAsResults()
    hideNode()
    const script = await compileScript(job.script, providedModules)
    events.compiled?.(script.runnable)
    return new LoadTest(script, job, events)
  }

  private makeContext(): TestContext {
    const registry = new MetricRegistry()
    const options = readOptions({}, {}, ['default'])
    return {
      options,
      connections: this.connectionsOf(options),
      registry,
      metrics: openBuiltins(registry),
      checks: new CheckTally(),
      deadlines: new Deadlines(monotonicNow),
      rateLimit: null,
      alarms: new Alarms(monotonicNow),
      now: monotonicNow,
      startMs: 0,
      samples: null,
      counts: { vusActive: 0, vusInitialized: 0, socketsOpen: 0, iterationsCompleted: 0, iterationsInterrupted: 0 },
      log: (level, message, source) => this.events.log(level, message, source),
      warnOnce: (message, kind) => this.warnOnce(message, kind),
      abort: (reason) => this.stopAll(exitCodes.scriptAborted, reason),
      giveUp: (reason) => this.stopAll(exitCodes.scriptException, reason),
      markFailed: (reason) => {
        this.exitCode = exitCodes.markedAsFailed
        this.endedBecause = `marked as failed by the script: ${reason}`
      },
      describeError: (error) => this.describeError(error),
      scriptFolder: dirname(this.job.script),
      copiesObjects: this.script.copiesObjects,
    }
  }

  private connectionsOf(options: TestOptions): PoolRules {
    const { connect, noConnectionReuse, noVUConnectionReuse, batch, batchPerHost } = options
    return {
      dialer: new Dialer(connect, (message) => this.warnOnce(message)),
      noConnectionReuse,
      noVUConnectionReuse,
      // What 0 means to Go.
      maxIdlePerHost: batchPerHost || 2,
      maxIdle: batch || Number.POSITIVE_INFINITY,
    }
  }

  private warnOnce(message: string, kind = message): void {
    if (this.warned.has(kind)) return
    this.warned.add(kind)
    this.warnings.push(message)
    this.events.log('warn', message)
  }

  private runInit(id: number): VirtualUser {
    try {
      const user = createUser(id, this.script, this.context, this.job.env)
      if (user.isStopped) throw new Interrupted()
      return user
    } catch (error) {
      if (error instanceof UserError) throw error
      if (this.endedBecause !== null) throw new UserError(this.endedBecause, this.exitCode)
      throw new UserError(
        `the script failed while it was being initialised:\n${this.script.describeError(error)}`,
        exitCodes.scriptException,
      )
    }
  }

  /** What the script threw, with its stack in the user's own files. */
  describeError(error: unknown): string {
    return this.script.describeError(error)
  }

  plan(): TestPlan {
    const digest = createHash('sha256').update(this.script.runnable.code).digest('hex')
    const declared = declaredIn(this.context.registry, this.options.notes)
    return { ...planOf(this.options, this.script.exports, [...this.warnings]), declared, digest }
  }

  /** @throws UserError when the script throws while it is initialised for one of the users */
  async initialise(): Promise<void> {
    this.rssIdleBytes = process.memoryUsage.rss()
    const planned = mostAtOnce(this.options.scenarios, (config) => config.plannedVUs)
    await this.pool.prepare(planned, () => !this.isStopping)
    this.closeOutputs = this.openOutputs()
  }

  private openOutputs(): () => Promise<void> {
    const print = (text: string): void => this.events.print?.(text)
    const part = this.job.share ?? { index: 0, count: 1 }
    return openOutputs(this.job.outputs ?? [], this.context, { env: process.env, part, print })
  }

  async load(startMs: number, setupJson: string | null): Promise<void> {
    const data = setupData(setupJson)
    await this.until(startMs)
    this.context.startMs = startMs
    this.recorder.start(startMs, phasesOf(this.options))
    this.runners = this.makeRunners(data)
    if (!this.isStopping)
      await Promise.all(
        this.runners.map((runner, index) => this.startLater(runner, this.options.scenarios[index]!, startMs)),
      )
    this.recorder.stop()
    this.endMs = this.context.now()
  }

  private makeRunners(data: SetupData): ScenarioRunner[] {
    return this.options.scenarios.map(
      (config, index) => new ScenarioRunner(index + 1, config, this.context, this.pool, data),
    )
  }

  async slice(startMs: number, lengthMs: number, setupJson: string | null): Promise<number> {
    if (this.runners.length === 0) {
      this.context.startMs = startMs
      this.runners = this.makeRunners(setupData(setupJson))
    }
    await this.until(startMs)
    this.recorder.startSlice(
      startMs,
      lengthMs,
      this.runners.map(({ name }) => name),
    )
    if (!this.isStopping) await Promise.all(this.runners.map((runner) => runner.runSlice(startMs, lengthMs)))
    this.recorder.pause()
    this.endMs = this.context.now()
    return this.endMs
  }

  private async until(timeMs: number): Promise<void> {
    for (let leftMs = timeMs - this.context.now(); leftMs > 0; leftMs = timeMs - this.context.now())
      await new Promise((resolve) => setTimeout(resolve, Math.ceil(leftMs)))
  }

  async snapshot(): Promise<MetricState[]> {
    const names = new Set(this.options.thresholds.map(({ metric }) => metric))
    return this.context.registry.all().flatMap((metric) => (names.has(metric.name) ? [metric.state()] : []))
  }

  async finish(): Promise<PartState> {
    const { context, recorder } = this
    recorder.stop()
    await this.closeOutputs()
    this.pool.destroy()
    context.deadlines.stop()
    if (this.options.systemTags.has('expected_response')) context.metrics.http_req_duration.openRest(...expected)
    return {
      exitCode: this.exitCode,
      endedBecause: this.endedBecause,
      endMs: this.endMs,
      vusInitialized: context.counts.vusInitialized,
      metrics: context.registry.all().map((metric) => metric.state()),
      checks: context.checks.results(),
      groups: [...context.checks.groups],
      phases: recorder.phases(),
      gcPauseMaxMs: recorder.gcPauseMax,
      rssPeakBytes: recorder.rssPeak,
      rssIdleBytes: this.rssIdleBytes,
      warnings: this.warnings,
    }
  }

  countUsers(active: number, initialized: number): void {
    const { vus, vus_max: vusMax } = this.context.metrics
    vus.add(active, 0, null)
    vusMax.add(initialized, 0, null)
  }

  private async startLater(runner: ScenarioRunner, config: ExecutorConfig, startMs: number): Promise<void> {
    runner.startMs = startMs
    while (runner.elapsedMs() < config.startTimeMs && !runner.isStopping) await runner.until(config.startTimeMs)
    if (!runner.isStopping) await runner.run(startMs + config.startTimeMs)
  }

  /** Ends the load early; teardown and summary still come. */
  stop(exitCode: number, reason: string): void {
    if (this.isStopping) return
    this.isStopping = true
    this.exitCode = exitCode as ExitCode
    this.endedBecause = reason
    this.settingUp?.stop()
    for (const runner of this.runners) runner.stop()
  }

  /** The same from within this part: all others end too. */
  private stopAll(exitCode: ExitCode, reason: string): void {
    if (this.isStopping) return
    this.stop(exitCode, reason)
    this.events.stopping(exitCode, reason)
  }

  async handleSummary(data: unknown): Promise<Summaries | null> {
    const user = this.runInit(0)
    const body = user.exports.handleSummary as (data: unknown) => unknown
    let returned: unknown
    const outcome = await user.runIteration(
      async (argument) => {
        returned = await body(argument)
      },
      data,
      Number.NaN,
    )
    user.stop()
    if (outcome !== 'completed') return null
    try {
      return readSummaries(returned)
    } catch (error) {
      this.events.log('error', `failed to handle the end-of-test summary: ${messageOf(error)}`)
      return {}
    }
  }

  async setUp(): Promise<string | null> {
    const body = this.script.exports.includes('setup') && !this.options.noSetup ? 'setup' : null
    const value =
      body && !this.isStopping
        ? await this.runOnce(body, null, this.options.setupTimeoutMs, exitCodes.setupTimeout)
        : undefined
    this.isSetUp = !this.isStopping
    return JSON.stringify(value) ?? null
  }

  async tearDown(setupJson: string | null): Promise<void> {
    if (!this.isSetUp || !this.script.exports.includes('teardown') || this.options.noTeardown) return
    await this.runOnce('teardown', setupJson, this.options.teardownTimeoutMs, exitCodes.teardownTimeout)
  }

  /** setup() or teardown(), as a user of its own; an exception there ends the test with k6's code. */
  private async runOnce(
    name: 'setup' | 'teardown',
    setupJson: string | null,
    timeoutMs: number,
    timeoutCode: ExitCode,
  ): Promise<unknown> {
    const user = this.runInit(0)
    user.group = `::${name}`
    if (name === 'setup') this.settingUp = user
    let value: unknown
    const body = user.exports[name] as (data: unknown) => unknown
    const iteration = user.runIteration(
      (argument) => {
        const result = body(argument)
        if (!(result instanceof Promise)) return (value = result)
        return result.then((late) => (value = late))
      },
      setupData(setupJson).copyFor(user),
      Number.NaN,
    )
    const timer = setTimeout(() => {
      this.stopAll(timeoutCode, `${name}() did not end within ${timeoutMs / 1000} s (${name}Timeout)`)
      user.stop()
    }, timeoutMs)
    const outcome = await iteration
    clearTimeout(timer)
    this.settingUp = null
    if (outcome === 'failed') this.stopAll(exitCodes.scriptException, `${name}() threw an exception`)
    user.stop()
    return value
  }
}

/** k6 always shows it. */
const expected = ['http_req_duration{expected_response:true}', { expected_response: 'true' }] as const

const partFor = (share: Share | undefined): Segment =>
  share === undefined || share.count === 1 ? wholeTest : equalPart(share.index, share.count)
