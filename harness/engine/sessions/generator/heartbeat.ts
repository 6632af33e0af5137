/**
 * How the generator's main thread shows the watch thread that its event loop turns: a number in shared memory that
 * grows every second. Nothing else is asked of the main thread, so being watched costs a load nothing.
 */
export class Heartbeat {
  /** Two numbers: beats, and whether the load runs now. */
  readonly shared = new SharedArrayBuffer(8)
  readonly #cells = new Int32Array(this.shared)

  beat(): void {
    Atomics.add(this.#cells, 0, 1)
  }

  /** Long computing before and after the load harms nobody; during the load it holds up every user. */
  set isLoading(isLoading: boolean) {
    Atomics.store(this.#cells, 1, isLoading ? 1 : 0)
  }
}

export type Stillness = 'alive' | 'still before load' | 'still in load'

/**
 * Reads the heartbeat at equal intervals and says when it has stood still for too long, once for each time. It counts
 * readings and not time: where the whole process was stopped, nobody stood still.
 */
export class StillnessWatch {
  readonly #cells: Int32Array
  readonly #limit: number
  #lastBeat = 0
  #readings = 0

  /** @param limit so many readings without a beat between them */
  constructor(shared: SharedArrayBuffer, limit: number) {
    this.#cells = new Int32Array(shared)
    this.#limit = limit
  }

  read(): Stillness {
    const beat = Atomics.load(this.#cells, 0)
    if (beat !== this.#lastBeat) {
      this.#lastBeat = beat
      this.#readings = 0
    } else this.#readings++
    if (this.#readings !== this.#limit) return 'alive'
    return Atomics.load(this.#cells, 1) === 1 ? 'still in load' : 'still before load'
  }

  /** Has the event loop turned since `read` found it still? */
  get hasMoved(): boolean {
    return Atomics.load(this.#cells, 0) !== this.#lastBeat
  }
}
