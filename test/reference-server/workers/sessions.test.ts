import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, it, type TestContext } from 'node:test'
import { createSessionTable, openSessionTable } from '../../../reference-server/shared-memory/session-table.ts'
import type { SessionState } from '../../../reference-server/state/port.ts'
import { SharedStates, type SharedStatesNeeds } from '../../../reference-server/state/shared.ts'
import { Peers } from '../../../reference-server/workers/peers.ts'

const count = 4

/** The states of sessions as four workers see them, all in this thread. */
const fourWorkers = (t: TestContext): SharedStates[] => workersOver(t, 16)

/** The same with room for so many sessions. Everything is stored at once unless `needs` says something else. */
const workersOver = (t: TestContext, capacity: number, needs: Partial<SharedStatesNeeds> = {}): SharedStates[] => {
  const memory = createSessionTable({ capacity, workers: count, map: 'lock-free', records: 'lock-free' })
  const channel = randomUUID()
  const all = Array.from({ length: count }, (_, index) => new Peers(index, count, channel))
  t.after(() => {
    for (const peers of all) peers.close()
  })
  return all.map((peers, index) => {
    const usual = { settled: async () => {}, isStored: async () => true, onLeft: () => {} }
    return new SharedStates(openSessionTable(memory, index), peers, { ...usual, ...needs })
  })
}

const session: SessionState = {
  ...{ key: 'app-a/s', id: 's', app: 'app-a', agent: null, device: null, createdAt: '2026-01-01T00:00:00.000Z' },
  ...{ turns: 0, lastActivityMs: 0, recent: [] },
}
const oneTurn = { createdAt: session.createdAt, content: 'question', answer: 'answer', atMs: 7 }

describe('Sessions that four workers share', () => {
  it('lose no turn where all of them complete several at once', async (t) => {
    const workers = fourWorkers(t)
    await workers[0]!.add(session)
    const turns = Array.from({ length: 40 }, (_, turn) => workers[turn % count]!.completeTurn(session.key, oneTurn))
    await Promise.all(turns)
    for (const worker of workers) assert.equal((await worker.get(session.key))?.turns, 40)
  })

  it('keep what a worker made of a session while an older state was on its way to it', async (t) => {
    const [first, second] = fourWorkers(t)
    await first!.add(session)
    await first!.completeTurn(session.key, oneTurn)
    // Both ask the first worker; what the second of them hears is older than what the first of them has made of it.
    await Promise.all([second!.completeTurn(session.key, oneTurn), second!.completeTurn(session.key, oneTurn)])
    assert.equal((await second!.get(session.key))?.turns, 3)
    assert.equal((await first!.get(session.key))?.turns, 3)
  })

  it('take no turn that began in one that was deleted, at whichever worker it ends', async (t) => {
    const workers = fourWorkers(t)
    await workers[0]!.add(session)
    for (const worker of workers) await worker.get(session.key)
    await workers[0]!.remove(session.key)
    const another = { ...session, createdAt: '2026-01-01T00:00:00.001Z' }
    await workers[1]!.add(another)
    for (const worker of workers) assert.equal(await worker.completeTurn(session.key, oneTurn), undefined)
    for (const worker of workers) assert.deepEqual(await worker.get(session.key), another)
  })

  it('stay removed while others complete turns of them, and nobody keeps a copy', async (t) => {
    const workers = fourWorkers(t)
    await workers[0]!.add(session)
    for (const worker of workers) await worker.completeTurn(session.key, oneTurn)
    const late = workers.slice(1).map((worker) => worker.completeTurn(session.key, oneTurn))
    assert.equal(await workers[0]!.remove(session.key), true)
    await Promise.all(late)
    for (const worker of workers) assert.equal(await worker.get(session.key), undefined)
    assert.deepEqual(
      workers.map(({ size }) => size),
      [0, 0, 0, 0],
    )
  })
})

