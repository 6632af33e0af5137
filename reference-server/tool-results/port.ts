/** What a tool, run by the client, gave. */
export interface ToolResult {
  callId: string
  content: string
}

/**
 * Brings the result of a tool call from the worker at which it arrives to the turn that waits for it, which may run at
 * another worker. Each result is taken once.
 */
export interface ToolResults {
  open(): Promise<void>
  /**
   * Waits for a result. Whoever is told of the call only after this was called misses no result.
   * @throws the signal's reason when it aborts first; the call is then forgotten
   */
  expect(callId: string, signal: AbortSignal): Promise<{ result: Promise<ToolResult> }>
  /** Hands a result over; false where no turn waits for it (any more). */
  deliver(result: ToolResult): Promise<boolean>
  /** Turns of this worker that wait. */
  readonly waiting: number
  close(): Promise<void>
}
