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

type Lateness = Omit<ServiceLateness, 'service' | 'phase'>

/** What a service said when it was asked: of the time since it was asked before, and so of the phases that were open. */
interface Told {
  service: string
  phases: string[]
  answer: Lateness
}

/**
 * Watches target and services from outside while the load runs. It looks at the bounds of every phase, and where the load
 * ends within one, so that what a phase cost is a difference of two looks and not an estimate.
 */
export class TargetWatch {
  private readonly pid: number | null
  private readonly notCounted: string | null
  private readonly services: WatchedService[]
  private readonly outside: ReturnType<typeof observeOutside> | null
  private readonly instructions: Record<string, number> = {}
  private readonly counters = new Map<string, Promise<InstructionCounter | { unavailable: string }>>()
  private readonly timers: NodeJS.Timeout[] = []
  private readonly open = new Set<Phase>()
  private readonly told: Told[] = []
  private asked: Promise<void> = Promise.resolve()
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

  /** The load is over: so are the phases that were to last longer. */
  end(): void {
    this.clearTimers()
    this.outside?.sampleNow()
    for (const phase of this.open) this.work.push(this.endPhase(phase))
  }

  private at(timeMs: number, action: () => Promise<void>): void {
    this.timers.push(setTimeout(() => this.work.push(action()), Math.max(0, timeMs - monotonicNow())))
  }

  private async beginPhase(phase: Phase): Promise<void> {
    this.outside?.sampleNow()
    if (this.pid !== null && this.notCounted === null) this.counters.set(phase.name, countInstructions([this.pid]))
    // What gathered before the phase is not the phase's, but of those that are under way.
    const asked = this.askServices()
    this.open.add(phase)
    await asked
  }

  private async endPhase(phase: Phase): Promise<void> {
    this.outside?.sampleNow()
    const asked = this.askServices()
    this.open.delete(phase)
    await Promise.all([asked, this.endCounting(phase.name)])
  }

  /**
   * A service forgets what it has told, so every phase that is open hears it, whichever of them it was asked for. Of phases that
   * end together the first asks for all: one question waits for the other.
   */
  private askServices(): Promise<void> {
    const phases = [...this.open].map(({ name }) => name)
    const ask = async (service: WatchedService): Promise<void> => {
      const answer = await askLateness(service)
      if (answer) this.told.push({ service: service.name, phases, answer })
    }
    this.asked = this.asked.then(async () => void (await Promise.all(this.services.map(ask))))
    return this.asked
  }

  private async endCounting(phase: string): Promise<void> {
    const counter = await this.counters.get(phase)
    if (!counter) return
    const counted = 'unavailable' in counter ? counter : await counter.stop()
    if ('unavailable' in counted) this.unavailable = counted.unavailable
    else this.instructions[phase] = counted.count
  }

  private clearTimers(): void {
    for (const timer of this.timers.splice(0)) clearTimeout(timer)
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
    this.clearTimers()
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
      lateness: this.lateness(),
      notes: this.outside?.note ? [this.outside.note] : [],
    }
  }

  private lateness(): ServiceLateness[] {
    const phases = [...new Set(this.told.flatMap((each) => each.phases))]
    return this.services.flatMap(({ name: service }) =>
      phases.flatMap((phase) => {
        const answers = this.told.filter((each) => each.service === service && each.phases.includes(phase))
        return answers.length === 0 ? [] : [{ service, phase, ...together(answers.map(({ answer }) => answer)) }]
      }),
    )
  }
}

/** Where a phase was told in parts, since others began or ended within it, its worst part speaks for all of it. */
function together(answers: readonly Lateness[]): Lateness {
  const count = answers.reduce((sum, each) => sum + each.count, 0)
  const worst = (of: (answer: Lateness) => number): number => Math.max(...answers.map(of))
  return {
    count,
    p50Ms: worst(({ p50Ms }) => p50Ms),
    p97Ms: worst(({ p97Ms }) => p97Ms),
    p99Ms: worst(({ p99Ms }) => p99Ms),
    maxMs: worst(({ maxMs }) => maxMs),
  }
}

async function askLateness({ url, config }: WatchedService): Promise<Lateness | null> {
  try {
    const response = await fetch(url + config.lateness, { signal: AbortSignal.timeout(askTimeoutMs) })
    const { count, p50Ms, p99Ms, p97Ms = p99Ms, maxMs } = (await response.json()) as Record<string, number>
    return {
      count: Number(count),
      p50Ms: Number(p50Ms),
      p97Ms: Number(p97Ms),
      p99Ms: Number(p99Ms),
      maxMs: Number(maxMs),
    }
  } catch {
    return null
  }
}
