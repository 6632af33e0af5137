/** What the gateway knows of an agent: what the model is told before a conversation, and which tools it may ask for. */
export interface Agent {
  readonly name: string
  readonly prompt: string
  readonly tools: readonly string[]
}

/** The agents in use; made from their definitions when first asked for. */
export interface AgentCache {
  /** Two that ask at once for an agent that is not there share one loading. */
  agentOf(name: string): Promise<Agent>
  readonly size: number
  readonly hits: number
  readonly misses: number
}
