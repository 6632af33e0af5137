import assert from 'node:assert/strict'
import { it, type TestContext } from 'node:test'
import { MessageChannel } from 'node:worker_threads'
import {
  openSession,
  requireSession,
  resumeSession,
  type SessionParts,
} from '../../../reference-server/gateway/sessions.ts'
import { lockFreeRegistry } from '../../../reference-server/registry/lock-free.ts'
import { snapshotKind } from '../../../reference-server/state/snapshot.ts'
import type { Store } from '../../../reference-server/store/port.ts'
import { remoteDatabase, serveDatabase } from '../../../reference-server/store/remote.ts'
import { batchedWrites } from '../../../reference-server/store/writes/batched.ts'
import { databaseAt, embeddedPlaces, postgresPlaces, storeAt } from '../store/support/stores.ts'
import { deletion, ending, keyOf, said, turn } from '../store/support/writes.ts'
import { skipWithout } from '../support/back-ends.ts'

/** What nobody waits for is not written while a test lasts. */
const writes = { ...batchedWrites, ageMs: 600_000 }

const partsOver = (store: Store): SessionParts =>
  ({
    ...{ store, state: snapshotKind.local(lockFreeRegistry.local) },
    ...{ hydration: { forget: () => {} }, sessionLog: { forget: () => {} } },
  }) as unknown as SessionParts

type TwoStores = (t: TestContext) => Promise<[Store, Store]>

/** Two workers, each with a way to the one that has the database. */
const overOneThread: TwoStores = async (t) => {
  const places = await embeddedPlaces()
  const place = await places.fresh()
  const database = databaseAt(place)
  await database.open()
  const stores = [1, 2].map(() => {
    const { port1, port2 } = new MessageChannel()
    serveDatabase(database, port1)
    return storeAt(place, { writes }, remoteDatabase(port2))
  })
  t.after(async () => {
    for (const store of stores) await store.close()
    await database.close()
    await places.stop()
  })
  return stores as [Store, Store]
}

const overPostgres: TwoStores = async (t) => {
  const places = await postgresPlaces()
  const place = await places.fresh()
  const stores = [storeAt(place, { writes }), storeAt(place, { writes })]
  t.after(async () => {
    for (const store of stores) await store.close()
    await places.stop()
  })
  for (const store of stores) await store.open()
  return stores as [Store, Store]
}

const shared = {
  'workers that share an embedded database': { twoStores: overOneThread, skip: false as const },
  'gateways that share a PostgreSQL': { twoStores: overPostgres, skip: skipWithout('postgres') },
}

for (const [whom, { twoStores, skip }] of Object.entries(shared)) {
  it(`Of ${whom}, each may store a turn of a session as soon as another one has opened it`, { skip }, async (t) => {
    const [one, two] = await twoStores(t)
    const { session, created } = await openSession(partsOver(one), 'app-a', 's', {})
    assert.equal(created, true)
    await two.writeNow({ ...turn('s', 1), createdAt: session.createdAt })
    assert.deepEqual(await one.history(keyOf('s'), 10), said(1))
    assert.equal((await requireSession(partsOver(two), 'app-a', 's')).turns, 1)
  })

  it(`Of ${whom}, several that open a session at once have the same one in memory`, { skip }, async (t) => {
    const stores = await twoStores(t)
    const [first, second] = await Promise.all(
      stores.map((store, at) => openSession(partsOver(store), 'app-a', 's', { device: `device ${at}` })),
    )
    const stored = (await stores[0].load(keyOf('s')))?.state
    assert.deepEqual([first?.session, second?.session], [stored, stored])
  })

  it(`Of ${whom}, one whose client never left goes on with a session that has ended, and with none that was deleted`, {
    skip,
  }, async (t) => {
    const [one, two] = await twoStores(t)
    const parts = partsOver(one)
    const { session } = await openSession(parts, 'app-a', 's', {})
    await two.writeNow({ ...turn('s', 1), createdAt: session.createdAt })
    await two.writeNow(ending('s', Date.now()))
    await parts.state.remove(keyOf('s'))
    await assert.rejects(requireSession(parts, 'app-a', 's'), { status: 404 })
    assert.equal((await resumeSession(parts, 'app-a', 's')).turns, 1)
    assert.equal((await two.load(keyOf('s')))?.status, 'active')
    await two.writeNow(deletion('s'))
    await parts.state.remove(keyOf('s'))
    await assert.rejects(resumeSession(parts, 'app-a', 's'), { status: 404 })
    assert.equal(await two.load(keyOf('s')), undefined)
  })
}

/** Two gateways of one PostgreSQL, of which the other has deleted a session that this one has in memory. */
const deletedElsewhere = async (t: TestContext) => {
  const [one, two] = await overPostgres(t)
  const parts = partsOver(one)
  await openSession(parts, 'app-a', 's', {})
  await two.writeNow({ kind: 'delete-session', key: keyOf('s') })
  return { one, two, parts }
}

it('A session that another gateway has deleted takes no turn any more', {
  skip: skipWithout('postgres'),
}, async (t) => {
  const { parts } = await deletedElsewhere(t)
  await assert.rejects(requireSession(parts, 'app-a', 's'), { status: 404 })
  assert.equal(parts.state.size, 0)
})

it('A session that another gateway has deleted and opened again is that one, and takes its turns', {
  skip: skipWithout('postgres'),
}, async (t) => {
  const { one, two, parts } = await deletedElsewhere(t)
  const { session } = await openSession(partsOver(two), 'app-a', 's', {})
  const { createdAt } = await requireSession(parts, 'app-a', 's')
  assert.equal(createdAt, session.createdAt)
  await one.writeNow({ ...turn('s', 1), createdAt })
  assert.deepEqual(await two.history(keyOf('s'), 10), said(1))
})

it('A session that another gateway has ended is opened again also where it is in memory yet', {
  skip: skipWithout('postgres'),
}, async (t) => {
  const [one, two] = await overPostgres(t)
  const parts = partsOver(one)
  await openSession(parts, 'app-a', 's', {})
  await two.writeNow({ kind: 'end-session', key: keyOf('s'), idleSinceMs: Date.now() })
  assert.equal((await openSession(parts, 'app-a', 's', {})).created, false)
  assert.equal((await two.load(keyOf('s')))?.status, 'active')
})

it('An embedded database of one worker lets nobody wait for its row', async (t) => {
  const places = await embeddedPlaces()
  const store = storeAt(await places.fresh(), { writes })
  await store.open()
  t.after(async () => {
    await store.close()
    await places.stop()
  })
  await openSession(partsOver(store), 'app-a', 's', {})
  assert.equal(store.pendingWrites, 1)
})
