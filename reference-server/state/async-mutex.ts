/** Lets one operation in at a time, in the order of asking. */
export class AsyncMutex {
  #locked = false
  readonly #waiting: (() => void)[] = []
  /** How often it was taken. */
  taken = 0

  /** Takes the mutex, runs `operation` (which awaits nothing) and gives the mutex to the next in line. */
  async run<T>(operation: () => T): Promise<T> {
    await this.#acquire()
    this.taken += 1
    try {
      return operation()
    } finally {
      this.#release()
    }
  }

  #acquire(): Promise<void> {
    if (!this.#locked) {
      this.#locked = true
      return Promise.resolve()
    }
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  #release(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#locked = false
  }
}
