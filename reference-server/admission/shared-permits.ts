import { lock, unlock } from '../shared-memory/atomics-mutex.ts'

/** Words that all workers share, then a row of words for each worker. */
const mutexAt = 0
const inUseAt = 1
const waitingAt = 2
const firstRow = 3
const rowWords = 3
/** Of a worker's row: its turns that wait, how many of these were given a permit, and a word that changes with each. */
const waitsAt = 0
const grantsAt = 1
const wakeAt = 2

/** Shared memory for the permits of one gateway, none of them in use. */
export interface PermitsMemory {
  words: SharedArrayBuffer
  /** The last ticket, then for each worker the ticket of whoever waits there longest. */
  tickets: SharedArrayBuffer
}

export const permitsMemory = (workers: number): PermitsMemory => {
  const tickets = new SharedArrayBuffer(8 * (1 + workers))
  new Float64Array(tickets).fill(Number.POSITIVE_INFINITY, 1)
  return { words: new SharedArrayBuffer(4 * (firstRow + rowWords * workers)), tickets }
}

/**
 * A counting semaphore with one queue for all workers, as one of them sees it. Who waits has a ticket; a permit that is
 * given back goes to the worker with the lowest one. A mutex guards each operation: none is longer than a look at every
 * worker's row, and none is awaited in.
 */
export class SharedPermits {
  readonly #words: Int32Array
  readonly #tickets: Float64Array
  readonly #worker: number
  readonly #workers: number
  /** The tickets of this worker's turns that wait, lowest first. */
  readonly #mine = new Set<number>()

  constructor({ words, tickets }: PermitsMemory, worker: number) {
    this.#words = new Int32Array(words)
    this.#tickets = new Float64Array(tickets)
    this.#worker = worker
    this.#workers = this.#tickets.length - 1
  }

  /** Permits in use and turns that wait, at all workers. */
  get counts(): { inUse: number; waiting: number } {
    return this.#guarded(() => ({ inUse: this.#words[inUseAt]!, waiting: this.#words[waitingAt]! }))
  }

  /**
   * Takes a permit, or else a place in the queue.
   * @returns 0 for a permit, the ticket of a place, undefined where neither is left
   */
  take(permits: number, places: number): number | undefined {
    return this.#guarded(() => {
      // While anybody waits none is free: permits that come back go to those.
      if (this.#words[inUseAt]! < permits) {
        this.#words[inUseAt]! += 1
        return 0
      }
      if (this.#words[waitingAt]! >= places) return undefined
      const ticket = ++this.#tickets[0]!
      this.#mine.add(ticket)
      this.#changeWaiting(1)
      return ticket
    })
  }

  /** Gives a permit back; where it goes to another worker, that one is woken. */
  release(): void {
    this.#wake(this.#guarded(() => this.#passOn()))
  }

  /** The tickets of this worker's turns that have a permit now, lowest first. */
  collect(): number[] {
    return this.#guarded(() => {
      const granted = [...this.#mine].slice(0, this.#words[this.#at(grantsAt)]!)
      for (const ticket of granted) this.#mine.delete(ticket)
      this.#words[this.#at(grantsAt)] = 0
      this.#changeWaiting(-granted.length)
      return granted
    })
  }

  /** Gives up a place; a permit that was on its way to it goes to the next. */
  leave(ticket: number): void {
    const woken = this.#guarded(() => {
      if (!this.#mine.delete(ticket)) return undefined
      this.#changeWaiting(-1)
      if (this.#words[this.#at(grantsAt)]! <= this.#mine.size) return undefined
      this.#words[this.#at(grantsAt)]! -= 1
      return this.#passOn()
    })
    this.#wake(woken)
  }

  /** What `woken` wants to hear; read before `collect`, so that no grant between the two is slept through. */
  get wakes(): number {
    return Atomics.load(this.#words, this.#at(wakeAt))
  }

  /** Resolves when this worker was woken since `wakes` was read. */
  async woken(wakes: number): Promise<void> {
    await Atomics.waitAsync(this.#words, this.#at(wakeAt), wakes).value
  }

  /** Wakes this worker itself. */
  wake(): void {
    this.#wake(this.#worker)
  }

  /** The worker that gets the permit, or undefined where nobody waits for it. */
  #passOn(): number | undefined {
    let next: number | undefined
    for (let worker = 0; worker < this.#workers; worker++) {
      const isServed = this.#words[this.#at(grantsAt, worker)]! >= this.#words[this.#at(waitsAt, worker)]!
      if (!isServed && (next === undefined || this.#tickets[1 + worker]! < this.#tickets[1 + next]!)) next = worker
    }
    if (next === undefined) this.#words[inUseAt]! -= 1
    else this.#words[this.#at(grantsAt, next)]! += 1
    return next
  }

  #changeWaiting(by: number): void {
    this.#words[waitingAt]! += by
    this.#words[this.#at(waitsAt)]! += by
    const [first = Number.POSITIVE_INFINITY] = this.#mine
    this.#tickets[1 + this.#worker] = first
  }

  #wake(worker: number | undefined): void {
    if (worker === undefined) return
    Atomics.add(this.#words, this.#at(wakeAt, worker), 1)
    Atomics.notify(this.#words, this.#at(wakeAt, worker))
  }

  #at(word: number, worker = this.#worker): number {
    return firstRow + rowWords * worker + word
  }

  #guarded<T>(operation: () => T): T {
    lock(this.#words, mutexAt)
    try {
      return operation()
    } finally {
      unlock(this.#words, mutexAt)
    }
  }
}
