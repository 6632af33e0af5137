import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CommitOutcome, FailureKind } from '../../../reference-server/store/database.ts'
import type { Write } from '../../../reference-server/store/port.ts'
import { WriteQueue } from '../../../reference-server/store/write-queue.ts'

const deletion = (key: string): Write => ({ kind: 'delete-session', key })
const keysOf = (writes: readonly Write[]): string => writes.map((write) => (write as { key: string }).key).join('')

const limits = { writes: 2, ageMs: 60_000, retries: 2, mostPending: 100, closeTimeoutMs: 20 }
/** Who waits for a database that stays away would wait for ever. */
const timeout = 10_000

/** A queue over a database that does what the test says, and what was committed, one text a transaction. */
const queueOver = (answer: (batch: string) => FailureKind | undefined, changed: Partial<typeof limits> = {}) => {
  const committed: string[] = []
  const commit = async (batches: Write[][]): Promise<CommitOutcome> => {
    let count = 0
    for (const batch of batches.map(keysOf)) {
      const kind = answer(batch)
      if (kind) return { committed: count, failure: { kind, message: `${kind} at ${batch}` } }
      committed.push(batch)
      count += 1
    }
    return { committed: count }
  }
  return { queue: new WriteQueue({ ...limits, ...changed }, commit), committed }
}

const outcomes = async (writes: Promise<void>[]): Promise<string[]> =>
  (await Promise.allSettled(writes)).map((each) => (each.status === 'fulfilled' ? 'stored' : each.reason.message))

const quiet = (t: { mock: { method(object: unknown, name: string, implementation: unknown): unknown } }): string[] => {
  const lines: string[] = []
  t.mock.method(process.stderr, 'write', (line: string) => lines.push(line) > 0)
  return lines
}

