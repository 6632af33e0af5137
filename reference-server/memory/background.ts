import { setTimeout as sleep } from 'node:timers/promises'
import type { Memory } from './port.ts'
import { type MemoryConfig, MemoryService } from './service.ts'

/** The service is greeted from the start on, until it is ready; turns before that go without memories. */
class BackgroundMemory implements Memory {
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

  async open(): Promise<void> {
    this.#greeting = this.#greet()
  }

  recall(agent: string, query: string, signal: AbortSignal): Promise<readonly string[]> | readonly string[] {
    signal.throwIfAborted()
    return this.ready ? this.#service.recall(agent, query, signal) : []
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#greeting
    await this.#service.close()
  }

  /** Ends when the service is ready or the gateway closes, and never fails. */
  async #greet(): Promise<void> {
    const { signal } = this.#closing
    try {
      for (;;) {
        await this.#service.greet(signal)
        if (this.ready) return
        await sleep(this.#service.restMs, undefined, { signal })
      }
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }
}

export const backgroundMemory = (config: MemoryConfig): Memory => new BackgroundMemory(config)
