import { availableParallelism } from 'node:os'
import type { Piscina } from 'piscina'
import type { Context } from '../gateway/context.ts'
import type { WorkPool } from './port.ts'
import { runIn, startThreads } from './threads.ts'
import type { WorkName } from './work.ts'

/**
 * One pool for all work of this worker, made when there is work for the first time. The gateway's workers divide the
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

  async run(name: WorkName, args: unknown, signal: AbortSignal): Promise<string> {
    signal.throwIfAborted()
    return runIn((this.#threads ??= this.#start()), { name, args }, signal)
  }

  async close(): Promise<void> {
    await this.#threads?.destroy()
    this.#threads = undefined
  }

  #start(): Piscina {
    this.#poolsMade += 1
    return startThreads(this.#threadCount)
  }
}

export const sharedWorkPool = ({ worker }: Pick<Context, 'worker'>): WorkPool =>
  new SharedWorkPool(Math.max(1, Math.floor((availableParallelism() - 1) / worker.count)))
