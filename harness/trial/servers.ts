import { mkdir, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { isLaunched, isTaskOnly, type ServiceConfig, type VariantConfig } from '../config.ts'
import { fillInAll, fillInEnv } from '../placeholders.ts'
import type { Profiler } from '../profile/port.ts'
import type { Phase, TrialFailure, TrialProfile } from '../record/schema.ts'
import { LaunchFailure, launch } from '../target/launch.ts'
import type { ProbeSample, Running } from '../target/port.ts'
import { freePorts } from '../target/ports.ts'
import { openProbeReceiver, type ProbeReceiver } from '../target/probe-receiver.ts'
import type { TrialEvents, TrialPlan, TrialSetting } from './plan.ts'
import { StageFailure } from './stage-failure.ts'

export interface RunningService {
  name: string
  url: string
  config: ServiceConfig
  running: Running
}

/** All that a trial measures against: fresh services and a fresh target, until `stop`. */
export class Servers {
  readonly services: RunningService[] = []
  /** Null where the variant is reached by its URL. */
  target: Running | null = null
  /** The first of them that went before its time. */
  died: TrialFailure | null = null
  private readonly plan: TrialPlan
  private readonly setting: TrialSetting
  private readonly signal: AbortSignal
  private readonly ports = new Map<string, string>()
  private readonly death = new AbortController()
  private readonly profiler: Profiler | null
  private probe: ProbeReceiver | null = null
  private isStopping = false

  constructor(plan: TrialPlan, setting: TrialSetting, signal: AbortSignal) {
    this.plan = plan
    this.setting = setting
    this.signal = signal
    const { trial, variant } = plan
    this.profiler = setting.profiler?.({ trial, variant, runDir: dirname(setting.logsDir) }) ?? null
  }

  /** Aborts when one of them has gone before its time: it takes the trial with it. */
  get deathSignal(): AbortSignal {
    return this.death.signal
  }

  /** @returns where the target is reached; null: the engine needs none. @throws StageFailure */
  async start(events: Pick<TrialEvents, 'stage'>): Promise<string | null> {
    await mkdir(this.setting.scratchDir, { recursive: true })
    this.probe = await openProbeReceiver()
    events.stage('starting services')
    await this.startServices()
    if (this.setting.engine.needsTarget === false) return null
    events.stage('starting the target')
    return await this.startTarget(this.setting.config.variants[this.plan.variant]!)
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
      const running = await this.launch('service', name, config, port!, values, true)
      this.services.push({ name, url: `http://127.0.0.1:${port}`, config, running })
      this.voidAtDeath('service', `service "${name}"`, running)
      for (const [index, key] of config.ports.entries())
        this.ports.set(`services.${name}.${key}`, String(others[index]))
      this.ports.set(`services.${name}.port`, String(port))
    }
  }

  /** What the script's environment, and that of a warm-up, may name is filled in. */
  fill(env: Record<string, string>, where: string): Record<string, string> {
    return fillInEnv(env, this.placeholders(), where)
  }

  private placeholders(): Record<string, string> {
    const { stateDir, scratchDir } = this.setting
    return { node: process.execPath, stateDir, trialDir: scratchDir, ...Object.fromEntries(this.ports) }
  }

  private async startTarget(variant: VariantConfig): Promise<string> {
    if (isTaskOnly(variant)) throw new Error('a task has no server: the config should have been refused')
    if (!isLaunched(variant)) return variant.url.replace(/\/$/, '')
    const port = variant.port ?? (await freePorts(1))[0]!
    const values = { ...this.placeholders(), port: String(port) }
    const added = fillInEnv(this.plan.targetEnv, values, `scenarios.${this.plan.scenario}: target`)
    const target = await this.launch('target', this.plan.variant, variant, port, values, variant.probe, added)
    this.target = target
    this.voidAtDeath('target', `variant "${this.plan.variant}"`, target)
    return `http://127.0.0.1:${port}`
  }

  private voidAtDeath(stage: 'service' | 'target', title: string, running: Running): void {
    void running.exited.then(({ code, signal, outputTail }) => {
      if (this.isStopping) return
      this.died ??= { stage, message: `${title} died during the trial (${signal ?? `exit code ${code}`})`, outputTail }
      this.death.abort()
    })
  }

  private async launch(
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
      const started = kind === 'target' && this.profiler ? await this.profiler.wrap(spec) : spec
      return await launch(started, this.probe ?? undefined, this.signal)
    } catch (error) {
      if (this.signal.aborted || !(error instanceof LaunchFailure)) throw error
      throw new StageFailure({ stage: kind, message: error.message, outputTail: error.outputTail })
    }
  }

  /** The measured load has begun. */
  beginProfile(startMs: number, phases: readonly Phase[]): void {
    this.profiler?.begin(startMs, phases)
  }

  /** What looked into the target; null: nothing did. The target may be gone then. */
  async takeProfile(): Promise<TrialProfile | null> {
    if (!this.target || !this.profiler) return null
    this.isStopping = true
    return await this.profiler.end(this.target)
  }

  /** What the probe has told so far. Empty where there is none. */
  probeSamples(): readonly ProbeSample[] {
    return (this.target && this.probe?.samplesOf(this.target.pid)) ?? []
  }

  /** Stops the target, since the last part of a second comes when it goes. Empty where no probe is in it. */
  async takeProbeSamples(): Promise<ProbeSample[]> {
    if (!this.target || !this.probe) return []
    this.isStopping = true
    await this.target.stop()
    await this.probe.close()
    return this.probe.samplesOf(this.target.pid)
  }

  /** Target first, so that its shutdown still finds its services. Nothing of them is left when this resolves. */
  async stop(): Promise<void> {
    this.isStopping = true
    await this.target?.stop()
    await this.profiler?.close()
    await Promise.all(this.services.map(({ running }) => running.stop()))
    await this.probe?.close()
    await rm(this.setting.scratchDir, { recursive: true, force: true })
  }
}
