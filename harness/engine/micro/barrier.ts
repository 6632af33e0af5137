/** Lets threads begin at the same moment, again and again. */
export class Barrier {
  readonly #words: Int32Array
  readonly #threads: number

  /** @param buffer from `barrierMemory`, the same for all of them */
  constructor(buffer: SharedArrayBuffer, threads: number) {
    this.#words = new Int32Array(buffer)
    this.#threads = threads
  }

  /** Sleeps until all threads are here. */
  wait(): void {
    const [arrivedAt, roundAt] = [0, 1]
    const round = Atomics.load(this.#words, roundAt)
    if (Atomics.add(this.#words, arrivedAt, 1) + 1 < this.#threads) {
      while (Atomics.load(this.#words, roundAt) === round) Atomics.wait(this.#words, roundAt, round)
      return
    }
    Atomics.store(this.#words, arrivedAt, 0)
    Atomics.add(this.#words, roundAt, 1)
    Atomics.notify(this.#words, roundAt)
  }
}

export const barrierMemory = (): SharedArrayBuffer => new SharedArrayBuffer(8)
