import assert from 'node:assert/strict'
import { it } from 'node:test'
import { MessageChannel } from 'node:worker_threads'
import { type Database, DatabaseError } from '../../../reference-server/store/database.ts'
import { remoteDatabase, serveDatabase } from '../../../reference-server/store/remote.ts'
import { databaseAt, embeddedPlaces, storeAt } from './support/stores.ts'
import { keyOf, opening, said, turn } from './support/writes.ts'

/** Another end of a database, as a worker has it. */
const connectTo = (database: Database): Database => {
  const { port1, port2 } = new MessageChannel()
  serveDatabase(database, port1)
  return remoteDatabase(port2)
}

it('Workers share one embedded database: each finds what the others have stored', async (t) => {
  const places = await embeddedPlaces()
  const place = await places.fresh()
  const database = databaseAt(place)
  await database.open()
  t.after(async () => {
    await database.close()
    await places.stop()
  })
  const [first, second] = [storeAt(place, {}, connectTo(database)), storeAt(place, {}, connectTo(database))]
  await Promise.all([first.open(), second.open()])
  await Promise.all([opening('a'), turn('a', 1)].map((write) => first.write(write)))
  assert.equal((await second.load(keyOf('a')))?.state.turns, 1)
  const last = second.write(turn('a', 2))
  await second.close()
  await last
  assert.deepEqual(await first.history(keyOf('a'), 10), said(1, 2))
  await first.close()
})

it('A failure keeps its kind on the way to a worker', async () => {
  const failing: Database = {
    open: async () => {},
    commit: async () => ({ committed: 0, failure: { kind: 'busy', message: 'locked' } }),
    read: async () => {
      throw new DatabaseError('unreachable', 'no route')
    },
    isShared: false,
    connectionsInUse: 0,
    connectionsAwaited: 0,
    close: async () => {},
  }
  const remote = connectTo(failing)
  assert.deepEqual(await remote.commit([]), { committed: 0, failure: { kind: 'busy', message: 'locked' } })
  await assert.rejects(remote.read('organisation', 'a'), { name: 'DatabaseError', kind: 'unreachable' })
  await assert.rejects(storeAt('none', {}, remote).check(), {
    ...{ name: 'Problem', status: 503, message: 'the database cannot be reached: no route' },
  })
  await remote.close()
})
