import type { Memory } from './port.ts'
import { type MemoryConfig, MemoryService } from './service.ts'

/** The service is greeted when the first turn needs it; that turn, and all that come meanwhile, wait for the outcome. */
class BlockingMemory implements Memory {
  readonly #service: MemoryService
  readonly #closing = new AbortController()
  #greeting: Promise<void> | undefined

  constructor(config: MemoryConfig) {
    this.#service = new MemoryService(config)
  }

  get ready(): boolean {
    return this.#service.ready
  }

  get callsInFlight(): number {
    return this.#service.callsInFlight
  }

  async open(): Promise<void> {}

  async recall(agent: string, query: string, signal: AbortSignal): Promise<readonly string[]> {
    signal.throwIfAborted()
    if (!this.ready) await unlessAborted(this.#greet(), signal)
    return this.ready ? this.#service.recall(agent, query, signal) : []
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#greeting?.catch(() => {})
    await this.#service.close()
  }

  /** One greeting at a time, which belongs to no turn: one that is given up does not end it for the others. */
  #greet(): Promise<void> {
    if (this.#service.restMs > 0) return Promise.resolve()
    this.#greeting ??= this.#service.greet(this.#closing.signal).finally(() => {
      this.#greeting = undefined
    })
    return this.#greeting
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
