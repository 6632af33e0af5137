import { mkdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { monotonicNow } from './clock.ts'
import { isLaunched, type LoadedConfig, type ServiceConfig, type VariantConfig } from './config.ts'
import type { Engine, LoadJob, LoadProgress, LoadResult, ScenarioFacts } from './engine/port.ts'
import { messageOf } from './errors.ts'
import { driftOf, observeLoad } from './observe/load.ts'
import { observeService } from './observe/service.ts'
import { observeTarget, type PhaseLoad, seriesOfTarget } from './observe/target.ts'
import { judge } from './observe/validity.ts'
import { fillInAll, fillInEnv } from './placeholders.ts'
import { type Phase, type Pinning, recordSchema, type TrialFailure, type TrialRecord } from './record/schema.ts'
import { LaunchFailure, launch } from './target/launch.ts'
import { cpuCount } from './target/pinning.ts'
import type { Running, TargetObservation } from './target/port.ts'
import { freePorts } from './target/ports.ts'
import { openProbeReceiver, type ProbeReceiver } from './target/probe-receiver.ts'
import { TargetWatch } from './target-watch.ts'

/** One cell of the campaign's plan: what to run, and where it stands in the design. */
export interface TrialPlan {
  run: string
  trial: number
  key: TrialRecord['key']
  variant: string
  scenario: string
  primary: string
  facts: ScenarioFacts
  script: string
  /** Of the script, with placeholders. */
  env: Record<string, string>
  options: Record<string, unknown>
  /** What the scenario adds to the environment of the target, with placeholders. */
  targetEnv: Record<string, string>
  /** Names of the services to start, in this order. */
  services: string[]
  warmup: { script: string; env: Record<string, string> } | null
}

export interface TrialSetting {
  config: LoadedConfig
  engine: Engine
  pinning: Pinning
  /** Where logs of this run go. */
  logsDir: string
  /** Kept between trials (certificates and the like). */
  stateDir: string
  /** Made for the trial and removed after it. */
  scratchDir: string
  /** Why instructions are not counted here; null where they are. */
  notCounted: string | null
  /** The fingerprint of this machine. */
  machine: string
}

export interface TrialEvents {
  stage(text: string): void
  progress(progress: LoadProgress): void
}

class StageFailure extends Error {
  readonly failure: TrialFailure
  constructor(failure: TrialFailure) {
    super(failure.message)
    this.failure = failure
  }
}

interface RunningService {
  name: string
  url: string
  config: ServiceConfig
  running: Running
}

/**
 * The story of one trial: fresh services, fresh target, warm-up, measured load, orderly stop, record. What goes wrong
 * is part of the record. Whatever was started is stopped when this resolves or rejects.
 * @throws the signal's reason when the campaign was interrupted
 */
export async function runTrial(
  plan: TrialPlan,
  setting: TrialSetting,
  events: TrialEvents,
  signal: AbortSignal,
): Promise<TrialRecord> {
  const trial = new Trial(plan, setting, events, signal)
  const startedAt = new Date().toISOString()
  const startedMs = monotonicNow()
  let outcome: Partial<TrialRecord>
  try {
    outcome = await trial.run()
  } catch (error) {
    if (signal.aborted) throw error
    outcome = { failure: failureOf(error) }
  } finally {
    await trial.stop()
  }
  return { ...emptyRecord(plan, setting, startedAt), ...outcome, durationS: (monotonicNow() - startedMs) / 1000 }
}

function failureOf(error: unknown): TrialFailure {
  if (error instanceof StageFailure) return error.failure
  return { stage: 'load', message: messageOf(error), outputTail: [] }
}

const emptyRecord = (plan: TrialPlan, setting: TrialSetting, startedAt: string): TrialRecord => ({
  schema: recordSchema,
  run: plan.run,
  trial: plan.trial,
  key: plan.key,
  variant: plan.variant,
  scenario: plan.scenario,
  engine: setting.engine.name,
  startedAt,
  durationS: 0,
  invalid: [],
  primary: plan.primary,
  phases: [],
  observations: [],
  histograms: [],
  series: [],
  thresholds: [],
  checks: [],
  drift: [],
  pinning: setting.pinning,
  notes: [],
  warnings: [],
  machine: setting.machine,
  eventLoopSampling: null,
})

class Trial {
  private readonly plan: TrialPlan
  private readonly setting: TrialSetting
  private readonly events: TrialEvents
  private readonly signal: AbortSignal
  private readonly services: RunningService[] = []
  private target: Running | null = null
  private died: TrialFailure | null = null
  private isStopping = false
  private probe: ProbeReceiver | null = null
  private watch: TargetWatch | null = null
  private readonly cut = new AbortController()

  constructor(plan: TrialPlan, setting: TrialSetting, events: TrialEvents, signal: AbortSignal) {
    this.plan = plan
    this.setting = setting
    this.events = events
    this.signal = signal
  }

  async run(): Promise<Partial<TrialRecord>> {
    const variant = this.setting.config.variants[this.plan.variant]!
    await mkdir(this.setting.scratchDir, { recursive: true })
    this.probe = await openProbeReceiver()
    this.events.stage('starting services')
    await this.startServices()
    this.events.stage('starting the target')
    const url = await this.startTarget(variant)
    this.events.stage(this.plan.warmup ? 'warming up' : 'preparing the load')
    const result = await this.drive(url)
    this.events.stage('stopping')
    return this.toRecord(result)
  }

  private async startServices(): Promise<void> {
    for (const name of this.plan.services) {
      const config = this.setting.config.services[name]!
      const [port, ...others] = await freePorts(1 + config.ports.length)
      const values = {
        ...this.placeholders(),
        port: String(port),
        ...Object.fromEntries(config.ports.map((key, index) => [`ports.${key}`, String(others[index])])),
      }
      const running = await this.start('service', name, config, port!, values, true)
      this.services.push({ name, url: `http://127.0.0.1:${port}`, config, running })
      this.voidAtDeath('service', `service "${name}"`, running)
      for (const [index, key] of config.ports.entries())
        this.servicePorts.set(`services.${name}.${key}`, String(others[index]))
      this.servicePorts.set(`services.${name}.port`, String(port))
    }
  }

  private readonly servicePorts = new Map<string, string>()

  private placeholders(): Record<string, string> {
    const { stateDir, scratchDir } = this.setting
    return { node: process.execPath, stateDir, trialDir: scratchDir, ...Object.fromEntries(this.servicePorts) }
  }

  private async startTarget(variant: VariantConfig): Promise<string> {
    if (!isLaunched(variant)) return variant.url.replace(/\/$/, '')
    const port = variant.port ?? (await freePorts(1))[0]!
    const values = { ...this.placeholders(), port: String(port) }
    const added = fillInEnv(this.plan.targetEnv, values, `scenarios.${this.plan.scenario}: target`)
    const target = await this.start('target', this.plan.variant, variant, port, values, variant.probe, added)
    this.target = target
    this.voidAtDeath('target', `variant "${this.plan.variant}"`, target)
    return `http://127.0.0.1:${port}`
  }

  /** A process that goes before the load is over takes the trial with it. */
  private voidAtDeath(stage: 'service' | 'target', title: string, running: Running): void {
    void running.exited.then(({ code, signal, outputTail }) => {
      if (this.isStopping) return
      this.died ??= { stage, message: `${title} died during the trial (${signal ?? `exit code ${code}`})`, outputTail }
      this.cut.abort()
    })
  }

  private async start(
    kind: 'service' | 'target',
    name: string,
    config: Pick<ServiceConfig, 'command' | 'cwd' | 'env' | 'ready' | 'stopTimeout'>,
    port: number,
    values: Record<string, string>,
    probe: boolean,
    addedEnv: Record<string, string> = {},
  ): Promise<Running> {
    const { plan, setting } = this
    const where = kind === 'service' ? `services.${name}` : `variants.${name}`
    const logName = `${String(plan.trial).padStart(3, '0')}-${kind}-${name.replace(/[^\w.-]+/g, '-')}.log`
    const spec = {
      title: kind === 'service' ? `service "${name}"` : `variant "${name}"`,
      command: fillInAll(config.command, values, where),
      cwd: resolve(setting.config.dir, config.cwd ?? '.'),
      env: { ...fillInEnv(config.env, values, where), ...addedEnv },
      port,
      ready: config.ready,
      cpus: kind === 'service' ? setting.pinning.rest : setting.pinning.target,
      logFile: join(setting.logsDir, logName),
      stopTimeoutMs: config.stopTimeout,
      probe,
    }
    try {
      return await launch(spec, this.probe ?? undefined, this.signal)
    } catch (error) {
      if (this.signal.aborted || !(error instanceof LaunchFailure)) throw error
      throw new StageFailure({ stage: kind, message: error.message, outputTail: error.outputTail })
    }
  }

  private async drive(url: string): Promise<LoadResult> {
    const { plan, setting } = this
    const filled = (env: Record<string, string>, where: string) => ({
      ...fillInEnv(env, this.placeholders(), where),
      BASE_URL: url,
    })
    const { warmup } = plan
    const job: LoadJob = {
      script: plan.script,
      env: filled(plan.env, `scenarios.${plan.scenario}`),
      options: plan.options,
      cpus: setting.pinning.rest,
      logFile: join(setting.logsDir, `${String(plan.trial).padStart(3, '0')}-generator.log`),
      ...(warmup ? { warmup: { script: warmup.script, env: filled(warmup.env, 'warmup'), options: {} } } : {}),
    }
    const signal = AbortSignal.any([this.signal, this.cut.signal])
    try {
      return await setting.engine.run(
        job,
        {
          ready: () => this.ready(),
          started: (startMs, phases) => this.started(startMs, phases),
          progress: (progress) => this.events.progress(progress),
        },
        signal,
      )
    } catch (error) {
      throw this.died
        ? new StageFailure(this.died)
        : new StageFailure({ stage: 'generator', message: messageOf(error), outputTail: [] })
    }
  }

  private ready(): void {
    this.events.stage('measuring')
    this.watch = new TargetWatch(this.target?.pid ?? null, this.setting.notCounted, this.services)
  }

  private started(startMs: number, phases: Phase[]): void {
    this.watch?.start(startMs, phases)
  }

  private async toRecord(result: LoadResult): Promise<Partial<TrialRecord>> {
    this.signal.throwIfAborted()
    const { plan } = this
    const seen = (await this.watch?.stop()) ?? {
      outside: [],
      instructions: { unavailable: 'not watched' },
      lateness: [],
      notes: [],
    }
    const inside = await this.takeProbeSamples()
    const observed: TargetObservation = { inside, outside: seen.outside, instructions: seen.instructions }
    const sessions = heldSessions(result, plan.facts.notes.sessionsHeldIn)
    const context = {
      bootMs: this.target?.bootMs ?? null,
      cores: cpuCount(this.setting.pinning) ?? 1,
      loadStartMs: result.startMs,
      phases: phaseLoads(result, plan.facts.notes.operation),
      sessions,
    }
    const observations = [
      ...observeLoad(result, plan.facts.notes.operation),
      ...observeTarget(observed, context),
      ...seen.lateness.flatMap(observeService),
    ]
    const failure = this.died ?? loadFailure(result)
    return {
      ...(failure ? { failure } : {}),
      invalid: judge(result, plan.facts.notes, plan.primary, observations, seen.lateness),
      phases: result.phases,
      observations,
      histograms: result.histograms,
      series: [...result.series, ...seriesOfTarget(observed, result.startMs)],
      thresholds: result.thresholds,
      checks: result.checks,
      drift: driftOf(result),
      eventLoopSampling: inside.length > 0 ? 'interval' : null,
      notes: this.notes(inside.length > 0, seen.instructions, seen.notes),
      warnings: result.warnings,
    }
  }

  private async takeProbeSamples(): Promise<TargetObservation['inside']> {
    if (!this.target || !this.probe) return []
    // The last part of a second comes when the target goes.
    this.isStopping = true
    await this.target.stop()
    await this.probe.close()
    return this.probe.samplesOf(this.target.pid)
  }

  private notes(hasProbe: boolean, instructions: TargetObservation['instructions'], others: string[]): string[] {
    const probe = hasProbe
      ? 'event-loop delay is that of an interval timer of 10 ms less its resolution, merged over the seconds of a phase'
      : 'no probe reported from inside the target: event-loop delay, garbage collection and heap are absent'
    return [probe, ...('unavailable' in instructions ? [instructions.unavailable] : []), ...others]
  }

  /** Target first, so that its shutdown still finds its services. */
  async stop(): Promise<void> {
    this.isStopping = true
    await this.watch?.stop()
    await this.target?.stop()
    await Promise.all(this.services.map(({ running }) => running.stop()))
    await this.probe?.close()
    await rm(this.setting.scratchDir, { recursive: true, force: true })
  }
}

/** How many operations each phase saw, by the counter that the script calls its operation. */
function phaseLoads(result: LoadResult, operation: string): PhaseLoad[] {
  return result.phases.map((phase) => {
    const counter = result.metrics.find((metric) => metric.metric === operation && metric.phase === phase.name)
    return { ...phase, operations: counter?.sum ?? 0 }
  })
}

/** How many sessions really were open at the end of the phase in which all should be. */
function heldSessions(result: LoadResult, phase: string | null): { phase: string; count: number } | null {
  return phase === null ? null : { phase, count: result.socketsAtPhaseEnd[phase] ?? 0 }
}

function loadFailure(result: LoadResult): TrialFailure | null {
  // A crossed threshold is a finding, not a failure of the measurement.
  if (result.exitCode === 0 || result.exitCode === 99) return null
  return {
    stage: 'load',
    message: `the load ended early: ${result.endedBecause ?? `exit code ${result.exitCode}`}`,
    outputTail: result.warnings.slice(-10),
  }
}
