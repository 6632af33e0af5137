import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sharedListenerToolResults } from '../../../reference-server/tool-results/shared-listener.ts'
import { hearing } from '../support/bus-listener.ts'
import { openWorkers } from '../support/workers.ts'

const config = { toolTimeoutMs: 60_000 }

it('A result is refused with a 503, not with a no, while not every worker has said that it does not wait for it', async (t) => {
  const [here] = await openWorkers(t, 2)
  const results = sharedListenerToolResults({ ...here!, config })
  await results.open()
  t.mock.timers.enable({ apis: ['setTimeout'] })
  // The other worker listens to nothing yet.
  const delivered = results.deliver({ callId: 'call', content: 'x' })
  t.mock.timers.tick(60_000)
  await assert.rejects(delivered, { name: 'Problem', status: 503 })
})

it('A question that is answered too late claims nothing, so that the result can be sent again', async (t) => {
  const workers = await openWorkers(t, 2)
  const [here, there] = workers.map((worker) => sharedListenerToolResults({ ...worker, config }))
  for (const each of [here!, there!]) await each.open()
  const { result } = await here!.expect('call', new AbortController().signal)
  const { listener, until } = hearing()
  await workers[1]!.bus.subscribe('tool-call-claimed:1', listener)
  const question = { number: 99, asker: 1, callId: 'call', validUntilMs: Date.now() - 1 }
  await workers[1]!.bus.publish('tool-call-claim', JSON.stringify(question))
  await until('tool-call-claimed:1={"number":99,"claimed":false}')
  assert.equal(await there!.deliver({ callId: 'call', content: 'again' }), true)
  assert.equal((await result).content, 'again')
})
