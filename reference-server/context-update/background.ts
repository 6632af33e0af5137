import { logFailure } from '../errors.ts'
import type { ContextUpdate } from './port.ts'

/** Replies first; the update runs when the reply is on its way. A failed update is logged and counted. */
class BackgroundContextUpdate implements ContextUpdate {
  #queue: (() => Promise<void>)[] = []
  #pending = 0
  #failed = 0
  #lastLogged: unknown
  readonly #drained: (() => void)[] = []

  get pending(): number {
    return this.#pending
  }

  get failed(): number {
    return this.#failed
  }

  settle(update: () => Promise<void>, reply: () => void): undefined {
    this.#pending += 1
    // One immediate for all that is queued in the same turn of the event loop.
    if (this.#queue.push(update) === 1) setImmediate(() => this.#runQueued())
    reply()
  }

  drain(): Promise<void> {
    return this.#pending === 0 ? Promise.resolve() : new Promise((resolve) => this.#drained.push(resolve))
  }

  #runQueued(): void {
    const updates = this.#queue
    this.#queue = []
    for (const update of updates) void this.#run(update)
  }

  async #run(update: () => Promise<void>): Promise<void> {
    try {
      await update()
    } catch (error) {
      this.#noteFailure(error)
    }
    this.#pending -= 1
    if (this.#pending === 0) for (const resolve of this.#drained.splice(0)) resolve()
  }

  /** All writes of a failed batch fail with the same error object: that is one line, not fifty. */
  #noteFailure(error: unknown): void {
    this.#failed += 1
    if (error !== this.#lastLogged) logFailure('context update failed', error)
    this.#lastLogged = error
  }
}

export const backgroundContextUpdate = (): ContextUpdate => new BackgroundContextUpdate()
