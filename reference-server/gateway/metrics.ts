import { Counter, Gauge, Registry } from 'prom-client'
import type { AssembledParts } from '../parts.ts'
import { ClientGone, Problem } from './problems.ts'

/** How turns end, as the label `outcome` has it. */
const outcomes = ['ok', 'client-gone', 'rejected', 'unavailable', 'upstream-failed', 'timed-out', 'error'] as const
type Outcome = (typeof outcomes)[number]

const outcomeOfStatus = (status: number): Outcome => {
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

/** What `GET /metrics` shows. Gauges are read from the parts when somebody looks; a turn costs one counter. */
export class GatewayMetrics {
  readonly registry = new Registry()
  readonly #turns: Record<Outcome, { inc(): void }>
  webSockets = 0
  turnsInFlight = 0

  constructor(parts: AssembledParts) {
    this.#turns = this.#turnCounters()
    this.#gauge('gateway_turns_in_flight', 'Turns accepted and not yet answered', () => this.turnsInFlight)
    this.#gauge('gateway_websocket_connections', 'Open WebSockets', () => this.webSockets)
    this.#gauge('gateway_sessions', 'Sessions in memory', () => parts.state.size)
    this.#gauge('gateway_permits_in_use', 'Turns admitted', () => parts.admission.inUse)
    this.#gauge('gateway_turns_waiting', 'Turns waiting to be admitted', () => parts.admission.waiting)
    this.#gauge('gateway_open_channels', 'Turns whose outcome is waited for', () => parts.delivery.openChannels)
    const { upstream, knowledge, contextUpdate, store } = parts
    this.#gauge('gateway_upstream_calls_in_flight', 'Calls to the model', () => upstream.callsInFlight)
    this.#gauge('gateway_upstream_connections_made', 'Connections ever made', () => upstream.connectionsMade)
    this.#gauge('gateway_knowledge_calls_in_flight', 'Look-ups', () => knowledge.callsInFlight)
    this.#gauge('gateway_context_updates_pending', 'Updates not finished', () => contextUpdate.pending)
    this.#gauge('gateway_context_updates_failed', 'Updates that failed', () => contextUpdate.failed)
    this.#gauge('gateway_store_writes_pending', 'Changes not committed', () => store.pendingWrites)
  }

  countTurn(outcome: Outcome): void {
    this.#turns[outcome].inc()
  }

  #turnCounters(): Record<Outcome, { inc(): void }> {
    const registers = [this.registry]
    const labelNames = ['outcome']
    const counter = new Counter({ name: 'gateway_turns_total', help: 'Turns by outcome', labelNames, registers })
    const entries = outcomes.map((outcome) => [outcome, counter.labels(outcome)])
    return Object.fromEntries(entries) as Record<Outcome, { inc(): void }>
  }

  #gauge(name: string, help: string, read: () => number): void {
    const collect = function (this: Gauge): void {
      this.set(read())
    }
    new Gauge({ name, help, registers: [this.registry], collect })
  }
}
