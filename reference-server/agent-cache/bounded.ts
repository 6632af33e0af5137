import { LRUCache } from 'lru-cache'
import { agentMaker } from './agent.ts'
import { Agents } from './agents.ts'
import type { Agent, AgentCache, LoadDefinition } from './port.ts'

const mostAgents = 100
const longestMs = 3_600_000

/**
 * The 100 agents used last, none for longer than an hour: a changed definition is in use an hour later at most.
 * @param clock tells milliseconds
 */
export const boundedAgentCache = (load: LoadDefinition, clock: { now(): number } = performance): AgentCache => {
  const kept = new LRUCache<string, Agent>({ max: mostAgents, ttl: longestMs, ttlResolution: 0, perf: clock })
  return new Agents(kept, agentMaker(load))
}
