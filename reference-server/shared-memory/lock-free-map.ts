import { bucketsFor, type Entries, handleOf, isLive, isRetired } from './entries.ts'
import type { SessionMap, SlotHandle } from './port.ts'
import { followedBy, indexIn, indexOf, isMarked, none, type TaggedIndex } from './tagged-index.ts'

export const lockFreeMapMemory = (capacity: number): SharedArrayBuffer =>
  new SharedArrayBuffer(8 * (bucketsFor(capacity) + capacity))

/** Steps of a glance before a walk takes over; chains have one entry on average. */
const mostSteps = 64

/** What a walk found: the entry with the sought id, or, where `slot` is `none`, the end of the chain. */
interface Place {
  /** The cell whose content leads there, and that content. */
  cell: number
  word: TaggedIndex
  slot: number
  stamp: number
}

/**
 * A hash table whose chains are lock-free lists, after M. M. Michael, "High Performance Dynamic Lock-Free Hash Tables and
 * List-Based Sets" (SPAA 2002), in its form with tags and a pool of nodes. A cell holds a tagged index: that of a
 * bucket's first entry, or of an entry's successor. Three things differ from the paper:
 *
 * - Chains are not sorted. An entry is put at the end of its chain, and the walk that found the id absent ended there:
 *   whatever happened to the chain's end since has changed that cell's tag, and the insertion is tried again.
 * - An entry is removed by its stamp (`retire`), before its link is marked. Who comes across a retired entry marks and
 *   unlinks it; whose swap unlinks it gives the slot back.
 * - A look-up first takes a glance: it follows the lower halves of the cells, which makes no garbage (a 64-bit word is a
 *   BigInt). The language orders accesses of different width in no way, so a glance may lead astray; but an entry
 *   that has the id between two looks at the same live stamp is the session, however it was come by. Where the glance
 *   meets none, the walk decides.
 */
export class LockFreeMap implements SessionMap {
  readonly locksTaken = 0
  readonly #cells: BigUint64Array
  /** The same memory in halves; the lower one, with the index, comes first on every machine that runs Node. */
  readonly #halves: Uint32Array
  readonly #entries: Entries
  readonly #reset: (slot: number) => void

  /** @param reset is called with each new slot before any other thread can find it */
  constructor(buffer: SharedArrayBuffer, entries: Entries, reset: (slot: number) => void) {
    this.#cells = new BigUint64Array(buffer)
    this.#halves = new Uint32Array(buffer)
    this.#entries = entries
    this.#reset = reset
  }

  get size(): number {
    return this.#entries.size
  }

  find(id: string): SlotHandle | undefined {
    const bucket = this.#entries.seek(id)
    if (bucket === undefined) return undefined
    return this.#glance(bucket) ?? this.#handleAt(this.#walk(bucket))
  }

  add(id: string): { handle: SlotHandle; added: boolean } | undefined {
    const bucket = this.#entries.seek(id)
    if (bucket === undefined) throw new RangeError(`${JSON.stringify(id)} is no session id`)
    let slot: number | undefined
    for (;;) {
      const place = this.#walk(bucket)
      const present = this.#handleAt(place)
      if (present !== undefined) {
        if (slot !== undefined) this.#entries.discard(slot)
        return { handle: present, added: false }
      }
      slot ??= this.#prepare()
      if (slot === undefined) return undefined
      // Known now: once it is in the chain another thread may remove it, and a third one take its slot.
      const stamp = this.#entries.stamp(slot)
      if (this.#swap(place.cell, place.word, followedBy(place.word, slot))) {
        this.#entries.publish(slot, stamp)
        return { handle: handleOf(slot, stamp), added: true }
      }
    }
  }

  remove(id: string, only?: SlotHandle): boolean {
    const bucket = this.#entries.seek(id)
    if (bucket === undefined) return false
    for (;;) {
      const { slot, stamp } = this.#walk(bucket)
      if (slot === none || (only !== undefined && handleOf(slot, stamp) !== only)) return false
      if (this.#entries.retire(slot, stamp)) {
        // This walk, if no other was first, takes the entry out of its chain.
        this.#walk(bucket)
        return true
      }
    }
  }

  #prepare(): number | undefined {
    const slot = this.#entries.allocate()
    if (slot === undefined) return undefined
    this.#reset(slot)
    const cell = this.#cellOf(slot)
    // The entry's earlier links stay in its tag: a swap prepared for one of those must not fit this one.
    Atomics.store(this.#cells, cell, followedBy(Atomics.load(this.#cells, cell), none))
    return slot
  }

  #glance(bucket: number): SlotHandle | undefined {
    let cell = bucket
    for (let step = 0; step < mostSteps; step++) {
      const slot = indexIn(Atomics.load(this.#halves, 2 * cell))
      if (slot < 0 || slot >= this.#entries.capacity) return undefined
      const stamp = this.#entries.stamp(slot)
      if (isLive(stamp) && this.#entries.isSought(slot) && this.#entries.stamp(slot) === stamp)
        return handleOf(slot, stamp)
      cell = this.#cellOf(slot)
    }
    return undefined
  }

  #walk(bucket: number): Place {
    for (;;) {
      const place = this.#tryWalk(bucket)
      if (place) return place
    }
  }

  /** `undefined` where the chain changed on the way. */
  #tryWalk(bucket: number): Place | undefined {
    let cell = bucket
    let word = Atomics.load(this.#cells, cell)
    for (;;) {
      const slot = indexOf(word)
      if (slot === none) return { cell, word, slot, stamp: 0 }
      const link = Atomics.load(this.#cells, this.#cellOf(slot))
      const stamp = this.#entries.stamp(slot)
      const isSought = this.#entries.isSought(slot)
      // As long as the cell leads to the entry the entry is in the chain, and what was read of it was its own.
      if (Atomics.load(this.#cells, cell) !== word) return undefined
      if (isRetired(stamp)) {
        const after = this.#unlink(cell, word, slot, link)
        if (after === undefined) return undefined
        word = after
      } else {
        if (isSought) return { cell, word, slot, stamp }
        cell = this.#cellOf(slot)
        word = link
      }
    }
  }

  /** Takes a retired entry out; gives the new content of the cell that led to it, or `undefined` where another was first. */
  #unlink(cell: number, word: TaggedIndex, slot: number, link: TaggedIndex): TaggedIndex | undefined {
    const next = indexOf(link)
    if (!isMarked(link) && !this.#swap(this.#cellOf(slot), link, followedBy(link, next, true))) return undefined
    const after = followedBy(word, next)
    if (!this.#swap(cell, word, after)) return undefined
    this.#entries.free(slot)
    return after
  }

  #swap(cell: number, from: TaggedIndex, to: TaggedIndex): boolean {
    return Atomics.compareExchange(this.#cells, cell, from, to) === from
  }

  #cellOf(slot: number): number {
    return this.#entries.buckets + slot
  }

  #handleAt({ slot, stamp }: Place): SlotHandle | undefined {
    return slot === none ? undefined : handleOf(slot, stamp)
  }
}
