import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { oneShotDelivery } from '../../../reference-server/delivery/one-shot.ts'
import { pollingDelivery } from '../../../reference-server/delivery/polling.ts'
import type { TurnListener } from '../../../reference-server/delivery/port.ts'

const answer = { content: 'a b', tokens: 2 }
const never = () => new AbortController().signal
/** Writes down what it is told, behind a name of its own. */
const listenerTo = (seen: string[], name = ''): TurnListener => ({
  onToken: (text) => seen.push(name + text) > 0,
  whenReady: (resume) => resume(),
  onToolCall: ({ name: tool }) => seen.push(`call of ${tool}`),
})
const fastPolling = () => pollingDelivery({ intervalMs: 2, keptMs: 10 })

for (const [kind, make] of Object.entries({ 'one-shot': oneShotDelivery, polling: fastPolling })) {
  describe(`Delivery, ${kind}`, () => {
    it('hands over tokens in order, then the answer, and removes the channel', async (t) => {
      const delivery = make()
      t.after(() => delivery.close())
      const seen: string[] = []
      const outcome = delivery.receive(1, never(), listenerTo(seen))
      assert.equal(delivery.openChannels, 1)
      delivery.token(1, 'a')
      delivery.toolCall(1, { id: 'c', name: 'look', arguments: '{}' })
      delivery.token(1, ' b')
      delivery.complete(1, answer)
      assert.deepEqual(await outcome, answer)
      assert.deepEqual(seen, ['a', 'call of look', ' b'])
      assert.equal(delivery.openChannels, 0)
    })

    it('hands over an error and removes the channel', async (t) => {
      const delivery = make()
      t.after(() => delivery.close())
      const outcome = delivery.receive(1, never())
      delivery.fail(1, new Error('upstream failed'))
      await assert.rejects(outcome, /upstream failed/)
      assert.equal(delivery.openChannels, 0)
    })

    it('removes the channel at once when the client leaves or the time is up, and drops what comes later', async (t) => {
      const delivery = make()
      t.after(() => delivery.close())
      const cancel = new AbortController()
      const seen: string[] = []
      const outcome = delivery.receive(1, cancel.signal, listenerTo(seen))
      cancel.abort(new Error('gone'))
      assert.equal(delivery.openChannels, 0)
      await assert.rejects(outcome, /gone/)
      delivery.token(1, 'late')
      delivery.complete(1, answer)
      await sleep(10)
      assert.deepEqual(seen, [])
      await assert.rejects(delivery.receive(2, cancel.signal), /gone/)
      assert.equal(delivery.openChannels, 0)
    })

    it('keeps turns apart', async (t) => {
      const delivery = make()
      t.after(() => delivery.close())
      const outcomes = [1, 2].map((id) => delivery.receive(id, never()))
      delivery.complete(2, { content: 'second', tokens: 1 })
      delivery.complete(1, { content: 'first', tokens: 1 })
      assert.deepEqual(
        (await Promise.all(outcomes)).map(({ content }) => content),
        ['first', 'second'],
      )
    })
  })
}

it('A one-shot channel says when its client does not keep up, and when it does again; who is gone holds nobody up', async () => {
  const delivery = oneShotDelivery()
  const cancel = new AbortController()
  let resume = (): void => {}
  const slow = { onToken: () => false, whenReady: (call: () => void) => (resume = call), onToolCall: () => {} }
  const outcome = delivery.receive(1, cancel.signal, slow)
  assert.equal(delivery.token(1, 'a'), false)
  let isReady = false
  delivery.whenReady(1, () => (isReady = true))
  assert.equal(isReady, false)
  resume()
  assert.equal(isReady, true)
  cancel.abort(new Error('gone'))
  await assert.rejects(outcome, /gone/)
  assert.equal(delivery.token(1, 'late'), true)
  delivery.whenReady(1, () => (isReady = false))
  assert.equal(isReady, false)
})

it('A one-shot channel passes each token on at once; polling keeps it until it is looked for', async () => {
  const seen: string[] = []
  const cancel = new AbortController()
  const outcomes = Object.entries({ oneShot: oneShotDelivery(), polling: pollingDelivery() }).map(
    ([name, delivery]) => {
      const outcome = delivery.receive(1, cancel.signal, listenerTo(seen, name))
      delivery.token(1, '')
      delivery.close()
      return outcome
    },
  )
  assert.deepEqual(seen, ['oneShot'])
  cancel.abort(new Error('gone'))
  for (const outcome of outcomes) await assert.rejects(outcome, /gone/)
})
