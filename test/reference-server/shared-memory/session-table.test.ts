import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { SessionTable } from '../../../reference-server/shared-memory/port.ts'
import {
  createSessionTable,
  openSessionTable,
  type SessionTableMemory,
} from '../../../reference-server/shared-memory/session-table.ts'

const choices = ['lock-free', 'locked'] as const
const startMs = 1_790_000_000_123
const endMs = startMs + 4_567

/** The table as two workers see it. */
function tablesOf(map: 'lock-free' | 'locked', records: 'lock-free' | 'locked', capacity = 8) {
  const memory = createSessionTable({ capacity, workers: 2, map, records })
  return [openSessionTable(memory, 0), openSessionTable(memory, 1)] as const
}

const added = (table: SessionTable, id: string) => {
  const outcome = table.add(id)
  assert.ok(outcome, `no place for ${id}`)
  return outcome.handle
}

for (const map of choices)
  for (const records of choices)
    describe(`Session table, map ${map}, records ${records}`, () => {
      it('knows nothing of a session that was never added', () => {
        const [table] = tablesOf(map, records)
        assert.deepEqual([table.find('a'), table.remove('a'), table.size], [undefined, false, 0])
      })

      it('shows a session that one worker added to the other, once', () => {
        const [one, other] = tablesOf(map, records)
        const handle = added(one, 'a')
        assert.equal(other.find('a'), handle)
        assert.deepEqual(other.add('a'), { handle, added: false })
        assert.deepEqual([one.size, other.size], [1, 1])
      })

      it('gives a new session an idle record of version 0 that nobody owns', () => {
        const [table] = tablesOf(map, records)
        const expected = { version: 0, owner: -1, runner: -1, status: 'idle', startMs: 0, endMs: 0, code: 0 }
        assert.deepEqual(table.read(added(table, 'a')), expected)
      })

      it('records who began a turn and when, then who ended it', () => {
        const [one, other] = tablesOf(map, records)
        const handle = added(one, 'a')
        assert.equal(other.begin(handle, startMs), 0)
        const running = { version: 0, owner: -1, runner: 1, status: 'running', startMs, endMs: 0, code: 0 }
        assert.deepEqual(one.read(handle), running)
        assert.equal(other.advance(handle, 0, endMs, -7), true)
        assert.deepEqual(one.read(handle), { ...running, version: 1, owner: 1, status: 'idle', endMs, code: -7 })
      })

      it('keeps outcome codes and times to the ends of their range, and refuses other codes', () => {
        const [table] = tablesOf(map, records)
        const handle = added(table, 'a')
        const latest = 2 ** 48 - 1
        for (const [version, code] of [-(2 ** 15), 2 ** 15 - 1].entries()) {
          table.begin(handle, latest)
          assert.equal(table.advance(handle, version, 2 ** 32 - 1, code), true)
          const record = table.read(handle)
          assert.deepEqual([record?.startMs, record?.endMs, record?.code], [latest, 2 ** 32 - 1, code])
        }
        for (const code of [-(2 ** 15) - 1, 2 ** 15, 0.5, Number.NaN])
          assert.throws(() => table.advance(handle, 2, endMs, code), RangeError)
        assert.equal(table.read(handle)?.version, 2)
      })

      it('lets one of two turns from the same version advance it', () => {
        const [one, other] = tablesOf(map, records)
        const handle = added(one, 'a')
        const versions = [one.begin(handle, 1), other.begin(handle, 2)]
        assert.deepEqual(versions, [0, 0])
        assert.deepEqual([other.advance(handle, 0, 3, 1), one.advance(handle, 0, 4, 2)], [true, false])
        const record = one.read(handle)
        assert.deepEqual([record?.version, record?.owner, record?.endMs, record?.code], [1, 1, 3, 1])
        assert.equal(one.advance(handle, 1, 5, 2), true)
      })

      it('refuses an old handle, also when its slot is another session now', () => {
        const [one, other] = tablesOf(map, records, 1)
        const old = added(one, 'a')
        assert.equal(one.advance(old, 0, endMs, 1), true)
        assert.equal(other.remove('a'), true)
        const refused = [undefined, undefined, false]
        const tried = () => [one.read(old), one.begin(old, startMs), one.advance(old, 0, endMs, 1)]
        assert.deepEqual(tried(), refused)
        const now = added(other, 'b')
        assert.notEqual(now, old)
        assert.deepEqual(tried(), refused)
        assert.equal(one.read(now)?.version, 0)
      })

      it('lets a removed session be added anew', () => {
        const [one, other] = tablesOf(map, records)
        one.advance(added(one, 'a'), 0, endMs, 1)
        assert.deepEqual([other.remove('a'), one.remove('a'), one.find('a'), one.size], [true, false, undefined, 0])
        assert.equal(one.read(added(one, 'a'))?.version, 0)
      })

      it('refuses one session too many, finds the others then, and takes one where one has gone', () => {
        const [table] = tablesOf(map, records, 5)
        const ids = ['a', 'b', 'c', 'd', 'e']
        const handles = ids.map((id) => added(table, id))
        assert.equal(new Set(handles).size, 5)
        assert.equal(table.add('f'), undefined)
        assert.deepEqual(table.add('c'), { handle: handles[2], added: false })
        assert.deepEqual(
          ids.map((id) => table.find(id)),
          handles,
        )
        table.remove('b')
        assert.equal(table.add('f')?.added, true)
        assert.equal(table.size, 5)
      })

      it('lets no session leave that somebody holds, and nobody get hold of one that has left', () => {
        const [one, other] = tablesOf(map, records)
        const handle = added(one, 'a')
        assert.deepEqual([one.hold(handle), other.hold(handle), one.isFree(handle)], [true, true, false])
        one.release(handle)
        assert.equal(one.leave('a', handle, 0), false)
        other.release(handle)
        assert.equal(other.isFree(handle), true)
        assert.deepEqual([one.leave('a', handle, 0), one.find('a'), one.size], [true, undefined, 0])
        assert.deepEqual([other.hold(handle), other.leave('a', handle, 0)], [false, false])
      })

      it('lets no session leave that has come further, and lets it be held then as before', () => {
        const [one, other] = tablesOf(map, records)
        const handle = added(one, 'a')
        one.advance(handle, 0, endMs, 1)
        assert.equal(other.leave('a', handle, 0), false)
        assert.equal(other.hold(handle), true)
        other.release(handle)
        assert.equal(other.leave('a', handle, 1), true)
      })

      it('takes no notice of whoever held the session that had a slot before', () => {
        const [one, other] = tablesOf(map, records, 1)
        const old = added(one, 'a')
        one.hold(old)
        other.remove('a')
        const now = added(other, 'b')
        assert.equal(other.hold(now), true)
        one.release(old)
        assert.deepEqual([one.hold(old), one.leave('a', old, 0), one.isFree(now)], [false, false, false])
        other.release(now)
        assert.deepEqual([one.remove('b', old), one.isFree(now), one.leave('b', now, 0)], [false, true, true])
      })

      it('tells whoever asked before that a session has been there and is gone, unless nothing was made of it', () => {
        const [one, other] = tablesOf(map, records)
        const before = one.departures('a')
        assert.equal(other.withdraw('a', added(other, 'a')), true)
        assert.deepEqual([one.departures('a'), one.find('a')], [before, undefined])
        const handle = added(other, 'a')
        assert.equal(one.departures('a'), before)
        other.leave('a', handle, 0)
        assert.notEqual(one.departures('a'), before)
      })

      it('uses its slots again and again', () => {
        const [one, other] = tablesOf(map, records, 3)
        for (let round = 0; round < 200; round++) {
          const ids = [0, 1, 2].map((number) => `round-${round}-${number}`)
          for (const id of ids) added(one, id)
          assert.deepEqual(
            ids.reverse().map((id) => other.remove(id)),
            [true, true, true],
          )
        }
        assert.equal(one.size, 0)
      })

      it('tells ids apart however alike they are', () => {
        const ids = [
          'a',
          'A',
          'aa',
          'aaaa',
          'aaaaa',
          'a.a:a-a_a',
          'x'.repeat(127),
          `${'a'.repeat(32)}/${'x'.repeat(128)}`,
          `${'x'.repeat(127)}y`,
        ]
        const [one, other] = tablesOf(map, records, ids.length)
        const handles = ids.map((id) => added(one, id))
        assert.equal(new Set(handles).size, ids.length)
        assert.deepEqual(
          ids.map((id) => other.find(id)),
          handles,
        )
      })

      it('finds no session under what is no session id, and adds none', () => {
        const [table] = tablesOf(map, records)
        for (const id of ['', 'a b', 'é', 'a\n', 'x'.repeat(165), '\u0000']) {
          assert.deepEqual([table.find(id), table.remove(id)], [undefined, false])
          assert.throws(() => table.add(id), RangeError)
        }
      })
    })

