import assert from 'node:assert/strict'
import { it } from 'node:test'
import { inlineContextUpdate } from '../../../reference-server/context-update/inline.ts'

it('The reply comes after its update, and draining waits for the updates that run', async () => {
  const updates = inlineContextUpdate()
  const order: string[] = []
  const written = Promise.withResolvers<void>()
  const update = async (): Promise<void> => {
    await written.promise
    order.push('update')
  }
  const settled = updates.settle(update, () => order.push('reply'))
  const drained = updates.drain().then(() => order.push('drained'))
  assert.deepEqual([updates.pending, order], [1, []])
  written.resolve()
  await Promise.all([settled, drained])
  assert.equal(order[0], 'update')
  assert.deepEqual(order.toSorted(), ['drained', 'reply', 'update'])
  assert.equal(updates.pending, 0)
})

it('An update that fails is thrown and counted, and there is no reply', async () => {
  const updates = inlineContextUpdate()
  let replies = 0
  const failing = async (): Promise<void> => {
    throw new Error('disk full')
  }
  await assert.rejects(async () => updates.settle(failing, () => (replies += 1)), /disk full/)
  assert.deepEqual([replies, updates.failed, updates.pending], [0, 1, 0])
  await updates.drain()
})
