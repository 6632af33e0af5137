import assert from 'node:assert/strict'
import { lock, unlock } from '../../../../reference-server/shared-memory/atomics-mutex.ts'
import type { SessionRecord, SessionTable, SlotHandle } from '../../../../reference-server/shared-memory/port.ts'
import { openSessionTable, type SessionTableMemory } from '../../../../reference-server/shared-memory/session-table.ts'
import { SlotPool } from '../../../../reference-server/shared-memory/slot-pool.ts'

/** What a thread of the crew does. Each checks as it goes, and tells what must add up over all threads. */
export const jobs = { slots, mutex, turns, readers, owners, comings, departures }

export type JobName = keyof typeof jobs
export type Job<Name extends JobName> = Parameters<(typeof jobs)[Name]>[0]
export type Outcome<Name extends JobName> = ReturnType<(typeof jobs)[Name]>

/** Takes slots, marks them as its own, checks that nobody else did, and frees them in another order. */
function slots(given: { pool: SharedArrayBuffer; marks: SharedArrayBuffer; rounds: number }, index: number) {
  const pool = new SlotPool(given.pool)
  const marks = new Int32Array(given.marks)
  const mark = index + 1
  let taken = 0
  for (let round = 0; round < given.rounds; round++) {
    const mine = [pool.allocate(), pool.allocate(), pool.allocate()].filter((slot) => slot !== undefined)
    for (const slot of mine) assert.equal(Atomics.exchange(marks, slot, mark), 0, `slot ${slot} has an owner already`)
    for (const slot of mine)
      assert.equal(Atomics.exchange(marks, slot, 0), mark, `slot ${slot} was taken from its owner`)
    for (const slot of round % 2 ? mine : mine.reverse()) pool.free(slot)
    taken += mine.length
  }
  return taken
}

/** Adds to a number that only the mutex protects. */
function mutex(given: { words: SharedArrayBuffer; rounds: number }) {
  const words = new Int32Array(given.words)
  for (let round = 0; round < given.rounds; round++) {
    lock(words, 0)
    words[1] = words[1]! + 1
    unlock(words, 0)
  }
}

interface TableJob {
  memory: SessionTableMemory
  ids: string[]
  rounds: number
}

/** Times that no two versions or workers share a word of, so that a record put together from two shows. */
const startOf = (worker: number) => (worker + 1) * (2 ** 32 + 1)
const codeOf = (version: number) => version % 2 ** 15
const endOf = (version: number) => codeOf(version) * (2 ** 32 + 1)

/** Every record that `turns` writes is of one piece: its end and code follow from its version, its start from its runner. */
function assertOfOnePiece(record: SessionRecord): void {
  assert.equal(record.code, codeOf(record.version), `code ${record.code} in version ${record.version}`)
  assert.equal(record.endMs, endOf(record.version), `end ${record.endMs} in version ${record.version}`)
  assert.equal(record.startMs, startOf(record.runner), `start ${record.startMs} of runner ${record.runner}`)
}

/** Completes turns on sessions that all have, until it has won its share; tells how many of them another one won. */
function turns({ memory, ids, rounds }: TableJob, index: number) {
  const table = openSessionTable(memory, index)
  let lost = 0
  for (let round = 0; round < rounds; round++) {
    const handle = table.find(ids[round % ids.length]!)!
    for (;;) {
      const version = table.begin(handle, startOf(index))!
      assertOfOnePiece(table.read(handle)!)
      if (table.advance(handle, version, endOf(version + 1), codeOf(version + 1))) break
      lost += 1
    }
  }
  return lost
}

/** The first two threads write as fast as they can, as long as the others still read. Tells how many states were seen. */
function readers({ memory, ids, rounds, reading }: TableJob & { reading: SharedArrayBuffer }, index: number) {
  const table = openSessionTable(memory, index)
  const handle = table.find(ids[0]!)!
  const readersLeft = new Int32Array(reading)
  if (index < 2) {
    while (Atomics.load(readersLeft, 0) > 0) completeTurn(table, handle, index)
    return 0
  }
  try {
    return versionsSeen(table, handle, rounds)
  } finally {
    Atomics.sub(readersLeft, 0, 1)
  }
}

function versionsSeen(table: SessionTable, handle: SlotHandle, rounds: number): number {
  const seen = new Set<number>()
  for (let round = 0; round < rounds; round++) {
    const record = table.read(handle)!
    assertOfOnePiece(record)
    seen.add(record.version)
  }
  return seen.size
}

function completeTurn(table: SessionTable, handle: SlotHandle, index: number): void {
  const version = table.begin(handle, startOf(index))!
  table.advance(handle, version, endOf(version + 1), codeOf(version + 1))
}

/** Who added a session is its only remover: nobody else may think that it added it, nor find its record changed. */
function owners({ memory, ids, rounds, marks }: TableJob & { marks: SharedArrayBuffer }, index: number) {
  const table = openSessionTable(memory, index)
  const owner = new Int32Array(marks)
  let owned = 0
  for (let round = 0; round < rounds; round++) {
    const at = (round + index) % ids.length
    const outcome = table.add(ids[at]!)
    if (!outcome?.added) continue
    assert.equal(Atomics.exchange(owner, at, index + 1), 0, `${ids[at]} was added twice`)
    useAsOwner(table, ids[at]!, outcome.handle)
    assert.equal(Atomics.exchange(owner, at, 0), index + 1)
    assert.equal(table.remove(ids[at]!), true, `${ids[at]} was removed by another`)
    assert.equal(table.read(outcome.handle), undefined)
    owned += 1
  }
  return owned
}

function useAsOwner(table: SessionTable, id: string, handle: SlotHandle): void {
  assert.equal(table.find(id), handle, `${id} is another session than the one added`)
  assert.equal(table.read(handle)?.version, 0, 'a new session has the record of an old one')
  for (const version of [0, 1, 2]) assert.equal(table.advance(handle, version, endOf(version), version), true)
  assert.equal(table.read(handle)?.version, 3)
}

/** Adds, advances and removes what others add and remove as well; tells how often it was the one that did. */
function comings({ memory, ids, rounds }: TableJob, index: number) {
  const table = openSessionTable(memory, index)
  const count = { added: 0, removed: 0 }
  for (let round = 0; round < rounds; round++) {
    const id = ids[(round * (index + 1)) % ids.length]!
    const outcome = table.add(id)
    if (outcome?.added) count.added += 1
    if (outcome) table.advance(outcome.handle, 0, endOf(1), 1)
    if (table.remove(ids[(round + index) % ids.length]!)) count.removed += 1
  }
  return count
}

/** Holds sessions, which are then there to stay, and takes out others, as the one thread or the other has added them. */
function departures({ memory, ids, rounds }: TableJob, index: number) {
  const table = openSessionTable(memory, index)
  const count = { added: 0, left: 0, held: 0 }
  for (let round = 0; round < rounds; round++) {
    const id = ids[(round * (index + 1)) % ids.length]!
    const outcome = table.add(id)
    if (outcome?.added) count.added += 1
    if (outcome && table.hold(outcome.handle)) {
      count.held += 1
      for (let look = 0; look < 3; look++)
        assert.equal(table.find(id), outcome.handle, `${id} has left although it is held`)
      table.release(outcome.handle)
    }
    const other = ids[(round + index) % ids.length]!
    const handle = table.find(other)
    if (handle !== undefined && table.leave(other, handle, 0)) count.left += 1
  }
  return count
}
