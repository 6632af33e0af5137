import assert from 'node:assert/strict'
import { access } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, it } from 'node:test'
import type { Store, Write } from '../../../reference-server/store/port.ts'
import { noIndex } from '../../../reference-server/store/session-index/none.ts'
import { batchedWrites } from '../../../reference-server/store/writes/batched.ts'
import { unbatchedWrites } from '../../../reference-server/store/writes/unbatched.ts'
import { skipWithout } from '../support/back-ends.ts'
import { databaseAt, embeddedPlaces, type Places, postgresPlaces, storeAt } from './support/stores.ts'
import { createdAt, deletion, ending, keyOf, opening, said, turn, use } from './support/writes.ts'

/** Batches that are old sooner, so that tests which wait for them one by one do not take long. */
const behaviours = { batched: { ...batchedWrites, ageMs: 10 }, unbatched: unbatchedWrites }

const lookUp = `SELECT key FROM sessions WHERE app = 'a' AND device = 'd' AND status = 'active'
                ORDER BY last_activity_ms DESC LIMIT 1`
/** For a table this small PostgreSQL would rather read it all. */
const withoutScans = '?options=-c%20enable_seqscan%3Doff%20-c%20enable_bitmapscan%3Doff'

const backEnds = {
  SQLite: {
    ...{ makePlaces: embeddedPlaces, skip: false as const, isShared: false },
    planOf: (places: Places, place: string) => places.sql(place, `EXPLAIN QUERY PLAN ${lookUp}`),
  },
  PostgreSQL: {
    ...{ makePlaces: postgresPlaces, skip: skipWithout('postgres'), isShared: true },
    planOf: (places: Places, place: string) => places.sql(place + withoutScans, `EXPLAIN ${lookUp}`),
  },
}

