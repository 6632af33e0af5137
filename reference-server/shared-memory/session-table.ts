import { Entries, type EntriesMemory, entriesMemory, mostEntries } from './entries.ts'
import { Holds, type HoldsMemory, holdsMemory } from './holds.ts'
import { LockFreeMap, lockFreeMapMemory } from './lock-free-map.ts'
import { LockFreeRecords, lockFreeRecordsMemory, mostWorkers } from './lock-free-records.ts'
import { LockedMap, lockedMapMemory } from './locked-map.ts'
import { LockedRecords, lockedRecordsMemory } from './locked-records.ts'
import type { SessionMap, SessionRecord, SessionRecords, SessionTable, SlotHandle } from './port.ts'
import { isOutcomeCode } from './record.ts'

/** Two choices, each free of the other: how the map of ids is guarded, and how each session's record is. */
export interface SessionTableOptions {
  /** Sessions at most, 1 to 1,048,576. */
  capacity: number
  /** Worker threads at most, 1 to 32. */
  workers: number
  /** `lock-free`, or one mutex round the whole map, for look-ups too. */
  map: 'lock-free' | 'locked'
  /** `lock-free`, or a mutex for each record, for reads too. */
  records: 'lock-free' | 'locked'
}

/** A table as it is handed to a worker thread: through `workerData` or `postMessage`, which share the buffers. */
export interface SessionTableMemory extends SessionTableOptions {
  entries: EntriesMemory
  mapMemory: SharedArrayBuffer
  recordsMemory: SharedArrayBuffer
  holds: HoldsMemory
}

/**
 * Makes an empty table; once for all threads.
 * @throws RangeError where there are too many or too few sessions or workers.
 */
export function createSessionTable(options: SessionTableOptions): SessionTableMemory {
  const { capacity, workers, map, records } = options
  requireWithin('workers', workers, mostWorkers)
  requireWithin('capacity', capacity, mostEntries)
  return {
    ...{ capacity, workers, map, records },
    entries: entriesMemory(capacity),
    holds: holdsMemory(capacity),
    mapMemory: map === 'locked' ? lockedMapMemory(capacity) : lockFreeMapMemory(capacity),
    recordsMemory: records === 'locked' ? lockedRecordsMemory(capacity) : lockFreeRecordsMemory(capacity, workers),
  }
}

/**
 * The table as the worker with this index (from 0) sees it. No two living threads may have one index: a lock-free
 * record keeps a place for each worker, in which nobody else writes.
 */
export function openSessionTable(memory: SessionTableMemory, worker: number): SessionTable {
  if (!Number.isInteger(worker) || worker < 0 || worker >= memory.workers)
    throw new RangeError(`worker ${worker} is not one of 0 to ${memory.workers - 1}, which the table was made for`)
  const entries = new Entries(memory.entries)
  const records =
    memory.records === 'locked'
      ? new LockedRecords(memory.recordsMemory, entries, worker)
      : new LockFreeRecords(memory.recordsMemory, entries, memory.workers, worker)
  const holds = new Holds(memory.holds, entries)
  const reset = (slot: number) => {
    records.reset(slot)
    holds.reset(slot)
  }
  const map =
    memory.map === 'locked'
      ? new LockedMap(memory.mapMemory, entries, reset)
      : new LockFreeMap(memory.mapMemory, entries, reset)
  return new TableOf(entries, { map, records, holds })
}

/** What a table is made of, over one and the same entries. */
interface TableStructures {
  map: SessionMap
  records: SessionRecords
  holds: Holds
}

class TableOf implements SessionTable {
  readonly #entries: Entries
  readonly #map: SessionMap
  readonly #records: SessionRecords
  readonly #holds: Holds

  constructor(entries: Entries, { map, records, holds }: TableStructures) {
    this.#entries = entries
    this.#map = map
    this.#records = records
    this.#holds = holds
  }

  get capacity(): number {
    return this.#entries.capacity
  }

  get size(): number {
    return this.#map.size
  }

  get mapLocksTaken(): number {
    return this.#map.locksTaken
  }

  get recordLocksTaken(): number {
    return this.#records.locksTaken
  }

  find(id: string): SlotHandle | undefined {
    return this.#map.find(id)
  }

  add(id: string): { handle: SlotHandle; added: boolean } | undefined {
    return this.#map.add(id)
  }

  remove(id: string, only?: SlotHandle): boolean {
    // Before it is gone: who finds it gone, and puts what was read earlier in its place, must see that it has left.
    if (this.#entries.seek(id) !== undefined) this.#holds.noteDeparture(this.#entries.soughtHash)
    return this.#map.remove(id, only)
  }

  read(handle: SlotHandle): SessionRecord | undefined {
    return this.#records.read(handle)
  }

  begin(handle: SlotHandle, startMs: number): number | undefined {
    return this.#records.begin(handle, startMs)
  }

  advance(handle: SlotHandle, expectedVersion: number, endMs: number, code: number): boolean {
    if (!isOutcomeCode(code)) throw new RangeError(`outcome code is ${code}, expected -32768 to 32767`)
    return this.#records.advance(handle, expectedVersion, endMs, code)
  }

  hold(handle: SlotHandle): boolean {
    return this.#holds.hold(handle)
  }

  release(handle: SlotHandle): void {
    this.#holds.release(handle)
  }

  isFree(handle: SlotHandle): boolean {
    return this.#holds.isFree(handle)
  }

  leave(id: string, handle: SlotHandle, version: number): boolean {
    return this.#closed(handle, version) && this.remove(id, handle)
  }

  withdraw(id: string, handle: SlotHandle): boolean {
    return this.#closed(handle, 0) && this.#map.remove(id, handle)
  }

  departures(id: string): number {
    if (this.#entries.seek(id) === undefined) return 0
    return this.#holds.departures(this.#entries.soughtHash)
  }

  /** Whether nobody holds a session of this version, nor will. */
  #closed(handle: SlotHandle, version: number): boolean {
    if (!this.#holds.close(handle)) return false
    if (this.#records.read(handle)?.version === version) return true
    this.#holds.open(handle)
    return false
  }
}

function requireWithin(name: string, count: number, most: number): void {
  if (!Number.isInteger(count) || count < 1 || count > most)
    throw new RangeError(`${name} is ${count}, expected a whole number from 1 to ${most}`)
}
