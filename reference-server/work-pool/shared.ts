import { availableParallelism } from 'node:os'
import type { Piscina } from 'piscina'
import type { Context } from '../gateway/context.ts'
import type { WorkPool } from './port.ts'
import { runIn, startThreads } from './threads.ts'
import type { ThreadData, WorkName } from './work.ts'

/**
 * One pool for all work of this worker, made when there is something for it to do. The gateway's workers divide the
 * machine's cores but one, which is left to event loops.
 */
class SharedWorkPool implements WorkPool {
  readonly #threadCount: number
  #threads: Piscina | undefined
  #poolsMade = 0

  constructor(threadCount: number) {
    this.#threadCount = threadCount
  }

  get poolsMade(): number {
    return this.#poolsMade
  }

  /** A thread takes its first order when it has loaded everything, so one order a thread is a sign that they have. */
  async loadAll(): Promise<void> {
    const threads = (this.#threads ??= this.#start({ loadAll: true }))
    const order = { name: 'digest', args: { text: '', iterations: 1 } } as const
    const { signal } = new AbortController()
    await Promise.all(Array.from({ length: this.#threadCount }, () => runIn(threads, order, signal)))
  }

  async run(name: WorkName, args: unknown, signal: AbortSignal): Promise<string> {
    signal.throwIfAborted()
    return runIn((this.#threads ??= this.#start({ loadAll: false })), { name, args }, signal)
  }

  async close(): Promise<void> {
    await this.#threads?.destroy()
    this.#threads = undefined
  }

  #start(data: ThreadData): Piscina {
    this.#poolsMade += 1
    return startThreads(this.#threadCount, data)
  }
}

export const sharedWorkPool = ({ worker }: Pick<Context, 'worker'>): WorkPool =>
  new SharedWorkPool(Math.max(1, Math.floor((availableParallelism() - 1) / worker.count)))