for (const [backEnd, { makePlaces, skip, isShared, planOf }] of Object.entries(backEnds)) {
  describe(`Stores over ${backEnd}`, { skip, concurrency: 1 }, () => {
    let places: Places
    before(async () => {
      places = await makePlaces()
    })
    after(() => places.stop())

    for (const [name, writes] of Object.entries(behaviours)) {
      describe(`with writes ${name}`, { concurrency: 1 }, () => {
        let place: string
        let store: Store
        const writeAll = (...all: Write[]): Promise<unknown> => Promise.all(all.map((write) => store.write(write)))
        before(async () => {
          place = await places.fresh()
          store = storeAt(place, { writes })
          await store.open()
        })
        after(() => store.close())

        it('gives back a session with its count of turns and the end of its conversation', async () => {
          await writeAll(opening('a'), turn('a', 1), turn('a', 2), turn('a', 3))
          assert.deepEqual(await store.load(keyOf('a')), {
            status: 'active',
            state: {
              ...{ key: keyOf('a'), app: 'app-a', id: 'a', agent: 'guide', device: null, createdAt },
              ...{ turns: 3, lastActivityMs: 4, recent: said(2, 3) },
            },
          })
          assert.equal(await store.load(keyOf('nobody')), undefined)
        })

        it('gives as much of a conversation as it is asked for, oldest first', async () => {
          assert.deepEqual(await store.history(keyOf('a'), 100), said(1, 2, 3))
          assert.deepEqual(await store.history(keyOf('a'), 3), [...said(2).slice(1), ...said(3)])
          assert.deepEqual(await store.history(keyOf('nobody'), 3), [])
        })

        it('imports a conversation, which need not alternate', async () => {
          const messages = [
            ...said(1),
            { role: 'user', content: 'two' },
            ...said(3),
            { role: 'assistant', content: 'more' },
          ]
          await store.write({ ...opening('imported'), messages } as Write)
          assert.deepEqual(await store.history(keyOf('imported'), 100), messages)
          assert.equal((await store.load(keyOf('imported')))?.state.turns, 4)
        })

        it('does not give back a session whose deletion is on its way, nor a turn that came after it', async () => {
          await store.write(opening('b'))
          const deleted = store.write(deletion('b'))
          const late = store.write(turn('b', 1))
          assert.equal(await store.load(keyOf('b')), undefined)
          await Promise.all([deleted, late])
          assert.deepEqual(await store.history(keyOf('b'), 10), [])
        })

        it('adds no turn to a session that was opened under the key of the one in which it began', async () => {
          const openedAt = '2026-01-01T00:00:00.001Z'
          const another = { ...opening('again'), createdAt: openedAt } as Write
          const late = turn('again', 1)
          const own = { ...turn('again', 2), createdAt: openedAt }
          await writeAll(opening('again'), deletion('again'), another, late, own)
          assert.equal((await store.load(keyOf('again')))?.state.turns, 1)
          assert.deepEqual(await store.history(keyOf('again'), 10), said(2))
        })

        it('does not let somebody who waits wait for others', async () => {
          await store.write(opening('now'))
          const others = store.write(turn('now', 1))
          await store.writeNow(deletion('now'))
          assert.equal(store.pendingWrites, 0)
          await others
        })

        it('keeps of two sessions with one key the first', async () => {
          await writeAll(opening('twice'), turn('twice', 1), opening('twice', { device: 'other' }))
          const { state } = (await store.load(keyOf('twice')))!
          assert.deepEqual([state.device, state.turns], [null, 1])
        })

        it('ends a session that was idle, says so, and lets it go on when it is put again', async () => {
          await writeAll(opening('c', { atMs: 10 }), turn('c', 1), ending('c', 5))
          assert.equal((await store.load(keyOf('c')))?.status, 'active')
          await store.write(ending('c', 10))
          assert.equal((await store.load(keyOf('c')))?.status, 'ended')
          await store.write(opening('c', { atMs: 20 }))
          const reopened = await store.load(keyOf('c'))
          assert.deepEqual([reopened?.status, reopened?.state.turns, reopened?.state.lastActivityMs], ['active', 1, 20])
        })

        it('finds the session of a device that was active last, and none that has ended', async () => {
          await writeAll(
            ...[opening('d1', { device: 'phone', atMs: 10 }), opening('d2', { device: 'phone', atMs: 30 })],
            ...[opening('d3', { device: 'phone', atMs: 20 }), ending('d2', 30)],
          )
          assert.equal(await store.findActive('app-a', 'phone'), keyOf('d3'))
          assert.equal(await store.findActive('app-b', 'phone'), undefined)
        })

        it('names idle sessions, longest idle first, but none with a change on its way', async () => {
          await writeAll(...[3, 1, 2].map((age) => opening(`e${age}`, { atMs: -age })))
          assert.deepEqual(await store.idleSessions(0, 2), [keyOf('e3'), keyOf('e2')])
          const written = store.write(turn('e3', 1))
          assert.deepEqual(await store.idleSessions(0, 10), [keyOf('e2'), keyOf('e1')])
          await written
        })

        it('knows the organisations of the apps of its callers, and counts how often it was asked', async () => {
          const before = store.organisationReads
          assert.equal(await store.organisationOf('app-a'), 'org-app-a')
          assert.equal(await store.organisationOf('app-z'), undefined)
          assert.equal(store.organisationReads, before + 2)
        })

        it('knows which apps are closed; one that it does not know is not', async () => {
          assert.deepEqual([await store.isAppActive('app-a'), await store.isAppActive('app-z')], [true, true])
          // Both databases read `true` and `false`, each as its own.
          await places.sql(place, "UPDATE apps SET active = false WHERE id = 'app-a'")
          assert.equal(await store.isAppActive('app-a'), false)
          await places.sql(place, "UPDATE apps SET active = true WHERE id = 'app-a'")
        })

        it('knows no agent that nobody has defined', async () => {
          assert.equal(await store.agent('guide'), undefined)
        })

        it('knows agents as they are defined', async () => {
          const tools = [{ name: 'digest', description: 'hashes', parameters: { type: 'object' } }]
          await places.sql(place, `INSERT INTO agents VALUES ('known', 'Be kind.', '${JSON.stringify(tools)}')`)
          assert.deepEqual(await store.agent('known'), { name: 'known', prompt: 'Be kind.', tools })
        })

        it('fails a change that is no good, and no other one', async () => {
          const broken = { ...opening('f'), createdAt: null } as unknown as Write
          const results = await Promise.allSettled(
            [opening('g'), broken, opening('h')].map((each) => store.write(each)),
          )
          assert.deepEqual(
            results.map(({ status }) => status),
            ['fulfilled', 'rejected', 'fulfilled'],
          )
          assert.equal(await store.load(keyOf('f')), undefined)
          assert.equal((await store.load(keyOf('h')))?.state.id, 'h')
          assert.deepEqual([store.pendingWrites, store.connectionsInUse], [0, 0])
        })

        it('enters what was used', async () => {
          await writeAll(use('a', 1), use('a', 2))
          const rows = await places.sql(place, 'SELECT organisation, session, tokens FROM usage ORDER BY id')
          const row = { organisation: 'org-app-a', session: keyOf('a'), tokens: 8 }
          assert.equal(JSON.stringify(rows).replaceAll('"8"', '8'), JSON.stringify([row, row]))
        })

        it('keeps texts that are no good for a database, as well as it can', async () => {
          const content = "snowman \u2603, quote ', backslash \\u0000 \\, face \u{1F600}"
          await writeAll(opening('texts', { device: 'a\0b' }), { ...turn('texts', 1), content } as Write)
          await store.write({ ...turn('texts', 2), content: 'half \uD83D pair, nul \0' } as Write)
          const [first, , second] = await store.history(keyOf('texts'), 10)
          assert.equal(first?.content, content)
          assert.match(second?.content ?? '', /^half \uFFFD pair, nul [\0\uFFFD]$/)
          assert.equal(await store.findActive('app-a', 'a\0b'), keyOf('texts'))
        })

        it('gives a turn its rows where others write to the database too, and else leaves it to memory', async () => {
          await writeAll(opening('rows'), turn('rows', 1))
          const rows = { session: { status: 'active', createdAt, turns: 1 }, app: { active: true } }
          assert.deepEqual(await store.readForTurn(keyOf('rows'), 'app-a'), isShared ? rows : undefined)
          const none = { session: undefined, app: undefined }
          assert.deepEqual(await store.readForTurn(keyOf('nobody'), 'app-z'), isShared ? none : undefined)
        })

        it('commits what is pending when it closes, and finds everything again', async () => {
          const kept = await places.fresh()
          const first = storeAt(kept, { writes })
          await first.open()
          const pending = Promise.all([opening('i'), turn('i', 1)].map((write) => first.write(write)))
          await first.close()
          await pending
          const second = storeAt(kept, { writes })
          await second.open()
          assert.equal((await second.load(keyOf('i')))?.state.turns, 1)
          await second.close()
          if (!isShared) await assert.rejects(access(`${kept}-wal`), { code: 'ENOENT' })
        })
      })
    }

    it('look a device up by the index over active sessions, where the variant has one', async () => {
      const place = await places.fresh()
      const planAfterOpening = async (changed = {}): Promise<string> => {
        const store = storeAt(place, changed)
        await store.open()
        await store.close()
        return JSON.stringify(await planOf(places, place))
      }
      const plan = await planAfterOpening()
      assert.match(plan, /active_sessions/)
      assert.doesNotMatch(plan, /sort|temp b-tree/i)
      assert.doesNotMatch(await planAfterOpening({ sessionIndex: noIndex }), /active_sessions/)
      assert.match(await planAfterOpening(), /active_sessions/)
    })
  })
}

it('An embedded database that another process has locked says that it is busy, and commits when it is not', async (t) => {
  const places = await embeddedPlaces()
  t.after(() => places.stop())
  const place = await places.fresh()
  const database = databaseAt(place)
  await database.open()
  const other = new DatabaseSync(place)
  other.exec('BEGIN IMMEDIATE')
  const batches = [[opening('a')], [turn('a', 1)]]
  assert.deepEqual(await database.commit(batches), {
    committed: 0,
    failure: { kind: 'busy', message: 'database is locked' },
  })
  other.exec('ROLLBACK')
  other.close()
  assert.deepEqual(await database.commit(batches), { committed: 2 })
  await database.close()
})
