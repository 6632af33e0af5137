import { type Entries, generationOf, slotOf } from './entries.ts'
import type { SlotHandle } from './port.ts'

/** A word for each slot: the end of the count of its sessions, 16 bits, and how many hold the present one, 16 bits. */
const countBits = 16
/** Stands in place of the count where nobody may hold the session any more. */
const closed = 2 ** countBits - 1
const generationMask = 0xffff

/** How many counts of departures there are; sessions share them, which makes somebody read a session once more. */
const departureCounts = 4_096

export interface HoldsMemory {
  words: SharedArrayBuffer
  departures: SharedArrayBuffer
}

export const holdsMemory = (capacity: number): HoldsMemory => ({
  words: new SharedArrayBuffer(4 * capacity),
  departures: new SharedArrayBuffer(4 * departureCounts),
})

/**
 * Who still needs a session in memory. A session that nobody holds can be closed, in one step with finding that out: from
 * then on nobody gets hold of it. An old handle's holder changes nothing of the session that has its slot by then.
 *
 * Beside them, how many sessions have left memory: whoever reads one from elsewhere while it was in memory and left it
 * again has read it too early.
 */
export class Holds {
  readonly #words: Int32Array
  readonly #departures: Int32Array
  readonly #entries: Entries

  constructor(memory: HoldsMemory, entries: Entries) {
    this.#words = new Int32Array(memory.words)
    this.#departures = new Int32Array(memory.departures)
    this.#entries = entries
  }

  /** Makes the word of a slot that no other thread can find yet. */
  reset(slot: number): void {
    Atomics.store(this.#words, slot, wordOf(this.#entries.generation(slot), 0))
  }

  /** @returns false where the session is not there any more, or just about to leave */
  hold(handle: SlotHandle): boolean {
    if (!this.#change(handle, (count) => (count < closed - 1 ? count + 1 : undefined))) return false
    if (this.#entries.isCurrent(handle)) return true
    this.release(handle)
    return false
  }

  release(handle: SlotHandle): void {
    this.#change(handle, (count) => (count > 0 && count !== closed ? count - 1 : undefined))
  }

  /** @returns false where somebody holds the session, or it is not there any more */
  close(handle: SlotHandle): boolean {
    return this.#change(handle, (count) => (count === 0 ? closed : undefined))
  }

  /** For whoever has closed it. */
  open(handle: SlotHandle): void {
    this.#change(handle, (count) => (count === closed ? 0 : undefined))
  }

  isFree(handle: SlotHandle): boolean {
    return Atomics.load(this.#words, slotOf(handle)) === wordOf(generationOf(handle), 0)
  }

  /** A session is about to leave: to be said before it is gone. */
  noteDeparture(hash: number): void {
    Atomics.add(this.#departures, hash & (departureCounts - 1), 1)
  }

  departures(hash: number): number {
    return Atomics.load(this.#departures, hash & (departureCounts - 1))
  }

  /** @param next gives the count that follows, or undefined where it stays */
  #change(handle: SlotHandle, next: (count: number) => number | undefined): boolean {
    const slot = slotOf(handle)
    const generation = generationOf(handle)
    for (;;) {
      const word = Atomics.load(this.#words, slot)
      if (word >>> countBits !== (generation & generationMask)) return false
      const count = next(word & closed)
      if (count === undefined) return false
      if (Atomics.compareExchange(this.#words, slot, word, wordOf(generation, count)) === word) return true
    }
  }
}

/** As an Int32Array has it: with a sign. */
const wordOf = (generation: number, count: number): number => ((generation & generationMask) << countBits) | count
