import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { it } from 'node:test'
import { Worker } from 'node:worker_threads'
import { inProcessBus } from '../../../reference-server/bus/in-process.ts'
import { hearing } from '../support/bus-listener.ts'

it('Worker threads of one process hear each other, and an open bus keeps none of them alive', async (t) => {
  const name = randomUUID()
  const bus = inProcessBus({ index: 0, count: 2 }, name)
  await bus.open()
  const worker = new Worker(new URL('./support/worker.ts', import.meta.url), { workerData: name })
  t.after(() => worker.terminate())
  await once(worker, 'message')
  const { listener, until } = hearing()
  await bus.subscribe('answer', listener)
  await bus.publish('question', 'ping')
  await until('answer=PING')
  worker.postMessage('end')
  assert.deepEqual(await once(worker, 'exit'), [0])
  await bus.close()
})
