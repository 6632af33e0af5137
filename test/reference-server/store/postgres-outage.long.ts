import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { skipWithout } from '../support/back-ends.ts'
import { postgresPlaces, storeAt } from './support/stores.ts'
import { keyOf, opening, turn } from './support/writes.ts'

const skip = skipWithout('postgres')

describe('A store whose PostgreSQL stops in the middle of a run', { skip, concurrency: 1 }, () => {
  let places: Awaited<ReturnType<typeof postgresPlaces>>
  before(async () => {
    places = await postgresPlaces()
  })
  after(() => places.stop())

  it('loses nothing, keeps the order, refuses reads at once, and goes on by itself when it is back', async (t) => {
    const lines: string[] = []
    t.mock.method(process.stderr, 'write', (line: string) => lines.push(line) > 0)
    const place = await places.fresh()
    const store = storeAt(place)
    await store.open()
    t.after(() => store.close())
    await store.write(opening('d'))
    const acknowledged: number[] = []
    const writing: Promise<void>[] = []
    const writeTurn = (number: number): void => {
      writing.push(store.write(turn('d', number)).then(() => void acknowledged.push(number)))
    }
    let number = 0
    let stopped = false
    const stream = (async () => {
      while (!stopped) {
        for (const end = number + 10; number < end; number += 1) writeTurn(number)
        await new Promise((resolve) => setTimeout(resolve, 2))
      }
    })()
    await writing[0]
    await places.server.goDown()
    stopped = true
    await stream
    writeTurn(number++)
    assert.ok(store.pendingWrites > 0)
    for (const read of [
      () => store.load(keyOf('d')),
      () => store.readForTurn(keyOf('d'), 'app-a'),
      () => store.check(),
      () => store.writeNow(opening('f')),
    ]) {
      await assert.rejects(read(), { name: 'Problem', status: 503, message: /^the database cannot be reached: / })
    }
    await places.server.comeBack()
    await Promise.all(writing)
    const everything = Array.from({ length: number }, (_, index) => index)
    const rows = (await places.sql(place, 'SELECT turn FROM turns ORDER BY id')) as { turn: string }[]
    const turns = rows.map((row) => Number(row.turn))
    assert.deepEqual(turns, everything)
    assert.deepEqual(acknowledged, everything)
    assert.equal((await store.load(keyOf('d')))?.state.turns, number)
    assert.deepEqual([store.pendingWrites, store.connectionsInUse], [0, 0])
    const told = lines.filter((line) => line.startsWith('changes wait for the database'))
    assert.equal(told.length, 2, told.join(''))
  })

  it('closes meanwhile, and fails what it could not store', async (t) => {
    t.mock.method(process.stderr, 'write', () => true)
    const store = storeAt(await places.fresh())
    await store.open()
    await places.server.goDown()
    const writes = [opening('e'), turn('e', 1)].map((write) => store.write(write))
    const failed = Promise.allSettled(writes)
    await store.close()
    assert.deepEqual(
      (await failed).map((each) => (each as PromiseRejectedResult).reason.status),
      [503, 503],
    )
    await places.server.comeBack()
  })
})