describe('The queue of changes', () => {
  it('commits batches when they are full, in order, and the rest when it closes', async () => {
    const { queue, committed } = queueOver(() => undefined)
    const done = ['a', 'b', 'c'].map((key) => queue.add(deletion(key)))
    assert.equal(queue.pending, 3)
    await queue.close()
    await Promise.all(done)
    assert.deepEqual(committed, ['ab', 'c'])
    assert.equal(queue.pending, 0)
  })

  it('commits batches that are old enough', async () => {
    const { queue } = queueOver(() => undefined, { ageMs: 1 })
    await queue.add(deletion('a'))
    assert.equal(queue.pending, 0)
  })

  it('tries a batch again that others are in the way of, and keeps the order', async () => {
    let failures = limits.retries
    const { queue, committed } = queueOver((batch) => (batch === 'ab' && failures-- > 0 ? 'busy' : undefined))
    const done = ['a', 'b', 'c', 'd'].map((key) => queue.add(deletion(key)))
    assert.deepEqual(await outcomes(done), ['stored', 'stored', 'stored', 'stored'])
    assert.deepEqual(committed, ['ab', 'cd'])
  })

  it('waits for a database that stays busy as for one that is away, says so once, and loses nothing', async (t) => {
    const lines = quiet(t)
    let attempts = 0
    const { queue, committed } = queueOver(() => (++attempts <= 3 + limits.retries ? 'busy' : undefined))
    await Promise.all(['a', 'b', 'c', 'd'].map((key) => queue.add(deletion(key))))
    assert.deepEqual(committed, ['ab', 'cd'])
    assert.deepEqual(lines, [
      'changes wait for the database: busy at ab\n',
      'changes wait for the database: it works again\n',
    ])
  })

  it('tries the changes of a refused batch one by one, so that only the bad one fails', async () => {
    const { queue, committed } = queueOver((batch) => (batch.includes('b') ? 'refused' : undefined), { writes: 3 })
    const done = ['a', 'b', 'c', 'd'].map((key) => queue.add(deletion(key)))
    await queue.close()
    assert.deepEqual(await outcomes(done), ['stored', 'refused at b', 'stored', 'stored'])
    assert.deepEqual(committed, ['a', 'c', 'd'])
    assert.equal(queue.pending, 0)
  })

  it('keeps changes for a database that is away, says so once, and commits them in order when it is back', async (t) => {
    const lines = quiet(t)
    let attempts = 0
    const { queue, committed } = queueOver(() => (++attempts <= 3 + limits.retries ? 'unreachable' : undefined))
    const done = ['a', 'b', 'c', 'd'].map((key) => queue.add(deletion(key)))
    await Promise.all(done)
    assert.deepEqual(committed, ['ab', 'cd'])
    assert.deepEqual(lines, [
      'changes wait for the database: unreachable at ab\n',
      'changes wait for the database: it works again\n',
    ])
  })

  it('is as patient with a busy database after an outage as before', async (t) => {
    quiet(t)
    const answers: FailureKind[] = ['busy', 'unreachable', 'unreachable', 'unreachable', 'busy', 'busy']
    const { queue, committed } = queueOver(() => answers.shift())
    await Promise.all(['a', 'b'].map((key) => queue.add(deletion(key))))
    assert.deepEqual(committed, ['ab'])
  })

  it('is overloaded when three quarters of its room are taken, and full when all of it is', async () => {
    const { queue } = queueOver(() => undefined, { writes: 50, mostPending: 4 })
    const done = ['a', 'b'].map((key) => queue.add(deletion(key)))
    assert.equal(queue.overloaded, false)
    done.push(...['c', 'd'].map((key) => queue.add(deletion(key))))
    assert.equal(queue.overloaded, true)
    assert.throws(() => queue.add(deletion('e')), { status: 503 })
    await queue.close()
    await Promise.all(done)
    assert.equal(queue.overloaded, false)
  })

  it('lets nobody wait for a change while the database is away', async (t) => {
    quiet(t)
    let away = true
    const { queue } = queueOver(() => (away ? 'unreachable' : undefined))
    const written = queue.add(deletion('a'))
    await assert.rejects(queue.settledOrAway(written), { status: 503, message: /cannot be reached/ })
    await assert.rejects(queue.settledOrAway(written), { status: 503 })
    away = false
    await written
    await queue.settledOrAway(queue.add(deletion('b')))
  })

  it('has those who cannot wait share the commit that comes after the one under way', async () => {
    const { queue, committed } = queueOver(() => undefined, { writes: 50 })
    const done = ['a', 'b', 'c', 'd'].map((key) => queue.settledOrAway(queue.add(deletion(key))))
    await Promise.all(done)
    assert.deepEqual(committed, ['a', 'bcd'])
  })

  it('closes although the database stays away, fails what it could not store, and says how much that was', async (t) => {
    const lines = quiet(t)
    const { queue } = queueOver((batch) => (batch === 'xy' ? undefined : 'unreachable'))
    const early = ['x', 'y'].map((key) => queue.add(deletion(key)))
    const done = ['a', 'b', 'c'].map((key) => queue.add(deletion(key)))
    const settled = Promise.allSettled(done)
    await queue.close()
    assert.deepEqual(
      (await settled).map((each) => (each as PromiseRejectedResult).reason.status),
      [503, 503, 503],
    )
    await Promise.all(early)
    assert.equal(queue.pending, 0)
    assert.equal(
      lines.at(-1),
      'shut down without the database: 3 changes are lost, 2 others were stored: unreachable at ab\n',
    )
  })

  it('lets nobody wait for ever once closing has begun, though nobody has closed it yet', { timeout }, async (t) => {
    const lines = quiet(t)
    const { queue } = queueOver(() => 'unreachable')
    const done = ['a', 'b'].map((key) => queue.add(deletion(key)))
    queue.startClosing()
    assert.deepEqual(await outcomes(done), Array(2).fill('changes were not stored: unreachable at ab'))
    await queue.close()
    assert.equal(lines.filter((line) => line.includes('2 changes are lost')).length, 1)
  })

  it('takes one that is still busy at the end of the last while for one that is away', { timeout }, async (t) => {
    quiet(t)
    const { queue } = queueOver(() => 'busy', { retries: Number.POSITIVE_INFINITY })
    const done = ['a', 'b'].map((key) => queue.add(deletion(key)))
    queue.startClosing()
    assert.deepEqual(await outcomes(done), Array(2).fill('changes were not stored: busy at ab'))
  })

  it('gives a database that commits its last while anew: one failure after a long backlog loses nothing', async (t) => {
    quiet(t)
    const closeTimeoutMs = 200
    const committed: string[] = []
    let commits = 0
    const commit = async ([first]: Write[][]): Promise<CommitOutcome> => {
      commits += 1
      if (commits === 1) await sleep(2 * closeTimeoutMs)
      if (commits === 2) return { committed: 0, failure: { kind: 'unreachable', message: 'reset' } }
      committed.push(keysOf(first!))
      return { committed: 1 }
    }
    const queue = new WriteQueue({ ...limits, closeTimeoutMs }, commit)
    const done = ['a', 'b', 'c', 'd'].map((key) => queue.add(deletion(key)))
    await queue.close()
    await Promise.all(done)
    assert.deepEqual(committed, ['ab', 'cd'])
  })
})
