import type { ContextUpdate } from './port.ts'

/** Updates first: the client waits until state and rows are written, and is told when they are not. */
class InlineContextUpdate implements ContextUpdate {
  #pending = 0
  #failed = 0
  readonly #drained: (() => void)[] = []

  get pending(): number {
    return this.#pending
  }

  get failed(): number {
    return this.#failed
  }

  async settle(update: () => Promise<void>, reply: () => void): Promise<void> {
    this.#pending += 1
    try {
      await update()
    } catch (error) {
      this.#failed += 1
      throw error
    } finally {
      this.#pending -= 1
      if (this.#pending === 0) for (const resolve of this.#drained.splice(0)) resolve()
    }
    reply()
  }

  drain(): Promise<void> {
    return this.#pending === 0 ? Promise.resolve() : new Promise((resolve) => this.#drained.push(resolve))
  }
}

export const inlineContextUpdate = (): ContextUpdate => new InlineContextUpdate()
