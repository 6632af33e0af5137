import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { AssembledParts } from '../assembly.ts'
import { type Lifecycle, type Stage, stages } from './lifecycle.ts'
import { ClientGone, Problem } from './problems.ts'

/** How turns end, as the label `outcome` has it. */
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
type Outcome = (typeof outcomes)[number]

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

/** What `GET /metrics` shows. Gauges are read from the parts when somebody looks; a turn costs one counter. */
export class GatewayMetrics {
  readonly registry = new Registry()
  readonly #turns: Record<Outcome, { inc(): void }>
  readonly #stages: Record<Stage, { observe(seconds: number): void }>
  webSockets = 0
  turnsInFlight = 0

  constructor(parts: AssembledParts) {
    this.#turns = this.#turnCounters()
    this.#stages = this.#stageHistograms()
    this.#gauge('gateway_turns_in_flight', 'Turns accepted and not yet answered', () => this.turnsInFlight)
    this.#gauge('gateway_websocket_connections', 'Open WebSockets', () => this.webSockets)
    this.#gauge('gateway_sessions', 'Sessions in memory', () => parts.state.size)
    this.#gauge('gateway_permits_in_use', 'Turns admitted', () => parts.admission.inUse)
    this.#gauge('gateway_turns_waiting', 'Turns waiting to be admitted', () => parts.admission.waiting)
    this.#gauge('gateway_open_channels', 'Turns whose outcome is waited for', () => parts.delivery.openChannels)
    const { upstream, knowledge, contextUpdate, store } = parts
    const { streamConsumer, toolResults, tools, proxy } = parts
    this.#gauge('gateway_open_streams', 'Streamed answers under way', () => streamConsumer.openStreams)
    this.#gauge('gateway_stream_text_waiting', 'Characters not taken by slow clients', () => streamConsumer.waitingText)
    this.#gauge('gateway_tool_calls_running', 'Calls of tools of the gateway', () => tools.running)
    this.#gauge('gateway_tool_results_waiting', 'Calls of tools of clients', () => toolResults.waiting)
    this.#gauge('gateway_proxied_in_flight', 'Requests passed through to the model', () => proxy.inFlight)
    this.#gauge('gateway_upstream_calls_in_flight', 'Calls to the model', () => upstream.callsInFlight)
    this.#gauge('gateway_upstream_connections_made', 'Connections ever made', () => upstream.connectionsMade)
    this.#gauge('gateway_knowledge_calls_in_flight', 'Look-ups', () => knowledge.callsInFlight)
    this.#gauge('gateway_context_updates_pending', 'Updates not finished', () => contextUpdate.pending)
    this.#gauge('gateway_context_updates_failed', 'Updates that failed', () => contextUpdate.failed)
    this.#gauge('gateway_store_writes_pending', 'Changes not committed', () => store.pendingWrites)
    this.#gaugesOfOptimisations(parts)
  }

  /** What each part counts of the work that it is there to save. */
  #gaugesOfOptimisations({ bus, usage, sessionLog, agents, expiry, tools }: AssembledParts): void {
    this.#gauge('gateway_bus_listeners', 'Subscriptions of the bus at the moment', () => bus.listeners)
    this.#gauge('gateway_organisation_reads', 'Database reads for organisations', () => usage.organisationReads)
    this.#gauge('gateway_session_log_writes', 'Writes of the session log', () => sessionLog.writes)
    this.#gauge('gateway_agents_cached', 'Agents in memory', () => agents.size)
    this.#gauge('gateway_agent_cache_hits', 'Agents found in memory', () => agents.hits)
    this.#gauge('gateway_agent_cache_misses', 'Agents made anew', () => agents.misses)
    this.#gauge('gateway_expiry_attempts', 'Searches for idle sessions', () => expiry.attempts)
    this.#gauge('gateway_expiry_failures', 'Failed searches that were logged', () => expiry.failuresLogged)
    this.#gauge('gateway_tool_calls', 'Calls of own tools ever begun', () => tools.calls)
    this.#gauge('gateway_work_pools_made', 'Pools of threads ever made', () => tools.workPoolsMade)
    this.#gauge('gateway_tool_host_connections_made', 'Connections ever made', () => tools.hostConnectionsMade)
  }

  countTurn(outcome: Outcome): void {
    this.#turns[outcome].inc()
  }

  /** How long a turn's stages took, each since the one before. */
  observe(lifecycle: Lifecycle): void {
    for (const [stage, ms] of lifecycle.durations()) this.#stages[stage].observe(ms / 1_000)
  }

  #stageHistograms(): Record<Stage, { observe(seconds: number): void }> {
    const stage = new Histogram({
      name: 'gateway_turn_stage_seconds',
      help: 'From the stage before to this one',
      labelNames: ['stage'],
      buckets: stageBuckets,
      registers: [this.registry],
    })
    const entries = stages.map((name) => [name, stage.labels(name)])
    return Object.fromEntries(entries) as Record<Stage, { observe(seconds: number): void }>
  }

  #turnCounters(): Record<Outcome, { inc(): void }> {
    const registers = [this.registry]
    const labelNames = ['outcome']
    const counter = new Counter({ name: 'gateway_turns_total', help: 'Turns by outcome', labelNames, registers })
    const entries = outcomes.map((outcome) => [outcome, counter.labels(outcome)] as const)
    // A count that is absent until it rises cannot be told from one that has not been read.
    for (const [, counted] of entries) counted.inc(0)
    return Object.fromEntries(entries) as Record<Outcome, { inc(): void }>
  }

  #gauge(name: string, help: string, read: () => number): void {
    const collect = function (this: Gauge): void {
      this.set(read())
    }
    new Gauge({ name, help, registers: [this.registry], collect })
  }
}
