import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createSessionTable, openSessionTable } from '../../../reference-server/shared-memory/session-table.ts'
import { SlotPool, slotPoolMemory } from '../../../reference-server/shared-memory/slot-pool.ts'
import { Crew } from './support/crew.ts'

const threads = 4
const crew = new Crew(threads)
// The threads start before the first test, which would else be charged for it.
before(() => crew.run('mutex', { words: new SharedArrayBuffer(8), rounds: 0 }))
after(() => crew.end())

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)
const choices = ['lock-free', 'locked'] as const

it('Four threads that take and free slots never own one at the same time, and lose none', async () => {
  const capacity = 7
  const given = { pool: slotPoolMemory(capacity), marks: new SharedArrayBuffer(4 * capacity), rounds: 30_000 }
  const taken = await crew.run('slots', given)
  assert.ok(sum(taken) > threads * given.rounds)
  const pool = new SlotPool(given.pool)
  const left = Array.from({ length: capacity }, () => pool.allocate())
  assert.deepEqual(left.sort(), [0, 1, 2, 3, 4, 5, 6])
  assert.equal(pool.allocate(), undefined)
})

it('Four threads that add to one number under the mutex lose nothing', async () => {
  const given = { words: new SharedArrayBuffer(8), rounds: 10_000 }
  await crew.run('mutex', given)
  assert.deepEqual([...new Int32Array(given.words)], [0, threads * given.rounds])
})

for (const map of choices)
  for (const records of choices)
    describe(`Four threads on a session table, map ${map}, records ${records}`, () => {
      const ids = (count: number) => Array.from({ length: count }, (_, number) => `session-${number}`)
      const made = (capacity: number) => createSessionTable({ capacity, workers: threads, map, records })

      it('lose no turn', async () => {
        const given = { memory: made(4), ids: ids(2), rounds: 2_000 }
        const table = openSessionTable(given.memory, 0)
        const handles = given.ids.map((id) => table.add(id)!.handle)
        await crew.run('turns', given)
        const versions = handles.map((handle) => table.read(handle)?.version)
        assert.deepEqual(versions, [(threads * given.rounds) / 2, (threads * given.rounds) / 2])
      })

      it('never read half of a record while two of them do nothing but write it', async () => {
        const reading = new SharedArrayBuffer(4)
        new Int32Array(reading)[0] = threads - 2
        const given = { memory: made(1), ids: ids(1), rounds: 50_000, reading }
        openSessionTable(given.memory, 0).add(given.ids[0]!)
        assert.ok(sum(await crew.run('readers', given)) > 2)
      })

      it('never own a session at the same time, nor see the record of the one that had its slot before', async () => {
        const given = { memory: made(3), ids: ids(5), rounds: 2_000, marks: new SharedArrayBuffer(20) }
        const owned = await crew.run('owners', given)
        assert.ok(sum(owned) > 0)
        assertEmpty(given.memory, 3)
      })

      it('take out no session that one of them holds, and lose none', async () => {
        const given = { memory: made(4), ids: ids(12), rounds: 4_000 }
        const counts = await crew.run('departures', given)
        const of = (name: 'added' | 'left' | 'held') => sum(counts.map((count) => count[name]))
        assert.ok(of('held') > 0 && of('left') > 0, JSON.stringify(counts))
        const table = openSessionTable(given.memory, 0)
        const there = given.ids.filter((id) => table.find(id) !== undefined)
        assert.equal(of('added') - of('left'), there.length)
        for (const id of there) assert.equal(table.leave(id, table.find(id)!, 0), true, `${id} is held by nobody`)
        assertEmpty(given.memory, 4)
      })

      it('agree on who added a session and who removed it, and lose no slot', async () => {
        const given = { memory: made(6), ids: ids(4), rounds: 3_000 }
        const counts = await crew.run('comings', given)
        const table = openSessionTable(given.memory, 0)
        const left = given.ids.filter((id) => table.find(id) !== undefined)
        assert.equal(sum(counts.map(({ added }) => added)) - sum(counts.map(({ removed }) => removed)), left.length)
        assert.equal(table.size, left.length)
        for (const id of left) assert.equal(table.remove(id), true)
        assertEmpty(given.memory, 6)
      })
    })

/** No session left, and room for as many as there were slots: none was lost, none is in two places. */
function assertEmpty(memory: Parameters<typeof openSessionTable>[0], capacity: number): void {
  const table = openSessionTable(memory, 0)
  assert.equal(table.size, 0)
  const added = Array.from({ length: capacity }, (_, number) => table.add(`later-${number}`)?.handle)
  assert.equal(new Set(added).size, capacity)
  assert.ok(!added.includes(undefined))
  assert.equal(table.add('one-too-many'), undefined)
}
