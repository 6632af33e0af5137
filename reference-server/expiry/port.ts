import type { GatewayConfig } from '../gateway/config.ts'
import type { Eventual } from '../state/port.ts'
import type { Store } from '../store/port.ts'

/** Ends sessions that were idle for too long, in the background. */
export interface Expiry {
  start(): void
  /** Sessions ended so far. */
  readonly expired: number
  /** Attempts so far, and those that failed. */
  readonly attempts: number
  readonly failures: number
  /** Failures that somebody was told of. */
  readonly failuresLogged: number
  /** Ends the background work; resolves when no attempt is under way. What was asked of the store stays asked. */
  close(): Promise<void>
}

/** What expiry works with. */
export interface ExpiryNeeds {
  config: Pick<GatewayConfig, 'idleTimeoutMs' | 'expiryEveryMs'>
  store: Pick<Store, 'idleSessions' | 'write'>
  /**
   * Drops a session from memory, in one step, unless it was active since `beforeMs` or one of its turns is in flight.
   * @returns false where it has to stay; true where it is gone, or never was in memory
   */
  forgetIdle(key: string, beforeMs: number): Eventual<boolean>
}
