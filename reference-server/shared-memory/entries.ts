import type { SlotHandle } from './port.ts'
import { encodeSessionId, isSessionId, sessionIdWords } from './session-id.ts'
import { SlotPool, slotPoolMemory } from './slot-pool.ts'

export const mostEntries = 2 ** 20

/** An entry is a row of words: its stamp, then its id. The one word before all rows counts the entries. */
const rowWords = 1 + sessionIdWords
const firstRow = 1

/** A stamp: how often the slot was given out, in 30 bits, and in the last two how far this entry has come. */
const phaseBits = 2
const pending = 0
const live = 1
const retired = 2

export interface EntriesMemory {
  pool: SharedArrayBuffer
  rows: SharedArrayBuffer
}

export const entriesMemory = (capacity: number): EntriesMemory => ({
  pool: slotPoolMemory(capacity),
  rows: new SharedArrayBuffer(4 * (firstRow + rowWords * capacity)),
})

/** As many buckets as make chains of one entry on average, and a power of two, so that a mask finds them. */
export const bucketsFor = (capacity: number): number => 2 ** Math.ceil(Math.log2(capacity))

export const slotOf = (handle: SlotHandle): number => handle & (mostEntries - 1)

/**
 * The slots of sessions: who has which, and since when. An entry is taken (`allocate`: pending), becomes one that others
 * see (`publish`: live), is removed by one thread (`retire`) and given back (`free`) when the map leads to it no more.
 *
 * All words are read and written by `Atomics`: only so does the language promise that whoever sees a stamp sees what was
 * written before it.
 */
export class Entries {
  readonly capacity: number
  /** Of a map that leads to the entries. */
  readonly buckets: number
  readonly #pool: SlotPool
  readonly #rows: Int32Array
  readonly #sought = new Int32Array(sessionIdWords)
  #soughtWords = 0

  constructor(memory: EntriesMemory) {
    this.#pool = new SlotPool(memory.pool)
    this.#rows = new Int32Array(memory.rows)
    this.capacity = Math.floor((this.#rows.length - firstRow) / rowWords)
    this.buckets = bucketsFor(this.capacity)
  }

  /** Entries pending or live. */
  get size(): number {
    return Atomics.load(this.#rows, 0)
  }

  /** Remembers the id that `isSought` and `allocate` are about, and gives its bucket; `undefined` where it is no session id. */
  seek(id: string): number | undefined {
    if (!isSessionId(id)) return undefined
    this.#soughtWords = encodeSessionId(id, this.#sought)
    return this.#sought[0]! & (this.buckets - 1)
  }

  /** The hash of the id of the latest `seek`. */
  get soughtHash(): number {
    return this.#sought[0]!
  }

  /** Whether the entry has the id of the latest `seek`. Another thread may be changing it: look at the stamp afterwards. */
  isSought(slot: number): boolean {
    const at = rowOf(slot) + 1
    for (let word = 0; word < this.#soughtWords; word++)
      if (Atomics.load(this.#rows, at + word) !== this.#sought[word]) return false
    return true
  }

  /** A slot with the id of the latest `seek` and a stamp that no handle bears yet; `undefined` when all are in use. */
  allocate(): number | undefined {
    const slot = this.#pool.allocate()
    if (slot === undefined) return undefined
    Atomics.add(this.#rows, 0, 1)
    const at = rowOf(slot)
    // The stamp first: a reader that takes words of the new id for the old one must find another stamp afterwards.
    Atomics.store(this.#rows, at, (generationIn(this.stamp(slot)) + 1) << phaseBits)
    for (let word = 0; word < this.#soughtWords; word++) Atomics.store(this.#rows, at + 1 + word, this.#sought[word]!)
    return slot
  }

  /** Makes the pending entry with this stamp live, unless another thread has retired it already. */
  publish(slot: number, stamp: number): void {
    Atomics.compareExchange(this.#rows, rowOf(slot), stamp, stamp - pending + live)
  }

  /** Gives back a pending entry that no other thread has seen. */
  discard(slot: number): void {
    Atomics.sub(this.#rows, 0, 1)
    this.free(slot)
  }

  /** Ends the entry that bears this stamp. Of several threads that try, one hears `true`. */
  retire(slot: number, stamp: number): boolean {
    const ended = (generationIn(stamp) << phaseBits) | retired
    if (isRetired(stamp) || Atomics.compareExchange(this.#rows, rowOf(slot), stamp, ended) !== stamp) return false
    Atomics.sub(this.#rows, 0, 1)
    return true
  }

  free(slot: number): void {
    this.#pool.free(slot)
  }

  stamp(slot: number): number {
    return Atomics.load(this.#rows, rowOf(slot))
  }

  /** How often a slot was given out. */
  generation(slot: number): number {
    return generationIn(this.stamp(slot))
  }

  /** Whether the handle's session is still there. */
  isCurrent(handle: SlotHandle): boolean {
    const stamp = this.stamp(slotOf(handle))
    return !isRetired(stamp) && handleOf(slotOf(handle), stamp) === handle
  }
}

export const isLive = (stamp: number): boolean => (stamp & 3) === live
export const isRetired = (stamp: number): boolean => (stamp & 3) === retired
export const handleOf = (slot: number, stamp: number): SlotHandle =>
  (generationIn(stamp) * mostEntries + slot) as SlotHandle

/** Wraps after 2^30 sessions in one slot: until then a handle kept from one of them is known to be old. */
const generationIn = (stamp: number): number => stamp >>> phaseBits

/** How often the handle's slot had been given out, its own session included. */
export const generationOf = (handle: SlotHandle): number => Math.floor(handle / mostEntries)

const rowOf = (slot: number): number => firstRow + slot * rowWords
