import type { Eventual } from '../state/port.ts'

/** Whether a turn may go on. */
export interface Decision {
  allowed: boolean
  /** Turns left in the window after this one. */
  remaining: number
  /** Seconds until one will be allowed again; 0 where this one is. */
  retryAfterS: number
}

/** Bounds the turns of each app in a sliding window. */
export interface RateLimit {
  open(): Promise<void>
  /** Counts a turn of `app` where it is allowed. */
  take(app: string): Eventual<Decision>
  close(): Promise<void>
}
