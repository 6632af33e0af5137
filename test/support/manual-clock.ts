import type { Clock } from '../../harness/clock.ts'

interface Pending {
  dueMs: number
  callback: () => void
}

/** Time that stands still until a test moves it. */
export class ManualClock implements Clock {
  #nowMs = 0
  readonly #timers = new Set<Pending>()

  now(): number {
    return this.#nowMs
  }

  wallNow(): number {
    return this.#nowMs
  }

  setTimer(callback: () => void, delayMs: number): Pending {
    const timer = { dueMs: this.#nowMs + Math.max(0, delayMs), callback }
    this.#timers.add(timer)
    return timer
  }

  clearTimer(timer: unknown): void {
    this.#timers.delete(timer as Pending)
  }

  /** Fires what falls due on the way, in order, each at its own moment, with all that follows from it. */
  async advanceTo(timeMs: number): Promise<void> {
    await settled()
    for (let next = this.#next(timeMs); next; next = this.#next(timeMs)) {
      this.#nowMs = Math.max(this.#nowMs, next.dueMs)
      this.#timers.delete(next)
      next.callback()
      await settled()
    }
    this.#nowMs = timeMs
  }

  #next(untilMs: number): Pending | undefined {
    return [...this.#timers].filter(({ dueMs }) => dueMs <= untilMs).sort((a, b) => a.dueMs - b.dueMs)[0]
  }
}

/** Everything that was waiting for promises has run. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
