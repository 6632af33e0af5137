/** One call of a tool, as the model asked for it. */
export interface ToolCall {
  id: string
  name: string
  /** JSON, as the model wrote it. */
  arguments: string
}

/** The tools that the gateway runs itself. Every other name is a tool of the client's. */
export interface Tools {
  /** Loads what is loaded at the start, if anything. */
  open(): Promise<void>
  has(name: string): boolean
  /**
   * What the model is shown as the result. A tool that fails or is called wrongly gives a text that says so, since the
   * model can do something about it.
   * @throws the signal's reason when it aborts first
   */
  run(call: ToolCall, signal: AbortSignal): Promise<string>
  /** Calls under way. */
  readonly running: number
  close(): Promise<void>
}
