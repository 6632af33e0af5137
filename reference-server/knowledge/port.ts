/** The knowledge base that a turn looks its message up in. */
export interface Knowledge {
  /**
   * The texts found, best first.
   * @throws Problem 502 or 504, or the signal's reason
   */
  lookUp(query: string, signal: AbortSignal): Promise<string[]>
  /** Resolves when the knowledge base can be reached. */
  check(signal: AbortSignal): Promise<void>
  readonly callsInFlight: number
  /** Connections made so far. */
  readonly connectionsMade: number
  close(): Promise<void>
}
