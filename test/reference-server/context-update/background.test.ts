import assert from 'node:assert/strict'
import { it } from 'node:test'
import { backgroundContextUpdate } from '../../../reference-server/context-update/background.ts'

it('The reply comes first, then the updates in order, and draining waits for them all', async () => {
  const updates = backgroundContextUpdate()
  const order: string[] = []
  for (const name of ['a', 'b']) {
    updates.settle(
      async () => void order.push(`update ${name}`),
      () => order.push(`reply ${name}`),
    )
  }
  assert.deepEqual(order, ['reply a', 'reply b'])
  assert.equal(updates.pending, 2)
  await updates.drain()
  assert.deepEqual(order, ['reply a', 'reply b', 'update a', 'update b'])
  assert.equal(updates.pending, 0)
})

it('Updates that fail are counted, each cause is logged once, and the others run', async (t) => {
  const log = t.mock.method(process.stderr, 'write', () => true)
  const updates = backgroundContextUpdate()
  const cause = new Error('disk full')
  let ran = 0
  for (const failing of [true, true, false]) {
    updates.settle(
      async () => {
        if (failing) throw cause
        ran += 1
      },
      () => {},
    )
  }
  await updates.drain()
  const lines = log.mock.calls.map((call) => call.arguments[0])
  log.mock.restore()
  assert.deepEqual(lines, ['context update failed: disk full\n'])
  assert.deepEqual([updates.failed, ran, updates.pending], [2, 1, 0])
})
