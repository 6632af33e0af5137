import type { GatewayConfig } from '../gateway/config.ts'
import type { Decision } from './port.ts'

/** How many turns, and in how long. */
export type Limits = Pick<GatewayConfig, 'rateLimit' | 'rateWindowMs'>

/** The decision for a turn that finds `taken` turns in the window, of which the oldest leaves in `freeInMs`. */
export const decide = (taken: number, limit: number, freeInMs: number): Decision =>
  taken < limit
    ? { allowed: true, remaining: limit - taken - 1, retryAfterS: 0 }
    : { allowed: false, remaining: 0, retryAfterS: Math.max(1, Math.ceil(freeInMs / 1000)) }

/** When each turn of one app was taken, oldest first, and no more of them than the limit. */
export class Window {
  readonly #limits: Limits
  #stamps: number[] = []
  /** Where the oldest in the window stands; what is before it has left and is thrown away now and then. */
  #oldest = 0

  constructor(limits: Limits) {
    this.#limits = limits
  }

  take(nowMs: number): Decision {
    this.#leaveUntil(nowMs - this.#limits.rateWindowMs)
    const taken = this.#stamps.length - this.#oldest
    const freeInMs = (this.#stamps[this.#oldest] ?? nowMs) + this.#limits.rateWindowMs - nowMs
    const decision = decide(taken, this.#limits.rateLimit, freeInMs)
    if (decision.allowed) this.#stamps.push(nowMs)
    return decision
  }

  #leaveUntil(cutMs: number): void {
    while (this.#oldest < this.#stamps.length && this.#stamps[this.#oldest]! <= cutMs) this.#oldest += 1
    if (this.#oldest <= this.#stamps.length / 2) return
    this.#stamps = this.#stamps.slice(this.#oldest)
    this.#oldest = 0
  }
}
