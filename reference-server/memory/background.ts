import { setTimeout as sleep } from 'node:timers/promises'
import type { Memory } from './port.ts'
import { type MemoryConfig, MemoryService } from './service.ts'

/** The service is greeted from the start on, until it is ready; turns before that go without memories. */
class BackgroundMemory extends MemoryService {
  override async open(): Promise<void> {
    this.greeting = this.#greetUntilReady()
  }

  /** Ends when the service is ready or the gateway closes, and never fails. */
  async #greetUntilReady(): Promise<void> {
    const { signal } = this.closing
    try {
      for (;;) {
        await this.greet()
        if (this.ready) return
        await sleep(this.restMs, undefined, { signal })
      }
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }
}

export const backgroundMemory = (config: MemoryConfig): Memory => new BackgroundMemory(config)
