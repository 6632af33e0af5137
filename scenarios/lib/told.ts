/**
 * What the gateway has counted of its own work since it started, by its /metrics, for each turn where that makes sense.
 * Looked at in `teardown()`; a gateway that does not count one of them leaves it out.
 *
 *   organisation_reads            database reads for the bill's organisation, in all and
 *   organisation_reads_per_turn   for each turn
 *   session_log_writes_per_turn   writes of the session log's file
 *   work_pools_made               pools of threads for tools that compute
 *   agents_cached                 agents in memory at the end
 *   agent_cache_hit_rate          of look-ups of an agent
 */
import { Gauge } from 'k6/metrics'
import { sumOf } from './gauges.ts'

type Of = (name: string) => number

/** NaN where the gateway does not say. */
const told: Record<string, (of: Of) => number> = {
  organisation_reads: (of) => of('gateway_organisation_reads'),
  organisation_reads_per_turn: (of) => of('gateway_organisation_reads') / of('gateway_turns_total'),
  session_log_writes_per_turn: (of) => of('gateway_session_log_writes') / of('gateway_turns_total'),
  work_pools_made: (of) => of('gateway_work_pools_made'),
  agents_cached: (of) => of('gateway_agents_cached'),
  agent_cache_hit_rate: (of) => {
    const hits = of('gateway_agent_cache_hits')
    return hits / (hits + of('gateway_agent_cache_misses'))
  },
}

const gauges = Object.fromEntries(Object.keys(told).map((name) => [name, new Gauge(name)]))

export function recordTold(page: string): void {
  const of: Of = (name) => sumOf(page, name) ?? Number.NaN
  for (const [name, tell] of Object.entries(told)) {
    const value = tell(of)
    if (Number.isFinite(value)) gauges[name]?.add(value)
  }
}
