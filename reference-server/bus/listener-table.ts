import { logFailure } from '../errors.ts'
import type { BusListener } from './port.ts'

/** Who listens to what: a topic is a channel or a prefix. */
export class ListenerTable {
  readonly #byTopic = new Map<string, Set<{ listener: BusListener }>>()
  #size = 0

  /** Listeners of all topics together. */
  get size(): number {
    return this.#size
  }

  /** Those with a listener. */
  get topics(): string[] {
    return [...this.#byTopic.keys()]
  }

  has(topic: string): boolean {
    return this.#byTopic.has(topic)
  }

  /**
   * Adds a listener; one that is added twice is told twice.
   * @returns what takes it away again; says whether it was there
   */
  add(topic: string, listener: BusListener): () => boolean {
    const entry = { listener }
    const entries = this.#byTopic.get(topic) ?? new Set()
    this.#byTopic.set(topic, entries.add(entry))
    this.#size += 1
    return () => {
      if (!entries.delete(entry)) return false
      this.#size -= 1
      if (entries.size === 0) this.#byTopic.delete(topic)
      return true
    }
  }

  /** Tells the topic's listeners; one that throws is logged and keeps no other from hearing. */
  tell(topic: string, channel: string, message: string): void {
    for (const { listener } of this.#byTopic.get(topic) ?? []) {
      try {
        listener(channel, message)
      } catch (error) {
        logFailure(`a listener to ${channel} failed`, error)
      }
    }
  }
}
