import assert from 'node:assert/strict'
import { after, before, describe, it, type TestContext } from 'node:test'
import pg from 'pg'
import type { Store, Write } from '../../../reference-server/store/port.ts'
import { ConnectionPool } from '../../../reference-server/store/postgres/pool.ts'
import { skipWithout } from '../support/back-ends.ts'
import { postgresPlaces, storeAt } from './support/stores.ts'
import { keyOf, opening, turn, use } from './support/writes.ts'

/** What `pg` is asked, seen from the tests: its promises only, which is how the gateway asks. */
type Query = (this: pg.Client, config: unknown, values?: unknown) => Promise<pg.QueryResult>

const textOf = (config: unknown): string => (typeof config === 'string' ? config : (config as { text: string }).text)

/** Replaces the way in which every connection is asked; `instead` gets the real one. */
const interceptQueries = (
  t: TestContext,
  instead: (client: pg.Client, text: string, ask: () => Promise<pg.QueryResult>) => Promise<pg.QueryResult>,
): void => {
  const real = pg.Client.prototype.query as unknown as Query
  t.mock.method(pg.Client.prototype, 'query', function (this: pg.Client, config: unknown, values?: unknown) {
    return instead(this, textOf(config), () => real.call(this, config, values))
  })
}

const turnsOf = (rows: unknown[]): number[] => rows.map((row) => Number((row as { turn: string }).turn))

const skip = skipWithout('postgres')
let places: Awaited<ReturnType<typeof postgresPlaces>>
before(async () => {
  if (skip === false) places = await postgresPlaces()
})
after(() => places?.stop())

describe('A store over PostgreSQL', { skip, concurrency: 1 }, () => {
  const openStore = async (t: TestContext): Promise<{ store: Store; place: string }> => {
    const place = await places.fresh()
    const store = storeAt(place)
    await store.open()
    t.after(() => store.close())
    return { store, place }
  }

  it('is opened by any number of workers at once', async () => {
    const place = await places.fresh()
    const stores = Array.from({ length: 4 }, () => storeAt(place))
    await Promise.all(stores.map((store) => store.open()))
    const { length } = await places.sql(place, 'SELECT number FROM migrations')
    assert.deepEqual([length, await stores[3]?.organisationOf('app-a')], [2, 'org-app-a'])
    await Promise.all(stores.map((store) => store.close()))
    assert.deepEqual(await places.sql(place, 'SELECT * FROM writers'), [])
  })

  it('says which database it cannot open, and keeps the password to itself', async () => {
    const store = storeAt('postgres://gateway:secret@127.0.0.1:1/gateway')
    await assert.rejects(store.open(), (error: Error) => {
      assert.match(error.message, /^database 127\.0\.0\.1:1\/gateway \(DATABASE_URL\) cannot be opened: .*ECONNREFUSED/)
      return error.name === 'StartError' && !error.message.includes('secret')
    })
  })

  it('reads the two rows of a turn one after the other, on one connection, however many turns there are', async (t) => {
    const { store } = await openStore(t)
    await store.write(opening('a'))
    const asked = new Map<pg.Client, string[]>()
    const asking = new Set<pg.Client>()
    let overlaps = 0
    interceptQueries(t, async (client, text, ask) => {
      if (asking.has(client)) overlaps += 1
      asking.add(client)
      asked.set(client, [...(asked.get(client) ?? []), text.split(' ').at(-3) === 'key' ? 'session' : text])
      try {
        return await ask()
      } finally {
        asking.delete(client)
      }
    })
    const writing = Promise.all(Array.from({ length: 100 }, (_, number) => store.write(turn('a', number))))
    await Promise.all(Array.from({ length: 40 }, () => store.readForTurn(keyOf('a'), 'app-a')))
    await writing
    assert.equal(overlaps, 0)
    const reads = [...asked.values()].map((texts) => texts.filter((text) => /session$|FROM apps/.test(text)))
    const pairs = reads.flatMap((texts) => texts.map((text, index) => [index % 2, text === 'session'] as const))
    assert.equal(pairs.length, 80)
    for (const [place, isSession] of pairs) assert.equal(isSession, place === 0)
    assert.ok(asked.size > 1, 'the turns shared one connection, which shows nothing')
  })

  it('does not commit a batch twice whose connection broke after the commit', async (t) => {
    t.mock.method(process.stderr, 'write', () => true)
    const { store, place } = await openStore(t)
    let breaks = 1
    interceptQueries(t, async (_client, text, ask) => {
      const result = await ask()
      if (text.includes('apply_writes') && breaks-- > 0) throw new Error('Connection terminated unexpectedly')
      return result
    })
    await Promise.all([opening('b'), turn('b', 1), use('b', 1)].map((write) => store.write(write)))
    await store.write(turn('b', 2))
    assert.equal((await store.load(keyOf('b')))?.state.turns, 2)
    assert.deepEqual(turnsOf(await places.sql(place, 'SELECT turn FROM turns ORDER BY id')), [1, 2])
    assert.equal((await places.sql(place, 'SELECT id FROM usage')).length, 1)
  })

  it('takes turns of gateways that do not say yet which session they mean, and times finer than theirs', async (t) => {
    const { store, place } = await openStore(t)
    await store.write(opening('old'))
    await places.sql(place, "UPDATE sessions SET created_at = created_at + interval '123 microseconds'")
    const { createdAt, ...unsaid } = turn('old', 1)
    await store.write(unsaid as Write)
    await store.write({ ...unsaid, turn: 2, createdAt })
    assert.deepEqual(turnsOf(await places.sql(place, 'SELECT turn FROM turns ORDER BY id')), [1, 2])
  })

  it('is tried again where two batches were in each other’s way', async (t) => {
    const { store } = await openStore(t)
    let deadlocks = 2
    interceptQueries(t, (_client, text, ask) => {
      if (!text.includes('apply_writes') || deadlocks-- <= 0) return ask()
      const deadlock = new pg.DatabaseError('deadlock detected', 1, 'error')
      deadlock.code = '40P01'
      throw deadlock
    })
    await store.write(opening('c'))
    assert.equal((await store.load(keyOf('c')))?.status, 'active')
  })
})

