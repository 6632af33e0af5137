import assert from 'node:assert/strict'
import { once } from 'node:events'
import { it, type TestContext } from 'node:test'
import { Worker } from 'node:worker_threads'
import { admissionAcrossWorkers } from '../../../reference-server/admission/across-workers.ts'
import { permitsMemory, SharedPermits } from '../../../reference-server/admission/shared-permits.ts'

const never = () => new AbortController().signal

/** The admissions of a gateway's workers, all in this thread, which a gateway's server would keep alive. */
const workersOf = (t: TestContext, count: number, limits: { permits: number; waitingTurns: number }) => {
  const alive = setInterval(() => {}, 60_000)
  t.after(() => clearInterval(alive))
  const memory = permitsMemory(count)
  const workers = Array.from({ length: count }, (_, index) => admissionAcrossWorkers(limits, memory, index))
  return { counts: () => new SharedPermits(memory, 0).counts, workers }
}

it('The bounds are the gateway’s: what one worker has given out, another one has not', (t) => {
  const { workers } = workersOf(t, 2, { permits: 2, waitingTurns: 1 })
  const [a, b] = [workers[0]!, workers[1]!]
  assert.deepEqual([a.admit(never()), b.admit(never())], [undefined, undefined])
  assert.ok(a.admit(never()) instanceof Promise)
  assert.throws(() => b.admit(never()), { status: 503, retryAfterS: 1, message: /^2 turns are in flight and 1 wait/ })
  assert.deepEqual([a.inUse, a.waiting, b.inUse, b.waiting], [1, 1, 1, 0])
})

it('Turns that wait are admitted in the order of their coming, at whichever worker they wait', async (t) => {
  const { workers, counts } = workersOf(t, 3, { permits: 1, waitingTurns: 10 })
  workers[0]!.admit(never())
  const order: number[] = []
  const comers = [2, 1, 1, 0, 2]
  const done = comers.map(async (worker, number) => {
    await workers[worker]!.admit(never())
    order.push(number)
    workers[worker]!.release()
  })
  assert.equal(counts().waiting, comers.length)
  workers[0]!.release()
  await Promise.all(done)
  assert.deepEqual(order, [0, 1, 2, 3, 4])
  assert.deepEqual(counts(), { inUse: 0, waiting: 0 })
})

it('A permit on its way to a turn whose client has just left goes to the next, at another worker', async (t) => {
  const { workers, counts } = workersOf(t, 3, { permits: 1, waitingTurns: 2 })
  workers[0]!.admit(never())
  const cancel = new AbortController()
  const leaving = workers[1]!.admit(cancel.signal)
  const next = workers[2]!.admit(never())
  workers[0]!.release()
  cancel.abort(new Error('gone'))
  await assert.rejects(async () => leaving, /gone/)
  await next
  assert.deepEqual([workers[1]!.waiting, workers[2]!.inUse, counts().inUse], [0, 1, 1])
  workers[2]!.release()
  assert.deepEqual(counts(), { inUse: 0, waiting: 0 })
})

it('A worker that closes refuses those that wait there, and the others get their permits', async (t) => {
  const { workers, counts } = workersOf(t, 2, { permits: 1, waitingTurns: 2 })
  workers[0]!.admit(never())
  const refused = workers[1]!.admit(never())
  const waiting = workers[0]!.admit(never())
  workers[1]!.close()
  await assert.rejects(async () => refused, { status: 503 })
  assert.throws(() => workers[1]!.admit(never()), { status: 503 })
  workers[0]!.release()
  await waiting
  workers[0]!.release()
  assert.deepEqual(counts(), { inUse: 0, waiting: 0 })
})

it('Four threads never have more turns in flight than there are permits, and each turn gets its own', async () => {
  const limits = { permits: 3, waitingTurns: 10_000 }
  const given = { limits, memory: permitsMemory(4), turns: 500, counts: new SharedArrayBuffer(4) }
  const file = new URL('./support/admitting-thread.ts', import.meta.url)
  const told = await Promise.all(
    [0, 1, 2, 3].map(async (worker) => {
      const [outcome] = await once(new Worker(file, { workerData: { ...given, worker } }), 'message')
      return outcome
    }),
  )
  for (const { most, inUse, waiting } of told) {
    assert.ok(most <= limits.permits)
    assert.deepEqual([inUse, waiting], [0, 0])
  }
  assert.deepEqual(new SharedPermits(given.memory, 0).counts, { inUse: 0, waiting: 0 })
})
