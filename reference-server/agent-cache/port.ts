/** A tool as the model is told of it. */
export interface ToolDeclaration {
  readonly name: string
  readonly description: string
  /** JSON schema of the object that the tool is called with. */
  readonly parameters: Readonly<Record<string, unknown>>
}

/** What is stored of an agent. */
export interface AgentDefinition {
  readonly name: string
  /** What the model is told before a conversation. */
  readonly prompt: string
  /** Names of the tools that it may ask for: the gateway's own, and any that clients run. */
  readonly tools: readonly string[]
}

/** Reads an agent's definition; undefined where there is none of this name. */
export type LoadDefinition = (name: string) => Promise<AgentDefinition | undefined>

/** An agent ready for use. */
export interface Agent {
  readonly name: string
  readonly prompt: string
  /** Its tools, in the order of the definition. */
  readonly tools: readonly ToolDeclaration[]
  /** The same as a model wants to hear of them: JSON of `tools` in OpenAI's shape, made once; empty where there are none. */
  readonly toolsJson: string
  /**
   * What is wrong with a call that the model asks for, in words for the model; undefined where the agent has the tool
   * and the arguments are as its declaration wants them.
   * @param args JSON, as the model wrote it
   */
  wrongIn(tool: string, args: string): string | undefined
}

/** The agents in use; made from their definitions when first asked for. */
export interface AgentCache {
  /**
   * Two that ask at once for an agent that is not there share one loading.
   * @throws what loading the definition throws; the next to ask tries again
   */
  agentOf(name: string): Promise<Agent> | Agent
  readonly size: number
  readonly hits: number
  readonly misses: number
}
