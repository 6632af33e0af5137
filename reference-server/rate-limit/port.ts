import type { Eventual } from '../state/port.ts'

/** Whether a turn may go on. */
export interface Decision {
  allowed: boolean
  /** Turns left in the window after this one; Infinity where there is no limit. */
  remaining: number
  /** Whole seconds, as Retry-After has them, after which one will be allowed again; 0 where this one is. */
  retryAfterS: number
}

/**
 * Bounds the turns of each app: no stretch of time as long as the window has more of them than the limit. A turn that
 * is refused does not count. A failing Redis never refuses a turn: the limit is kept by each worker on its own until
 * Redis is back, since a limit that is too generous for a while does less harm than no answers at all.
 */
export interface RateLimit {
  open(): Promise<void>
  /** Counts a turn of `app` where it is allowed. */
  take(app: string): Eventual<Decision>
  close(): Promise<void>
}
