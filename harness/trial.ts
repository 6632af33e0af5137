import { monotonicNow } from './clock.ts'
import type { LoadProgress, LoadResult } from './engine/port.ts'
import { messageOf } from './errors.ts'
import { observeLoad } from './observe/load.ts'
import { observeService } from './observe/service.ts'
import { newestOfTarget, observeTarget, type PhaseLoad, seriesOfTarget } from './observe/target.ts'
import { judge } from './observe/validity.ts'
import type { TrialRecord } from './record/schema.ts'
import { cpuCount } from './target/pinning.ts'
import type { TargetObservation } from './target/port.ts'
import { TargetWatch } from './target-watch.ts'
import { jobOf } from './trial/job.ts'
import type { TrialEvents, TrialPlan, TrialSetting } from './trial/plan.ts'
import { emptyRecord, loadFailure, notesOf, ofLoad } from './trial/record.ts'
import { Servers } from './trial/servers.ts'
import { failureOf, StageFailure } from './trial/stage-failure.ts'

export type { TrialEvents, TrialPlan, TrialSetting } from './trial/plan.ts'

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

class Trial {
  private readonly plan: TrialPlan
  private readonly setting: TrialSetting
  private readonly events: TrialEvents
  private readonly signal: AbortSignal
  private readonly servers: Servers
  private watch: TargetWatch | null = null

  constructor(plan: TrialPlan, setting: TrialSetting, events: TrialEvents, signal: AbortSignal) {
    this.plan = plan
    this.setting = setting
    this.events = events
    this.signal = signal
    this.servers = new Servers(plan, setting, signal)
  }

  async run(): Promise<Partial<TrialRecord>> {
    const url = await this.servers.start(this.events)
    this.events.stage(this.plan.warmup ? 'warming up' : 'preparing the load')
    const result = await this.drive(url)
    this.events.stage('stopping')
    return this.toRecord(result)
  }

  private async drive(url: string | null): Promise<LoadResult> {
    const { plan, setting, servers } = this
    try {
      return await setting.engine.run(
        jobOf(plan, setting, servers, url),
        {
          ready: () => this.ready(),
          started: (startMs, phases) => {
            this.watch?.start(startMs, phases)
            this.servers.beginProfile(startMs, phases)
          },
          ended: () => this.watch?.end(),
          progress: (progress) => this.tell(progress),
        },
        AbortSignal.any([this.signal, servers.deathSignal]),
      )
    } catch (error) {
      const stage = setting.engine.needsTarget === false ? 'task' : 'generator'
      throw new StageFailure(servers.died ?? { stage, message: messageOf(error), outputTail: [] })
    }
  }

  private ready(): void {
    this.events.stage('measuring')
    const { target, services } = this.servers
    this.watch = new TargetWatch(target?.pid ?? null, this.setting.notCounted, services)
  }

  private tell(progress: LoadProgress): void {
    const ofTarget = newestOfTarget(this.servers.probeSamples(), this.watch?.soFar() ?? [])
    this.events.progress({ ...progress, second: [...progress.second, ...ofTarget] })
  }

  private async toRecord(result: LoadResult): Promise<Partial<TrialRecord>> {
    this.signal.throwIfAborted()
    const { plan, setting, servers } = this
    const seen = (await this.watch?.stop()) ?? {
      outside: [],
      instructions: { unavailable: 'not watched' },
      lateness: [],
      notes: [],
    }
    const profile = await servers.takeProfile()
    const inside = await servers.takeProbeSamples()
    const observed: TargetObservation = { inside, outside: seen.outside, instructions: seen.instructions }
    const sessions = heldSessions(result, plan.facts.notes.sessionsHeldIn)
    const context = {
      bootMs: servers.target?.bootMs ?? null,
      cores: cpuCount(setting.pinning) ?? 1,
      loadStartMs: result.startMs,
      phases: phaseLoads(result, plan.facts.notes.operation),
      sessions,
    }
    const observations = [
      ...observeLoad(result, plan.facts.notes),
      ...observeTarget(observed, context),
      ...seen.lateness.flatMap(observeService),
    ]
    const failure = servers.died ?? loadFailure(result)
    return {
      ...ofLoad(result),
      ...(failure ? { failure } : {}),
      invalid: judge(result, plan.facts.notes, plan.primary, observations, seen.lateness),
      observations,
      series: [...result.series, ...seriesOfTarget(observed, result.startMs)],
      eventLoopSampling: inside.length > 0 ? 'interval' : null,
      notes: [
        ...(setting.engine.needsTarget === false ? [] : notesOf(inside.length > 0, seen.instructions, seen.notes)),
        ...(plan.facts.remarks ?? []),
      ],
      ...(profile ? { profile } : {}),
    }
  }

  async stop(): Promise<void> {
    await this.watch?.stop()
    await this.servers.stop()
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
