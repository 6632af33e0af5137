import type { Memory } from './port.ts'
import { type MemoryConfig, MemoryService } from './service.ts'

/** The service is greeted when the first turn needs it; that turn, and all that come meanwhile, wait for the outcome. */
class BlockingMemory extends MemoryService {
  override async open(): Promise<void> {}

  override async recall(agent: string, query: string, signal: AbortSignal): Promise<readonly string[]> {
    signal.throwIfAborted()
    if (!this.ready) await unlessAborted(this.#greeted(), signal)
    return super.recall(agent, query, signal)
  }

  /** One greeting at a time, which belongs to no turn: one that is given up does not end it for the others. */
  #greeted(): Promise<void> {
    if (this.restMs > 0) return Promise.resolve()
    this.greeting ??= this.greet().finally(() => {
      this.greeting = undefined
    })
    return this.greeting
  }
}

/** @throws the signal's reason when it aborts before the promise is settled */
const unlessAborted = (settling: Promise<void>, signal: AbortSignal): Promise<void> => {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const giveUp = (): void => reject(signal.reason)
  signal.addEventListener('abort', giveUp)
  settling.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp))
  return promise
}

export const blockingMemory = (config: MemoryConfig): Memory => new BlockingMemory(config)
