import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { AssembledParts } from '../assembly.ts'
import { type Lifecycle, type Stage, stages } from './lifecycle.ts'
import { doneByParts, heldByParts } from './part-figures.ts'
import { ClientGone, Problem } from './problems.ts'

/** How turns and proxied requests end, as the label `outcome` has it. */
const outcomes = [
  'ok',
  'client-gone',
  'interrupted',
  'rejected',
  'unavailable',
  'upstream-failed',
  'timed-out',
  'error',
] as const
export type Outcome = (typeof outcomes)[number]

const outcomeOfStatus = (status: number): Outcome => {
  if (status === 409) return 'interrupted'
  if (status === 502) return 'upstream-failed'
  if (status === 503) return 'unavailable'
  if (status === 504) return 'timed-out'
  return status < 500 ? 'rejected' : 'error'
}

/** The outcome that a thrown value stands for. */
export const outcomeOf = (thrown: unknown): Outcome => {
  if (thrown instanceof ClientGone) return 'client-gone'
  return thrown instanceof Problem ? outcomeOfStatus(thrown.status) : 'error'
}

/** From a tenth of a millisecond, which passes between two stages of an idle gateway, to the deadline of a call. */
const stageBuckets = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 300]

type OutcomeCounters = Record<Outcome, { inc(): void }>
type StageHistograms = Record<Stage, { observe(seconds: number): void }>

const observe = (histograms: StageHistograms, lifecycle: Lifecycle): void => {
  for (const [stage, ms] of lifecycle.durations()) histograms[stage].observe(ms / 1_000)
}

/** What `GET /metrics` shows. What the parts know is read when somebody looks; a turn costs one counter. */
export class GatewayMetrics {
  readonly registry = new Registry()
  readonly #turns: OutcomeCounters
  readonly #proxied: OutcomeCounters
  readonly #turnStages: StageHistograms
  readonly #proxiedStages: StageHistograms
  webSockets = 0
  turnsInFlight = 0
  turnsAccepted = 0

  constructor(parts: AssembledParts) {
    this.#turns = this.#outcomeCounters('gateway_turns_total', 'Turns by outcome')
    this.#proxied = this.#outcomeCounters('gateway_proxied_total', 'Proxied requests by outcome')
    this.#turnStages = this.#stageHistograms('gateway_turn_stage_seconds')
    this.#proxiedStages = this.#stageHistograms('gateway_proxied_stage_seconds')
    this.#gauge('gateway_turns_in_flight', 'Turns accepted and not yet answered', () => this.turnsInFlight)
    this.#count('gateway_turns_accepted', 'Turns ever accepted', () => this.turnsAccepted)
    this.#gauge('gateway_websocket_connections', 'Open WebSockets', () => this.webSockets)
    this.#residentMemory()
    for (const { name, help, read } of heldByParts) this.#gauge(name, help, () => read(parts))
    for (const { name, help, read } of doneByParts) this.#count(name, help, () => read(parts))
  }

  countTurn(outcome: Outcome): void {
    this.#turns[outcome].inc()
  }

  /** `ok` is what was passed on whole, whatever the model's status. */
  countProxied(outcome: Outcome): void {
    this.#proxied[outcome].inc()
  }

  /** How long a turn's stages took, each since the one before. */
  observeTurn(lifecycle: Lifecycle): void {
    observe(this.#turnStages, lifecycle)
  }

  observeProxied(lifecycle: Lifecycle): void {
    observe(this.#proxiedStages, lifecycle)
  }

  #stageHistograms(name: string): StageHistograms {
    const stage = new Histogram({
      name,
      help: 'From the stage before to this one',
      labelNames: ['stage'],
      buckets: stageBuckets,
      registers: [this.registry],
    })
    const entries = stages.map((each) => [each, stage.labels(each)])
    return Object.fromEntries(entries) as StageHistograms
  }

  #outcomeCounters(name: string, help: string): OutcomeCounters {
    const registers = [this.registry]
    const labelNames = ['outcome']
    const counter = new Counter({ name, help, labelNames, registers })
    const entries = outcomes.map((outcome) => [outcome, counter.labels(outcome)] as const)
    // A count that is absent until it rises cannot be told from one that has not been read.
    for (const [, counted] of entries) counted.inc(0)
    return Object.fromEntries(entries) as OutcomeCounters
  }

  /** Workers are threads of one process: each says the same, and their sum would be of nobody. */
  #residentMemory(): void {
    const collect = function (this: Gauge): void {
      this.set(process.memoryUsage.rss())
    }
    const name = 'process_resident_memory_bytes'
    const registers = [this.registry]
    new Gauge({ name, help: 'Resident memory of the process', registers, aggregator: 'max', collect })
  }

  /** Counted elsewhere, where it costs a turn nothing but an addition. */
  #count(name: string, help: string, read: () => number): void {
    const collect = function (this: Counter): void {
      this.reset()
      this.inc(read())
    }
    new Counter({ name, help, registers: [this.registry], collect })
  }

  #gauge(name: string, help: string, read: () => number): void {
    const collect = function (this: Gauge): void {
      this.set(read())
    }
    new Gauge({ name, help, registers: [this.registry], collect })
  }
}
