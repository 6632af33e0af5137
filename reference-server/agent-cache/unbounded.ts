import { agentMaker } from './agent.ts'
import { Agents } from './agents.ts'
import type { AgentCache, LoadDefinition } from './port.ts'

/** Every agent that was ever asked for, for as long as the process lives. */
export const unboundedAgentCache = (load: LoadDefinition): AgentCache => new Agents(new Map(), agentMaker(load))
