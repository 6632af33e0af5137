import { logFailure } from '../errors.ts'

/** One line when the first of a worker's connections to Redis is lost, one when the last of them works again. */
export class RedisOutage {
  readonly #address: string
  readonly #lost = new Set<string>()
  readonly #listeners: (() => void)[] = []

  constructor(address: string) {
    this.#address = address
  }

  /** @param connection what it is used for */
  began(connection: string, reason: unknown): void {
    if (this.#lost.size === 0) logFailure(`Redis at ${this.#address} cannot be reached`, reason)
    this.#lost.add(connection)
  }

  ended(connection: string): void {
    if (!this.#lost.delete(connection) || this.#lost.size > 0) return
    process.stderr.write(`Redis at ${this.#address} can be reached again\n`)
    for (const listener of this.#listeners) listener()
  }

  /** Calls back at the end of each outage. */
  onEnded(listener: () => void): void {
    this.#listeners.push(listener)
  }
}
