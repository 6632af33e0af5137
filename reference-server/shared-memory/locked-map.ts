import { lock, unlock } from './atomics-mutex.ts'
import { bucketsFor, type Entries, handleOf } from './entries.ts'
import type { SessionMap, SlotHandle } from './port.ts'
import { none } from './tagged-index.ts'

const mutexAt = 0
const firstBucket = 1

export function lockedMapMemory(capacity: number): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(4 * (firstBucket + bucketsFor(capacity) + capacity))
  new Int32Array(buffer).fill(none, firstBucket)
  return buffer
}

/** A hash table with chains under one mutex round the whole of it: look-ups take it as well as changes. */
export class LockedMap implements SessionMap {
  /** The mutex, the first slot of each bucket, and for each slot the next one in its chain. */
  readonly #words: Int32Array
  readonly #entries: Entries
  readonly #reset: (slot: number) => void
  locksTaken = 0

  /** @param reset is called with each new slot before any other thread can find it */
  constructor(buffer: SharedArrayBuffer, entries: Entries, reset: (slot: number) => void) {
    this.#words = new Int32Array(buffer)
    this.#entries = entries
    this.#reset = reset
  }

  get size(): number {
    return this.#entries.size
  }

  find(id: string): SlotHandle | undefined {
    const bucket = this.#entries.seek(id)
    if (bucket === undefined) return undefined
    this.#lock()
    try {
      const slot = this.#words[this.#linkTo(bucket)]!
      return slot === none ? undefined : this.#handle(slot)
    } finally {
      unlock(this.#words, mutexAt)
    }
  }

  add(id: string): { handle: SlotHandle; added: boolean } | undefined {
    const bucket = this.#entries.seek(id)
    if (bucket === undefined) throw new RangeError(`${JSON.stringify(id)} is no session id`)
    this.#lock()
    try {
      const link = this.#linkTo(bucket)
      const present = this.#words[link]!
      if (present !== none) return { handle: this.#handle(present), added: false }
      const slot = this.#entries.allocate()
      if (slot === undefined) return undefined
      this.#reset(slot)
      this.#words[this.#linkOf(slot)] = none
      this.#words[link] = slot
      this.#entries.publish(slot, this.#entries.stamp(slot))
      return { handle: this.#handle(slot), added: true }
    } finally {
      unlock(this.#words, mutexAt)
    }
  }

  remove(id: string, only?: SlotHandle): boolean {
    const bucket = this.#entries.seek(id)
    if (bucket === undefined) return false
    this.#lock()
    try {
      const link = this.#linkTo(bucket)
      const slot = this.#words[link]!
      if (slot === none || (only !== undefined && this.#handle(slot) !== only)) return false
      this.#words[link] = this.#words[this.#linkOf(slot)]!
      this.#entries.retire(slot, this.#entries.stamp(slot))
      this.#entries.free(slot)
      return true
    } finally {
      unlock(this.#words, mutexAt)
    }
  }

  /** Where the slot of the sought id stands, or would stand: at the end of its bucket's chain. */
  #linkTo(bucket: number): number {
    let link = firstBucket + bucket
    for (let slot = this.#words[link]!; slot !== none; slot = this.#words[link]!) {
      if (this.#entries.isSought(slot)) return link
      link = this.#linkOf(slot)
    }
    return link
  }

  #linkOf(slot: number): number {
    return firstBucket + this.#entries.buckets + slot
  }

  #handle(slot: number): SlotHandle {
    return handleOf(slot, this.#entries.stamp(slot))
  }

  #lock(): void {
    lock(this.#words, mutexAt)
    this.locksTaken += 1
  }
}
