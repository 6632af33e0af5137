/** Bounds the turns in flight. Whoever was admitted calls `release` exactly once, whatever became of the turn. */
export interface Admission {
  /**
   * Resolves when the turn may go on.
   * @throws Problem 503 when there is no place left to wait in, or the gateway is shutting down
   * @throws the signal's reason when it aborts first
   */
  admit(signal: AbortSignal): Promise<void> | undefined
  release(): void
  /** Refuses those that wait and all that come. */
  close(): void
  /** Of this worker: turns that were admitted, and turns that wait. */
  readonly inUse: number
  readonly waiting: number
}
