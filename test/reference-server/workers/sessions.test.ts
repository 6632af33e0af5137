import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, it, type TestContext } from 'node:test'
import { createSessionTable, openSessionTable } from '../../../reference-server/shared-memory/session-table.ts'
import type { SessionState } from '../../../reference-server/state/port.ts'
import { SharedStates } from '../../../reference-server/state/shared.ts'
import { Peers } from '../../../reference-server/workers/peers.ts'

const count = 4

/** The states of one session as four workers see them, all in this thread. */
const fourWorkers = (t: TestContext): SharedStates[] => {
  const memory = createSessionTable({ capacity: 16, workers: count, map: 'lock-free', records: 'lock-free' })
  const channel = randomUUID()
  const all = Array.from({ length: count }, (_, index) => new Peers(index, count, channel))
  t.after(() => {
    for (const peers of all) peers.close()
  })
  return all.map((peers, index) => new SharedStates(openSessionTable(memory, index), peers, async () => {}))
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
