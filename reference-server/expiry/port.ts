/** Ends sessions that were idle for too long, in the background. */
export interface Expiry {
  start(): void
  /** Sessions ended so far. */
  readonly expired: number
  /** Attempts so far, and those that failed. */
  readonly attempts: number
  readonly failures: number
  /** Ends the background work; resolves when no attempt is under way. */
  close(): Promise<void>
}
