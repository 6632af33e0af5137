import type { Decision, RateLimit } from './port.ts'
import { unlimited } from './unlimited.ts'
import { type Limits, Window } from './window.ts'

/** Every worker counts on its own: with N of them an app may get N times its limit. */
class LocalRateLimit implements RateLimit {
  readonly #limits: Limits
  readonly #nowMs: () => number
  /** As many as there are apps, which the configuration names. */
  readonly #windows = new Map<string, Window>()

  constructor(limits: Limits, nowMs: () => number) {
    this.#limits = limits
    this.#nowMs = nowMs
  }

  /** There is nothing to open. */
  async open(): Promise<void> {}

  take(app: string): Decision {
    let window = this.#windows.get(app)
    if (!window) this.#windows.set(app, (window = new Window(this.#limits)))
    return window.take(this.#nowMs())
  }

  async close(): Promise<void> {}
}

/** What both behaviours count with where there is no Redis. */
export const countLocally = (limits: Limits, nowMs = (): number => performance.now()) =>
  new LocalRateLimit(limits, nowMs)

export const localRateLimit = ({ config }: { config: Limits }): RateLimit =>
  config.rateLimit === 0 ? unlimited : countLocally(config)
