import { type Entries, slotOf } from './entries.ts'
import type { SessionRecord, SessionRecords, SlotHandle } from './port.ts'
import { advanced, begun, loadRecord, newRecord, recordWords, storeRecord } from './record.ts'

/** The number of a copy has 6 bits, two copies for each worker. */
export const mostWorkers = 32
const copyBits = 6

const rowWordsFor = (workers: number): number => 1 + 2 * workers * recordWords

export const lockFreeRecordsMemory = (capacity: number, workers: number): SharedArrayBuffer =>
  new SharedArrayBuffer(4 * rowWordsFor(workers) * capacity)

/**
 * Records as immutable states: a write makes a new copy and swaps the word that says which copy holds.
 *
 *     +-------------------------+---------+---------+---------+---------+--
 *     | tag (26 bits), copy (6) | copy 0  | copy 1  | copy 2  | copy 3  |  ...
 *     +-------------------------+---------+---------+---------+---------+--
 *                                  of worker 0         of worker 1
 *
 * A worker writes only its own two copies, of them the one that does not hold, and then swaps the word. The swap fails
 * where any other came first, and the write starts over from the new state. A reader looks at the word before and after:
 * where it is the same, the copy held all the while and nobody wrote in it.
 *
 * Why not a sequence lock, odd while a write is under way: a worker killed in its write would stop every reader of that
 * session for good. Here it leaves nothing but a copy that does not hold. And one 32-bit word is enough for the swap,
 * while an index into a pool of copies and a tag of use need 64, which in this language is a BigInt and makes garbage.
 * The tag makes each content of the word new, across the slot's sessions too; it comes round after 2^26 writes to one
 * slot, which would all have to fall between two neighbouring steps of one thread.
 */
export class LockFreeRecords implements SessionRecords {
  readonly locksTaken = 0
  readonly #words: Int32Array
  readonly #entries: Entries
  readonly #worker: number
  readonly #rowWords: number

  constructor(buffer: SharedArrayBuffer, entries: Entries, workers: number, worker: number) {
    this.#words = new Int32Array(buffer)
    this.#entries = entries
    this.#worker = worker
    this.#rowWords = rowWordsFor(workers)
  }

  /** Makes the record of a slot that no other thread can find yet. */
  reset(slot: number): void {
    const row = slot * this.#rowWords
    // One who holds an old handle to the slot may still swap the word, so this tries until nobody has.
    while (!this.#swap(row, Atomics.load(this.#words, row), newRecord));
  }

  read(handle: SlotHandle): SessionRecord | undefined {
    const row = slotOf(handle) * this.#rowWords
    for (;;) {
      const word = Atomics.load(this.#words, row)
      const record = loadRecord(this.#words, copyAt(row, word))
      if (Atomics.load(this.#words, row) !== word) continue
      // Last: a slot has its new stamp before its new record, so what was read is of this handle's session or older.
      return this.#entries.isCurrent(handle) ? record : undefined
    }
  }

  begin(handle: SlotHandle, startMs: number): number | undefined {
    const row = slotOf(handle) * this.#rowWords
    for (;;) {
      const word = Atomics.load(this.#words, row)
      if (!this.#entries.isCurrent(handle)) return undefined
      const record = loadRecord(this.#words, copyAt(row, word))
      if (this.#swap(row, word, begun(record, this.#worker, startMs))) return record.version
    }
  }

  advance(handle: SlotHandle, expectedVersion: number, endMs: number, code: number): boolean {
    const row = slotOf(handle) * this.#rowWords
    for (;;) {
      const word = Atomics.load(this.#words, row)
      if (!this.#entries.isCurrent(handle)) return false
      const record = loadRecord(this.#words, copyAt(row, word))
      if (Atomics.load(this.#words, row) !== word) continue
      if (record.version !== expectedVersion) return false
      if (this.#swap(row, word, advanced(record, this.#worker, endMs, code))) return true
    }
  }

  /** Writes the copy of this worker that does not hold, and makes it hold where `word` still stands. */
  #swap(row: number, word: number, record: SessionRecord): boolean {
    const copy = 2 * this.#worker + (copyIn(word) === 2 * this.#worker ? 1 : 0)
    storeRecord(this.#words, copyAt(row, copy), record)
    return Atomics.compareExchange(this.#words, row, word, nextTag(word) | copy) === word
  }
}

const copyIn = (word: number): number => word & ((1 << copyBits) - 1)
const copyAt = (row: number, word: number): number => row + 1 + copyIn(word) * recordWords
const nextTag = (word: number): number => ((word >>> copyBits) + 1) << copyBits