describe('Making and opening a session table', () => {
  const options = { capacity: 4, workers: 2, map: 'lock-free', records: 'lock-free' } as const

  for (const wrong of [{ capacity: 0 }, { capacity: 2 ** 20 + 1 }, { capacity: 1.5 }, { workers: 0 }, { workers: 33 }])
    it(`refuses ${JSON.stringify(wrong)} and says what it expects`, () => {
      assert.throws(() => createSessionTable({ ...options, ...wrong }), /expected a whole number from 1 to/)
    })

  it('refuses a worker that the table was not made for', () => {
    const memory: SessionTableMemory = createSessionTable(options)
    for (const worker of [-1, 2, 0.5]) assert.throws(() => openSessionTable(memory, worker), /not one of 0 to 1/)
  })

  it('has room for as many workers as it says', () => {
    const memory = createSessionTable({ ...options, workers: 32 })
    const tables = Array.from({ length: 32 }, (_, worker) => openSessionTable(memory, worker))
    const handle = added(tables[0]!, 'a')
    for (const [worker, table] of tables.entries()) {
      assert.equal(table.advance(handle, worker, endMs, worker), true)
      const record = tables[0]!.read(handle)
      assert.deepEqual([record?.version, record?.owner, record?.code], [worker + 1, worker, worker])
    }
  })
})
