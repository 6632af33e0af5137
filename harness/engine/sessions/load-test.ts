import { dirname } from 'node:path'
import { monotonicNow } from '../../clock.ts'
import { UserError, unknownName } from '../../errors.ts'
import { type ExitCode, exitCodes } from '../../exit-codes.ts'
import { MetricRegistry } from '../../metrics/registry.ts'
import { parseSelector } from '../../metrics/selector.ts'
import type { Phase } from '../../record/schema.ts'
import type { LoadProgress, LoadResult, ScenarioFacts } from '../port.ts'
import type { ExecutorConfig } from './executors/port.ts'
import { Interrupted } from './interrupted.ts'
import { providedModules } from './k6/table.ts'
import { readOptions, type TestOptions } from './options.ts'
import { openOutputs } from './outputs/table.ts'
import { Recorder } from './recorder.ts'
import { assembleResult } from './result.ts'
import { ScenarioRunner, type SetupData } from './scenario-runner.ts'
import { type CompiledScript, compileScript, type RunnableCode } from './script/load.ts'
import { CheckTally, openBuiltins, type TestContext } from './test-context.ts'
import { lookEveryMs, ThresholdWatch } from './threshold-watch.ts'
import { Deadlines } from './transport/deadlines.ts'
import { Dialer } from './transport/dialer.ts'
import type { PoolRules } from './transport/http-pool.ts'
import { createUser, UserPool } from './users.ts'
import type { VirtualUser } from './vu.ts'

/** One script to run, with what flags or the config put above its own options. */
export interface ScriptJob {
  script: string
  env: Record<string, string>
  options: Record<string, unknown>
  /** Where every sample goes, as `--out` names it. */
  outputs?: string[]
}

export interface TestHooks {
  log(level: string, message: string): void
  /** The script is compiled, and nothing of it has run yet. */
  compiled?(script: RunnableCode): void
  /** Text for the harness's standard output. */
  print?(text: string): void
  /** Everything is ready; the load begins when this has resolved. */
  beforeStart?(phases: Phase[]): Promise<void> | void
  started?(startMs: number, phases: Phase[]): void
  progress?(progress: LoadProgress): void
  /** The load is over; teardown is still to come. */
  loaded?(): void
}

const noHandleSummary =
  'handleSummary() is not called by this engine yet: use --summary-export, or run the script with `k6 run`'

/** A compiled script whose options have been read: ready to run, nothing started yet. */
export class LoadTest {
  readonly options: TestOptions
  private readonly script: CompiledScript
  private readonly job: ScriptJob
  private readonly hooks: TestHooks
  private readonly context: TestContext
  private readonly warnings: string[] = []
  private runners: ScenarioRunner[] = []
  private exitCode: ExitCode = exitCodes.ok
  private endedBecause: string | null = null
  private isStopping = false
  /** The user that runs setup or teardown now. */
  private settingUp: VirtualUser | null = null
  /** setup(), if there is one, came to its end: only then is there anything to tear down. */
  private isSetUp = false

  private constructor(script: CompiledScript, job: ScriptJob, hooks: TestHooks) {
    this.script = script
    this.job = job
    this.hooks = hooks
    this.context = this.makeContext()
    // The first instance only tells the options; like k6 it is thrown away.
    const probe = this.runInit(0)
    this.options = readOptions(probe.exports.options, job.options, script.exports)
    this.context.options = this.options
    this.context.connections = this.connectionsOf(this.options)
    this.checkNotes()
    this.warnings.push(...this.options.warnings)
    if (script.exports.includes('handleSummary')) this.warnings.push(noHandleSummary)
  }

