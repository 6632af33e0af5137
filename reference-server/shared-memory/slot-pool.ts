import { followedBy, indexOf, none, type TaggedIndex } from './tagged-index.ts'

const headBytes = 8
/** Stands in the link of a slot that is in use, where a free one names the next free slot. */
const inUse = -2

/** Shared memory for a pool of `capacity` slots, all of them free; slot 0 will be taken first. */
export function slotPoolMemory(capacity: number): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(headBytes + 4 * capacity)
  new Int32Array(buffer, headBytes).forEach((_, slot, links) => {
    links[slot] = slot + 1 < capacity ? slot + 1 : none
  })
  new BigUint64Array(buffer, 0, 1)[0] = followedBy(0n, 0)
  return buffer
}

/** What a thread saw that is about to take the top slot. */
export interface TopOfStack {
  readonly top: TaggedIndex
  readonly below: number
}

/**
 * Numbers of slots, each of which has one owner at a time, for all threads that hold the buffer. The free ones form a
 * stack whose top is swapped (R. K. Treiber, "Systems Programming: Coping with Parallelism", IBM RJ 5118, 1986), with a
 * tag against ABA. No thread ever waits for another: one that is stopped half-way loses at most the slot it holds.
 */
export class SlotPool {
  readonly #head: BigUint64Array
  readonly #links: Int32Array

  /** @param buffer from `slotPoolMemory` */
  constructor(buffer: SharedArrayBuffer) {
    this.#head = new BigUint64Array(buffer, 0, 1)
    this.#links = new Int32Array(buffer, headBytes)
  }

  /** A slot that is the caller's until it frees it; `undefined` when all are in use. */
  allocate(): number | undefined {
    for (;;) {
      const seen = this.observe()
      if (!seen) return undefined
      if (this.tryTake(seen)) return indexOf(seen.top)
    }
  }

  /**
   * Gives a slot back.
   * @throws RangeError where it is not in use: freed twice it would get two owners.
   */
  free(slot: number): void {
    if (Atomics.compareExchange(this.#links, slot, inUse, none) !== inUse)
      throw new RangeError(`slot ${slot} is freed, but is not in use`)
    for (;;) {
      const top = Atomics.load(this.#head, 0)
      Atomics.store(this.#links, slot, indexOf(top))
      if (Atomics.compareExchange(this.#head, 0, top, followedBy(top, slot)) === top) return
    }
  }

  /** The first half of taking a slot: what is on top, and what lies below. `undefined` when all are in use. */
  observe(): TopOfStack | undefined {
    const top = Atomics.load(this.#head, 0)
    const slot = indexOf(top)
    return slot === none ? undefined : { top, below: Atomics.load(this.#links, slot) }
  }

  /** The second half: takes the slot that was seen on top, and refuses where anything has happened since. */
  tryTake({ top, below }: TopOfStack): boolean {
    // `inUse`: another thread took the slot between the two looks.
    if (below === inUse || Atomics.compareExchange(this.#head, 0, top, followedBy(top, below)) !== top) return false
    Atomics.store(this.#links, indexOf(top), inUse)
    return true
  }
}
