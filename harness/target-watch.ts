import { monotonicNow } from './clock.ts'
import type { ServiceConfig } from './config.ts'
import type { ServiceLateness } from './observe/validity.ts'
import type { Phase } from './record/schema.ts'
import { countInstructions, type InstructionCounter } from './target/instructions.ts'
import { observeOutside } from './target/observe.ts'
import type { OutsideSample, TargetObservation } from './target/port.ts'

/** What was seen from outside during one load. */
export interface Seen {
  outside: OutsideSample[]
  instructions: TargetObservation['instructions']
  lateness: ServiceLateness[]
  notes: string[]
}

interface WatchedService {
  name: string
  url: string
  config: Pick<ServiceConfig, 'lateness'>
}

const lookEveryMs = 250
const askTimeoutMs = 2000

/**
 * Watches target and services from outside while the load runs. It looks at the bounds of every phase, so that what a
 * phase cost is a difference of two looks and not an estimate.
 */
export class TargetWatch {
  private readonly pid: number | null
  private readonly notCounted: string | null
  private readonly services: WatchedService[]
  private readonly outside: ReturnType<typeof observeOutside> | null
  private readonly instructions: Record<string, number> = {}
  private readonly counters = new Map<string, Promise<InstructionCounter | { unavailable: string }>>()
  private readonly lateness: ServiceLateness[] = []
  private readonly timers: NodeJS.Timeout[] = []
  private readonly work: Promise<void>[] = []
  private unavailable: string | null
  private seen: Promise<Seen> | null = null

  constructor(pid: number | null, notCounted: string | null, services: WatchedService[]) {
    this.pid = pid
    this.notCounted = notCounted
    this.unavailable = pid === null ? 'instructions are not counted: the target was not started by weir' : notCounted
    this.services = services.filter(({ config }) => config.lateness !== undefined)
    this.outside = pid === null ? null : observeOutside(pid, lookEveryMs)
  }

  start(startMs: number, phases: Phase[]): void {
    this.outside?.sampleNow()
    for (const phase of phases) {
      this.at(startMs + phase.startS * 1000, () => this.beginPhase(phase))
      this.at(startMs + phase.endS * 1000, () => this.endPhase(phase))
    }
  }

  private at(timeMs: number, action: () => Promise<void>): void {
    this.timers.push(setTimeout(() => this.work.push(action()), Math.max(0, timeMs - monotonicNow())))
  }

  private async beginPhase(phase: Phase): Promise<void> {
    this.outside?.sampleNow()
    if (this.pid !== null && this.notCounted === null) this.counters.set(phase.name, countInstructions([this.pid]))
    // What gathered before the phase is not the phase's.
    await Promise.all(this.services.map((service) => this.askLateness(service)))
  }

  private async endPhase(phase: Phase): Promise<void> {
    this.outside?.sampleNow()
    await Promise.all([
      this.endCounting(phase.name),
      ...this.services.map(async (service) => {
        const answer = await this.askLateness(service)
        if (answer) this.lateness.push({ ...answer, service: service.name, phase: phase.name })
      }),
    ])
  }

  private async endCounting(phase: string): Promise<void> {
    const counter = await this.counters.get(phase)
    if (!counter) return
    const counted = 'unavailable' in counter ? counter : await counter.stop()
    if ('unavailable' in counted) this.unavailable = counted.unavailable
    else this.instructions[phase] = counted.count
  }

  private async askLateness({
    url,
    config,
  }: WatchedService): Promise<{ count: number; p50Ms: number; p99Ms: number; maxMs: number } | null> {
    try {
      const response = await fetch(url + config.lateness, { signal: AbortSignal.timeout(askTimeoutMs) })
      const { count, p50Ms, p99Ms, maxMs } = (await response.json()) as Record<string, number>
      return { count: Number(count), p50Ms: Number(p50Ms), p99Ms: Number(p99Ms), maxMs: Number(maxMs) }
    } catch {
      return null
    }
  }

  /** The looks at the target so far. */
  soFar(): readonly OutsideSample[] {
    return this.outside?.soFar() ?? []
  }

  /** Ends all looks. Can be called twice. */
  stop(): Promise<Seen> {
    this.seen ??= this.finish()
    return this.seen
  }

  private async finish(): Promise<Seen> {
    for (const timer of this.timers) clearTimeout(timer)
    await Promise.allSettled(this.work)
    // Phases that were cut short still own a counter process.
    await Promise.allSettled(
      [...this.counters].map(async ([, starting]) => {
        const counter = await starting
        if (!('unavailable' in counter)) await counter.stop()
      }),
    )
    return {
      outside: this.outside?.stop() ?? [],
      instructions: this.unavailable === null ? { byPhase: this.instructions } : { unavailable: this.unavailable },
      lateness: this.lateness,
      notes: this.outside?.note ? [this.outside.note] : [],
    }
  }
}
