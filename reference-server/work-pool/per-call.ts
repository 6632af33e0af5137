import type { Piscina } from 'piscina'
import { loadAllWork } from './code.ts'
import type { WorkPool } from './port.ts'
import { runIn, startThreads } from './threads.ts'
import type { WorkName } from './work.ts'

/** A new pool of one thread for each call, destroyed after it. */
class PerCallWorkPool implements WorkPool {
  readonly #pools = new Set<Piscina>()
  readonly #closing = new Set<Promise<void>>()
  #poolsMade = 0

  get poolsMade(): number {
    return this.#poolsMade
  }

  /**
   * No thread lives long enough for that. A gateway that makes its threads call by call and yet loads all its tools at the
   * start has imported them where it starts: in its own thread, which keeps them and does none of their work.
   */
  loadAll(): Promise<void> {
    return loadAllWork()
  }

  async run(name: WorkName, args: unknown, signal: AbortSignal): Promise<string> {
    signal.throwIfAborted()
    const threads = startThreads(1, { loadAll: false })
    this.#poolsMade += 1
    this.#pools.add(threads)
    try {
      return await runIn(threads, { name, args }, signal)
    } finally {
      this.#discard(threads)
    }
  }

  async close(): Promise<void> {
    for (const threads of this.#pools) this.#discard(threads)
    await Promise.all(this.#closing)
  }

  /** The result need not wait for its thread to end. */
  #discard(threads: Piscina): void {
    if (!this.#pools.delete(threads)) return
    const closing = threads.destroy().finally(() => this.#closing.delete(closing))
    this.#closing.add(closing)
  }
}

export const perCallWorkPool = (): WorkPool => new PerCallWorkPool()