describe('A PostgreSQL that fails for a reason of its own', { skip, concurrency: 1 }, () => {
  const failWith = (code: string): never => {
    throw Object.assign(new pg.DatabaseError(`failed with ${code}`, 1, 'error'), { code })
  }
  /** More often than a batch is tried again while others are in its way. */
  const failures = 6

  for (const code of ['57014', '58030', 'XX000', '42501']) {
    it(`keeps what was acknowledged until it is well again, and those who read hear of a 503: ${code}`, async (t) => {
      t.mock.method(process.stderr, 'write', () => true)
      const store = storeAt(await places.fresh())
      await store.open()
      t.after(() => store.close())
      await store.write(opening('kept'))
      let failing = failures
      interceptQueries(t, async (_client, text, ask) => {
        if (text.includes('apply_writes') && failing-- > 0) failWith(code)
        return text.includes('FROM agents') ? failWith(code) : ask()
      })
      await assert.rejects(store.agent('guide'), { name: 'Problem', status: 503 })
      await Promise.all([turn('kept', 1), use('kept', 1)].map((write) => store.write(write)))
      assert.ok(failing < 0, 'nothing failed')
      assert.equal((await store.load(keyOf('kept')))?.state.turns, 1)
    })
  }
})

describe('The pool of connections', { skip, concurrency: 1 }, () => {
  let pool: ConnectionPool
  before(() => {
    pool = new ConnectionPool(new URL(places.server.url), { size: 2, overflow: 1 })
  })
  after(() => pool.close())

  /** Takes so many connections at once and holds them until all are told to go. */
  const hold = (count: number) => {
    const gate = Promise.withResolvers<void>()
    const started: Promise<void>[] = []
    const ended = Array.from({ length: count }, () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      started.push(promise)
      return pool.use(async () => {
        resolve()
        await gate.promise
      })
    })
    const release = async (): Promise<void> => {
      gate.resolve()
      await Promise.all(ended)
    }
    return { started, release }
  }

  it('lends as many as its size and its overflow, the next one waits, and those above its size are closed', async () => {
    const { started, release } = hold(3)
    await Promise.all(started)
    let fourth = 'waits'
    const last = pool.use(async () => void (fourth = 'runs'))
    assert.deepEqual([pool.inUse, pool.idle, fourth], [3, 0, 'waits'])
    await release()
    await last
    assert.deepEqual([pool.inUse, pool.idle, fourth], [0, 2, 'runs'])
  })

  it('notices before use that a connection has died, and lends another', async () => {
    const others = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'gateway'`
    assert.equal((await places.sql(places.server.url, others)).length, 2)
    const { rows } = await pool.use((client) => client.query('SELECT 7 AS seven'))
    assert.deepEqual(rows, [{ seven: 7 }])
  })

  it('asks one connection of a server that hangs, not each of them after the other', async (t) => {
    const { started, release } = hold(2)
    await Promise.all(started)
    await release()
    assert.equal(pool.idle, 2)
    let checks = 0
    interceptQueries(t, async (_client, text, ask) => {
      if (text !== 'SELECT 1') return ask()
      checks += 1
      throw new Error('Query read timeout')
    })
    const { rows } = await pool.use((client) => client.query('SELECT 8 AS eight'))
    assert.deepEqual([rows, checks, pool.idle], [[{ eight: 8 }], 1, 1])
  })

  it('closes a connection that broke in use, and keeps one whose query only failed', async () => {
    const broken = pool.use((client) => client.query('SELECT pg_terminate_backend(pg_backend_pid())'))
    await assert.rejects(broken, { name: 'DatabaseError', kind: 'unreachable' })
    const before = pool.idle
    const failed = pool.use((client) => client.query('SELECT 1 / 0'))
    await assert.rejects(failed, { name: 'DatabaseError', kind: 'refused', message: 'division by zero' })
    assert.equal(pool.idle, Math.max(before, 1))
  })
})
