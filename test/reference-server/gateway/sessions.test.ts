import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, it, type TestContext } from 'node:test'
import type { AssembledParts } from '../../../reference-server/assembly.ts'
import { busy } from '../../../reference-server/gateway/problems.ts'
import {
  deleteSession,
  findSession,
  forgetIdle,
  forgetQuestion,
  letGo,
  openSession,
  recordTurn,
  runningQuestion,
  type SessionParts,
} from '../../../reference-server/gateway/sessions.ts'
import { lockFreeRegistry } from '../../../reference-server/registry/lock-free.ts'
import { snapshotKind } from '../../../reference-server/state/snapshot.ts'
import type { Write } from '../../../reference-server/store/port.ts'
import { Peers } from '../../../reference-server/workers/peers.ts'

const key = 'app-a/s'

/** One of two workers that both know a session, as far as forgetting it goes. */
const makeWorker = (peers: Peers) => {
  const worker = { peers, runs: false, forgotten: [] as string[] }
  const note = (what: string) => ({ forget: (forgotten: string) => void worker.forgotten.push(`${what} ${forgotten}`) })
  const parts = {
    state: { get: () => ({ key, lastActivityMs: 10 }), remove: () => worker.forgotten.push(`state ${key}`) > 0 },
    store: { settled: async () => {} },
    hydration: note('to-do list'),
    sessionLog: note('log'),
    interrupts: { isRunning: () => worker.runs },
  } as unknown as SessionParts & Pick<AssembledParts, 'interrupts'>
  peers.answer(forgetQuestion, (asked) => letGo(parts, asked as string))
  peers.answer(runningQuestion, () => worker.runs)
  return Object.assign(worker, { parts })
}

const twoWorkers = (t: TestContext) => {
  const channel = randomUUID()
  const [sweeping, other] = [new Peers(0, 2, channel), new Peers(1, 2, channel)]
  t.after(() => {
    for (const peers of [sweeping, other]) peers.close()
  })
  return { sweeping: makeWorker(sweeping), other: makeWorker(other) }
}

describe('A session that was idle for long', () => {
  it('is forgotten by the worker that looks for such sessions, and by the others too', async (t) => {
    const { sweeping, other } = twoWorkers(t)
    assert.equal(await forgetIdle(sweeping.parts, sweeping.peers, key, 11), true)
    assert.deepEqual(sweeping.forgotten, [`to-do list ${key}`, `log ${key}`, `state ${key}`])
    assert.deepEqual(other.forgotten, [`to-do list ${key}`, `log ${key}`])
  })

  it('stays with all of them while one runs a turn of it', async (t) => {
    const { sweeping, other } = twoWorkers(t)
    other.runs = true
    assert.equal(await forgetIdle(sweeping.parts, sweeping.peers, key, 11), false)
    assert.deepEqual([sweeping.forgotten, other.forgotten], [[], []])
  })

  it('stays where it was active since', async (t) => {
    const { sweeping, other } = twoWorkers(t)
    assert.equal(await forgetIdle(sweeping.parts, sweeping.peers, key, 10), false)
    assert.deepEqual([sweeping.forgotten, other.forgotten], [[], []])
  })
})

describe('A session that is deleted', () => {
  /** Of two workers, the one that is asked to; `settle` is how the other one commits what it still writes of the session. */
  const deleteAt = async (t: TestContext, settle: () => Promise<void>) => {
    const { sweeping: asked, other } = twoWorkers(t)
    const done: string[] = []
    const writeNow = async ({ kind }: Write): Promise<void> => void done.push(kind)
    Object.assign(asked.parts.store, { writeNow })
    Object.assign(other.parts.store, {
      settled: async () => {
        await settle()
        done.push('settled')
      },
    })
    const deleted = deleteSession(asked.parts, asked.peers, 'app-a', 's')
    return { asked, other, done, deleted }
  }

  it('is deleted behind what another worker still writes of it', async (t) => {
    const { asked, other, done, deleted } = await deleteAt(t, async () => {})
    await deleted
    assert.deepEqual(done.slice(0, 2), ['settled', 'delete-session'])
    for (const { forgotten } of [asked, other]) assert.ok(forgotten.includes(`to-do list ${key}`))
    assert.ok(asked.forgotten.includes(`state ${key}`))
  })

  it('is deleted all the same where that worker’s database is away, and leaves memory; who asked is told', async (t) => {
    const { asked, done, deleted } = await deleteAt(t, () => Promise.reject(busy('the database cannot be reached')))
    await assert.rejects(deleted, { status: 503, message: 'the database cannot be reached' })
    assert.deepEqual(done, ['delete-session'])
    assert.ok(asked.forgotten.includes(`state ${key}`))
  })
})

