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
   * Waits for a result. Whoever is told of the call only after this has resolved misses no result. `result` rejects with
   * the signal's reason when it aborts first; the call is then forgotten.
   * @param callId unique among all calls of all sessions, for as long as results may still come for them
   * @throws the signal's reason when it aborts before
   * @throws Problem 503 while the other workers cannot be reached
   * @throws Problem 502 when this worker waits for a call of that name already
   */
  expect(callId: string, signal: AbortSignal): Promise<{ result: Promise<ToolResult> }>
  /**
   * Hands a result over; false where no turn waits for it (any more).
   * @throws Problem 503 while the other workers cannot be reached; the result may then be sent again
   */
  deliver(result: ToolResult): Promise<boolean>
  /** Calls that turns of this worker wait for. */
  readonly waiting: number
  /** Ends when nothing of the calls that were waited for is left anywhere. */
  close(): Promise<void>
}