  /** @throws UserError for a script that cannot be read, compiled or initialised, or whose options make no sense */
  static async prepare(job: ScriptJob, hooks: TestHooks): Promise<LoadTest> {
    const script = await compileScript(job.script, providedModules)
    hooks.compiled?.(script.runnable)
    return new LoadTest(script, job, hooks)
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
      now: monotonicNow,
      startMs: 0,
      samples: null,
      counts: { vusActive: 0, vusInitialized: 0, socketsOpen: 0, iterationsCompleted: 0, iterationsInterrupted: 0 },
      log: (level, message) => this.hooks.log(level, message),
      warnOnce: (message) => this.warnOnce(message),
      abort: (reason) => this.stop(exitCodes.scriptAborted, reason),
      giveUp: (reason) => this.stop(exitCodes.scriptException, reason),
      markFailed: (reason) => {
        this.exitCode = exitCodes.markedAsFailed
        this.endedBecause = `marked as failed by the script: ${reason}`
      },
      describeError: (error) => this.describeError(error),
      scriptFolder: dirname(this.job.script),
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

  /** @throws UserError where `ext.weir` names a metric that neither the engine nor the script has */
  private checkNotes(): void {
    const { operation, primary } = this.options.notes
    const known = this.context.registry.all()
    const counters = known.filter(({ kind }) => kind === 'counter').map(({ name }) => name)
    if (!counters.includes(operation)) throw unknownName('options.ext.weir.operation: counter', operation, counters)
    if (primary === null) return
    const { metric } = parseSelector(primary)
    const names = known.map(({ name }) => name)
    if (!names.includes(metric)) throw unknownName('options.ext.weir.primary: metric', metric, names)
  }

  private warnOnce(message: string): void {
    if (this.warnings.includes(message)) return
    this.warnings.push(message)
    this.hooks.log('warn', message)
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

  facts(): ScenarioFacts {
    const { notes, scenarios, summaryTrendStats } = this.options
    return {
      notes,
      phases: this.phases(),
      maxVUs: this.maxVUs(),
      durationS: this.durationMs() / 1000,
      descriptions: scenarios.map((config) => `${config.name}: ${config.description}`),
      summaryTrendStats,
    }
  }

  private durationMs(): number {
    return Math.max(...this.options.scenarios.map((config) => config.startTimeMs + config.durationMs))
  }

  maxVUs(): number {
    return mostAtOnce(this.options.scenarios, (config) => config.maxVUs)
  }

  /** Named windows of the load: the script's own (`ext.weir.phases`), else one for each scenario. */
  phases(): Phase[] {
    const { notes, scenarios } = this.options
    const ofScenarios = scenarios.map(({ name, startTimeMs, durationMs }) => ({
      name,
      startS: startTimeMs / 1000,
      endS: (startTimeMs + durationMs) / 1000,
    }))
    if (!notes.phases) return ofScenarios
    // Whether a capacity may be used is judged over its own time, whatever other windows the script names.
    const named = notes.phases
    const isMissing = (phase: Phase) =>
      notes.capacity.includes(phase.name) && !named.some(({ name }) => name === phase.name)
    return [...named, ...ofScenarios.filter(isMissing)]
  }

  /**
   * Initialise, set up, load, tear down, sum up. What the script does is told by the result.
   * @throws UserError when the script throws while it is initialised for one of the users
   */
  async run(): Promise<LoadResult> {
    const rssIdleBytes = process.memoryUsage.rss()
    const pool = new UserPool((id) => this.runInit(id), this.context)
    const thresholds = new ThresholdWatch(this.context)
    await pool.prepare(mostAtOnce(this.options.scenarios, (config) => config.plannedVUs))
    const closeOutputs = this.openOutputs()
    const data = await this.setUp()
    const recorder = new Recorder(this.context, (second) => this.reportProgress(second))
    const endMs = await this.load(pool, data, recorder, thresholds)
    await this.tearDown(data)
    await closeOutputs()
    thresholds.look(endMs - this.context.startMs)
    if (this.exitCode === exitCodes.ok && thresholds.hasFailed) this.exitCode = exitCodes.thresholdsFailed
    pool.destroy()
    this.context.deadlines.stop()
    return assembleResult({
      context: this.context,
      recorder,
      thresholds,
      scenarios: this.options.scenarios,
      phases: this.phases(),
      endMs,
      exitCode: this.exitCode,
      endedBecause: this.endedBecause,
      maxVUs: this.context.metrics.vus_max.of(0).max,
      rssIdleBytes,
      warnings: this.warnings,
    })
  }

  private openOutputs(): () => Promise<void> {
    const print = (text: string): void => this.hooks.print?.(text)
    return openOutputs(this.job.outputs ?? [], this.context, { env: process.env, isFirst: true, print })
  }

  private async load(pool: UserPool, data: SetupData, recorder: Recorder, thresholds: ThresholdWatch): Promise<number> {
    await this.hooks.beforeStart?.(this.phases())
    const startMs = this.context.now()
    this.context.startMs = startMs
    recorder.start(startMs, this.phases())
    this.hooks.started?.(startMs, this.phases())
    const watch = thresholds.isEmpty ? undefined : setInterval(() => this.lookAt(thresholds), lookEveryMs)
    this.runners = this.options.scenarios.map(
      (config, index) => new ScenarioRunner(index + 1, config, this.context, pool, data),
    )
    if (!this.isStopping)
      await Promise.all(
        this.runners.map((runner, index) => this.startLater(runner, this.options.scenarios[index]!, startMs)),
      )
    clearInterval(watch)
    recorder.stop()
    this.hooks.loaded?.()
    return this.context.now()
  }

  private async startLater(runner: ScenarioRunner, config: ExecutorConfig, startMs: number): Promise<void> {
    runner.startMs = startMs
    while (runner.elapsedMs() < config.startTimeMs && !runner.isStopping) await runner.until(config.startTimeMs)
    if (!runner.isStopping) await runner.run(startMs + config.startTimeMs)
  }

  private lookAt(thresholds: ThresholdWatch): void {
    const failed = thresholds.look(this.context.now() - this.context.startMs)
    if (failed) this.stop(exitCodes.thresholdsFailed, `threshold ${failed.text} was crossed and has abortOnFail`)
  }

  private reportProgress(elapsedS: number): void {
    const { counts, metrics } = this.context
    this.hooks.progress?.({
      elapsedS,
      durationS: this.durationMs() / 1000,
      vus: counts.vusActive,
      iterations: counts.iterationsCompleted,
      iterationsPerS: counts.iterationsCompleted / elapsedS,
      failed: metrics.http_req_failed.sum(),
    })
  }

  /** Ends the load early; teardown and summary still come. */
  stop(exitCode: ExitCode, reason: string): void {
    if (this.isStopping) return
    this.isStopping = true
    this.exitCode = exitCode
    this.endedBecause = reason
    this.hooks.log('warn', reason)
    this.settingUp?.stop()
    for (const runner of this.runners) runner.stop()
  }

  private async setUp(): Promise<SetupData> {
    const body = this.script.exports.includes('setup') && !this.options.noSetup ? 'setup' : null
    const value =
      body && !this.isStopping
        ? await this.runOnce(body, undefined, this.options.setupTimeoutMs, exitCodes.setupTimeout)
        : undefined
    this.isSetUp = !this.isStopping
    const text = value === undefined ? undefined : JSON.stringify(value)
    if (text === undefined) return { copyFor: () => undefined }
    const copies = new WeakMap<VirtualUser, unknown>()
    return {
      copyFor: (user) => {
        let copy = copies.get(user)
        if (copy === undefined) copies.set(user, (copy = JSON.parse(text)))
        return copy
      },
    }
  }

  private async tearDown(data: SetupData): Promise<void> {
    if (!this.isSetUp || !this.script.exports.includes('teardown') || this.options.noTeardown) return
    await this.runOnce('teardown', data, this.options.teardownTimeoutMs, exitCodes.teardownTimeout)
  }

  /** setup() or teardown(), as a user of its own; an exception there ends the test with k6's code. */
  private async runOnce(
    name: 'setup' | 'teardown',
    data: SetupData | undefined,
    timeoutMs: number,
    timeoutCode: ExitCode,
  ): Promise<unknown> {
    const user = this.runInit(0)
    user.group = `::${name}`
    this.settingUp = user
    let value: unknown
    const body = user.exports[name] as (data: unknown) => unknown
    const iteration = user.runIteration(
      (argument) => {
        const result = body(argument)
        if (!(result instanceof Promise)) return (value = result)
        return result.then((late) => (value = late))
      },
      data?.copyFor(user),
      Number.NaN,
    )
    const timer = setTimeout(() => {
      this.stop(timeoutCode, `${name}() did not end within ${timeoutMs / 1000} s (${name}Timeout)`)
      user.stop()
    }, timeoutMs)
    const outcome = await iteration
    clearTimeout(timer)
    this.settingUp = null
    if (outcome === 'failed') this.stop(exitCodes.scriptException, `${name}() threw an exception`)
    user.stop()
    return value
  }
}

/** The largest sum over scenarios that can be alive at the same time (graceful stop included). */
function mostAtOnce(scenarios: ExecutorConfig[], countOf: (config: ExecutorConfig) => number): number {
  const sumAt = (timeMs: number): number =>
    scenarios
      .filter(
        (config) =>
          config.startTimeMs <= timeMs && timeMs < config.startTimeMs + config.durationMs + config.gracefulStopMs,
      )
      .reduce((sum, config) => sum + countOf(config), 0)
  return Math.max(1, ...scenarios.map((config) => sumAt(config.startTimeMs)))
}