describe('A session that is opened where nobody waits for its row', () => {
  /** One worker with a database of its own that has nothing yet. */
  const partsOver = (write: () => Promise<void>): SessionParts => {
    const nothing = async (): Promise<undefined> => undefined
    const forget = (): void => {}
    return {
      state: snapshotKind.local(lockFreeRegistry.local),
      store: { isShared: false, overloaded: false, pendingWrites: 0, readForTurn: nothing, load: nothing, write },
      ...{ hydration: { forget }, sessionLog: { forget } },
    } as unknown as SessionParts
  }
  const settled = (): Promise<void> => new Promise(setImmediate)
  const logOf = (t: TestContext): string[] => {
    const lines: string[] = []
    t.mock.method(process.stderr, 'write', (line: string) => lines.push(line) > 0)
    return lines
  }

  it('leaves memory where that cannot be stored: the rows of its turns would belong to nothing', async (t) => {
    const lines = logOf(t)
    const parts = partsOver(() => Promise.reject(busy('no room')))
    assert.equal((await openSession(parts, 'app-a', 's', {})).created, true)
    await settled()
    assert.deepEqual([parts.state.size, lines], [0, ['session s was not stored: no room\n']])
  })

  it('leaves the one alone that was opened under its id since', async (t) => {
    logOf(t)
    const written = Promise.withResolvers<void>()
    const parts = partsOver(() => written.promise)
    const { session } = await openSession(parts, 'app-a', 's', {})
    await parts.state.remove(key)
    await parts.state.add({ ...session, createdAt: 'later' })
    written.reject(new Error('refused'))
    await settled()
    assert.equal((await parts.state.get(key))?.createdAt, 'later')
  })
})

describe('A turn that was answered', () => {
  const createdAt = '2026-01-01T00:00:00.000Z'
  const finished = { key, createdAt, turn: 7, content: 'question', answer: 'answer' }
  const partsOver = (completeTurn: () => Promise<object | undefined>) => {
    const written: unknown[] = []
    const noted: string[] = []
    const parts = {
      state: { completeTurn },
      store: { write: async (write: unknown) => void written.push(write) },
      hydration: { noteTurn: () => noted.push('to-do list') },
      sessionLog: { note: () => noted.push('log') },
    } as unknown as SessionParts
    return { parts, written, noted }
  }

  it('is stored and noted', async () => {
    const { parts, written, noted } = partsOver(async () => ({ turns: 8 }))
    await recordTurn(parts, finished)
    assert.deepEqual([written.length, noted], [1, ['to-do list', 'log']])
  })

  it('is stored also where its session is out of memory', async () => {
    const { parts, written, noted } = partsOver(async () => undefined)
    await recordTurn(parts, finished)
    assert.deepEqual([written.length, noted], [1, []])
  })

  it('is stored also where memory fails, which is told', async () => {
    const { parts, written } = partsOver(async () => {
      throw new Error('nobody answers')
    })
    await assert.rejects(recordTurn(parts, finished), /nobody answers/)
    assert.equal(written.length, 1)
  })
})

describe('A session in memory', () => {
  const opened = (createdAt: string) => ({ key, createdAt, turns: 0 })
  const [first, second] = [opened('2026-01-01T00:00:00.000Z'), opened('2026-01-01T00:00:00.001Z')]
  const partsOver = (row: { createdAt: string; turns: number }) => {
    const memory = new Map([[key, first]])
    const forget = (): void => {}
    return {
      state: {
        get: () => memory.get(key),
        add: (state: typeof first) => memory.set(key, state) && { state, added: true },
        departures: () => 0,
        remove: () => memory.delete(key),
      },
      store: {
        readForTurn: async () => ({ session: { status: 'active', ...row }, app: undefined }),
        load: async () => ({ status: 'active', state: second }),
      },
      hydration: { forget },
      sessionLog: { forget },
    } as unknown as SessionParts
  }

  it('is the one in the database as long as that says no other', async () => {
    assert.equal(await findSession(partsOver(first), 'app-a', key), first)
  })

  it('gives way to one that another gateway has opened under its id, though that has no more turns', async () => {
    assert.equal(await findSession(partsOver(second), 'app-a', key), second)
  })
})
