import { lock, unlock } from './atomics-mutex.ts'
import { type Entries, slotOf } from './entries.ts'
import type { SessionRecord, SessionRecords, SlotHandle } from './port.ts'
import { advanced, begun, newRecord, putRecord, recordAt, recordWords } from './record.ts'

/** A row: the mutex, then the record. */
const rowWords = 1 + recordWords

export const lockedRecordsMemory = (capacity: number): SharedArrayBuffer =>
  new SharedArrayBuffer(4 * rowWords * capacity)

/** Records with a mutex each, which every read and every write takes. */
export class LockedRecords implements SessionRecords {
  readonly #words: Int32Array
  readonly #entries: Entries
  readonly #worker: number
  locksTaken = 0

  constructor(buffer: SharedArrayBuffer, entries: Entries, worker: number) {
    this.#words = new Int32Array(buffer)
    this.#entries = entries
    this.#worker = worker
  }

  /** Makes the record of a slot that no other thread can find yet. */
  reset(slot: number): void {
    const row = slot * rowWords
    // One who holds an old handle to the slot may be at the record, so this takes the mutex as well.
    this.#lock(row)
    putRecord(this.#words, row + 1, newRecord)
    unlock(this.#words, row)
  }

  read(handle: SlotHandle): SessionRecord | undefined {
    const row = slotOf(handle) * rowWords
    this.#lock(row)
    const record = this.#current(handle, row)
    unlock(this.#words, row)
    return record
  }

  begin(handle: SlotHandle, startMs: number): number | undefined {
    const row = slotOf(handle) * rowWords
    this.#lock(row)
    const record = this.#current(handle, row)
    if (record) putRecord(this.#words, row + 1, begun(record, this.#worker, startMs))
    unlock(this.#words, row)
    return record?.version
  }

  advance(handle: SlotHandle, expectedVersion: number, endMs: number, code: number): boolean {
    const row = slotOf(handle) * rowWords
    this.#lock(row)
    const record = this.#current(handle, row)
    const advances = record?.version === expectedVersion
    if (record && advances) putRecord(this.#words, row + 1, advanced(record, this.#worker, endMs, code))
    unlock(this.#words, row)
    return advances
  }

  #current(handle: SlotHandle, row: number): SessionRecord | undefined {
    return this.#entries.isCurrent(handle) ? recordAt(this.#words, row + 1) : undefined
  }

  #lock(row: number): void {
    lock(this.#words, row)
    this.locksTaken += 1
  }
}