describe('Four workers whose sessions have no room for another one', () => {
  const named = (id: string): SessionState => ({ ...session, key: `app-a/${id}`, id })
  const isThere = async (worker: SharedStates, id: string): Promise<boolean> =>
    (await worker.get(`app-a/${id}`)) !== undefined

  /** The clock moves on by a second with each look. */
  const withClock = (t: TestContext): void => {
    let nowMs = 1_790_000_000_000
    t.mock.method(Date, 'now', () => (nowMs += 1_000))
  }

  it('let those leave that were unused for longest, whichever of them has these, and no more than it takes', async (t) => {
    withClock(t)
    const told: string[] = []
    const workers = workersOver(t, 3, { onLeft: (key) => void told.push(key) })
    for (const [at, id] of ['a', 'b', 'c'].entries()) await workers[at]!.add(named(id))
    await workers[3]!.completeTurn('app-a/a', { ...oneTurn, atMs: Date.now() })
    assert.equal((await workers[2]!.add(named('d'))).added, true)
    const there = await Promise.all(['a', 'b', 'c', 'd'].map((id) => isThere(workers[0]!, id)))
    assert.deepEqual(there, [true, false, true, true])
    assert.deepEqual(
      told,
      Array.from(workers, () => 'app-a/b'),
    )
  })

  it('keep the sessions in which a turn runs, and refuse another one where that is all of them', async (t) => {
    withClock(t)
    const workers = workersOver(t, 2)
    await workers[0]!.add(named('a'))
    await workers[1]!.add(named('b'))
    const leave = workers[0]!.beginTurn('app-a/a')!
    assert.equal((await workers[2]!.add(named('c'))).added, true)
    assert.deepEqual([await isThere(workers[3]!, 'a'), await isThere(workers[3]!, 'b')], [true, false])
    await workers[2]!.get('app-a/a')
    const leaveToo = [workers[2]!.beginTurn('app-a/a')!, workers[2]!.beginTurn('app-a/c')!]
    leave()
    leave()
    for (const worker of workers) await assert.rejects(worker.add(named('d')), { name: 'Problem', status: 503 })
    for (const end of leaveToo) end()
    assert.equal((await workers[1]!.add(named('d'))).added, true)
  })

  it('keep a session that the database does not have, or of which a worker still writes', async (t) => {
    withClock(t)
    const isWriting = (key: string) => (key === 'app-a/b' ? Promise.reject(new Error('away')) : Promise.resolve())
    const workers = workersOver(t, 3, { isStored: async (key) => key !== 'app-a/a', settled: isWriting })
    await workers[3]!.add(named('a'))
    await workers[2]!.add(named('b'))
    for (const id of ['c', 'd', 'e']) assert.equal((await workers[1]!.add(named(id))).added, true)
    const there = await Promise.all(['c', 'd', 'e'].map((id) => isThere(workers[1]!, id)))
    assert.deepEqual(there, [false, false, true])
    assert.equal(await isThere(workers[3]!, 'a'), true)
    assert.equal(await isThere(workers[2]!, 'b'), true)
    const none = workersOver(t, 1, { isStored: async () => false })
    await none[0]!.add(named('a'))
    await assert.rejects(none[0]!.add(named('b')), { status: 503 })
  })

  it('begin no turn of a session that has left, and tell whoever has read it before it did', async (t) => {
    withClock(t)
    const workers = workersOver(t, 1)
    const since = workers[1]!.departures('app-a/a')
    await workers[0]!.add(named('a'))
    await workers[0]!.completeTurn('app-a/a', { ...oneTurn, atMs: Date.now() })
    await workers[2]!.add(named('b'))
    assert.equal(workers[0]!.beginTurn('app-a/a'), undefined)
    assert.equal(await workers[1]!.add(named('a'), since), undefined)
    const read = { ...named('a'), turns: 1 }
    assert.deepEqual(await workers[1]!.add(read, workers[1]!.departures('app-a/a')), { state: read, added: true })
    assert.equal(typeof workers[1]!.beginTurn('app-a/a'), 'function')
  })

  it('lose no turn while all of them take turns of many more sessions than there is room for', async (t) => {
    /** What is stored of each session: its number of turns. */
    const turnsOf = new Map<string, number>()
    const workers = workersOver(t, 12, { isStored: async (key) => turnsOf.has(key) })
    const ids = Array.from({ length: 24 }, (_, at) => `s-${at}`)
    for (const id of ids) turnsOf.set(`app-a/${id}`, 0)
    const later = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

    const lookUp = async (worker: SharedStates, id: string): Promise<void> => {
      const key = `app-a/${id}`
      for (;;) {
        if (await worker.get(key)) return
        const since = worker.departures(key)
        const read = { ...named(id), turns: turnsOf.get(key)! }
        await later()
        if (await worker.add(read, since)) return
      }
    }
    const takeTurn = async (worker: SharedStates, id: string): Promise<void> => {
      const key = `app-a/${id}`
      for (;;) {
        await lookUp(worker, id)
        const leave = worker.beginTurn(key)
        if (!leave) {
          await later()
          continue
        }
        await later()
        const done = await worker.completeTurn(key, { ...oneTurn, atMs: Date.now() })
        turnsOf.set(key, turnsOf.get(key)! + 1)
        assert.equal(done?.turns, turnsOf.get(key), `${key} as worker ${workers.indexOf(worker)} has it`)
        return leave()
      }
    }
    let isOver = false
    // Each has sessions of its own, or what these count would say nothing of what it was read from.
    const clients = Array.from({ length: 6 }, async (_, client) => {
      const own = ids.filter((_id, at) => at % 6 === client)
      for (let turn = 0; turn < 20; turn++) for (const id of own) await takeTurn(workers[(client + turn) % count]!, id)
    })
    // And others bring them into memory all the time, as they have read them a moment ago.
    const readers = workers.map(async (worker, at) => {
      for (let look = at; !isOver; look += 5) {
        await lookUp(worker, ids[look % ids.length]!)
        await later()
      }
    })
    await Promise.all(clients).finally(() => {
      isOver = true
    })
    await Promise.all(readers)
    assert.deepEqual(
      [...turnsOf.values()],
      ids.map(() => 20),
    )
  })
})
