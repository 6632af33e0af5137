import { assertCallable } from './callable.ts'
import { GoError } from './go-error.ts'
import type { HandlerQueue } from './handler-queue.ts'

/** The timers of one session: their callbacks take their turn among its other handlers, and end with it. */
export class SocketTimers {
  private readonly now: () => number
  private readonly queue: HandlerQueue
  private running: Set<NodeJS.Timeout> | null = null

  constructor(now: () => number, queue: HandlerQueue) {
    this.now = now
    this.queue = queue
  }

  /** @throws GoError as k6 does: for what is no function, and for a time that is not above 0 */
  start(callback: unknown, rawMs: unknown, repeats: boolean): void {
    const ms = Number(rawMs ?? 0)
    assertCallable(callback)
    if (!(ms > 0)) {
      const what = repeats ? 'setInterval' : 'setTimeout'
      throw new GoError(`${what} requires a >0 timeout parameter, received ${ms.toFixed(2)}`)
    }
    this.arm(callback, this.now() + ms, repeats ? ms : null)
  }

  private arm(callback: () => unknown, dueMs: number, periodMs: number | null): void {
    this.running ??= new Set()
    const timer = setTimeout(
      () => {
        this.running?.delete(timer)
        // Node may fire up to a millisecond early.
        if (dueMs > this.now()) return this.arm(callback, dueMs, periodMs)
        // The next turn is due at a fixed time, and is not begun before this one has had its own.
        this.queue.push(() => {
          if (periodMs !== null) this.arm(callback, nextDue(dueMs, periodMs, this.now()), periodMs)
          return callback()
        })
      },
      Math.max(0, dueMs - this.now()),
    )
    this.running.add(timer)
  }

  clear(): void {
    if (this.running) for (const timer of this.running) clearTimeout(timer)
    this.running = null
  }
}

/** Like Go's ticker: turns that went by in the meantime are left out. */
const nextDue = (dueMs: number, periodMs: number, nowMs: number): number =>
  Math.max(dueMs + periodMs, dueMs + Math.floor((nowMs - dueMs) / periodMs) * periodMs)
