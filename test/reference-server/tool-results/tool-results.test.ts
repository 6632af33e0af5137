import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { listenerPerCallToolResults } from '../../../reference-server/tool-results/listener-per-call.ts'
import { sharedListenerToolResults } from '../../../reference-server/tool-results/shared-listener.ts'
import { redisForTests } from '../support/redis.ts'
import { openWorkers } from '../support/workers.ts'

const behaviours = { 'shared-listener': sharedListenerToolResults, 'listener-per-call': listenerPerCallToolResults }
const redis = redisForTests()

const kinds = [
  { kind: 'one worker', count: 1, skip: false, redisUrl: () => undefined },
  { kind: 'three workers', count: 3, skip: false, redisUrl: () => undefined },
  { kind: 'three gateways with Redis', count: 3, skip: redis.skip, redisUrl: () => redis.server.url },
]
const config = { toolTimeoutMs: 60_000 }
const never = () => new AbortController().signal

for (const [behaviour, make] of Object.entries(behaviours)) {
  for (const { kind, count, skip, redisUrl } of kinds) {
    const open = async (t: TestContext) => {
      const workers = await openWorkers(t, count, redisUrl())
      const results = workers.map((worker) => make({ ...worker, config }))
      for (const each of results) await each.open()
      return { results, here: results[0]!, last: results.at(-1)!, bus: workers[0]!.bus }
    }
    const keys = async (): Promise<number> => (redisUrl() ? redis.client.dbsize() : 0)

    describe(`Tool results, ${behaviour}, of ${kind}`, { skip }, () => {
      it('come to the turn that waits, at whatever worker they arrive', async (t) => {
        const { results, here } = await open(t)
        for (const [index, arriving] of results.entries()) {
          const { result } = await here.expect(`call-${index}`, never())
          assert.equal(here.waiting, 1)
          assert.equal(await arriving.deliver({ callId: `call-${index}`, content: '' }), true)
          assert.deepEqual(await result, { callId: `call-${index}`, content: '' })
          assert.equal(here.waiting, 0)
        }
      })

      it('are refused where no turn waits, and where one came already', async (t) => {
        const { here, last } = await open(t)
        assert.equal(await last.deliver({ callId: 'unknown', content: 'x' }), false)
        const { result } = await here.expect('call', never())
        assert.equal(await last.deliver({ callId: 'call', content: 'first' }), true)
        assert.equal(await last.deliver({ callId: 'call', content: 'second' }), false)
        assert.equal((await result).content, 'first')
      })

      it('are taken once when several arrive at once', async (t) => {
        const { results, here } = await open(t)
        const { result } = await here.expect('call', never())
        const arriving = [...results, ...results]
        const taken = await Promise.all(
          arriving.map((each, index) => each.deliver({ callId: 'call', content: `${index}` })),
        )
        assert.equal(taken.filter((each) => each).length, 1)
        assert.equal((await result).content, `${taken.indexOf(true)}`)
      })

      it('leave nothing behind, whether they come or the turn is given up', async (t) => {
        const { here, last, bus } = await open(t)
        const [listeners, cancel] = [bus.listeners, new AbortController()]
        const waits = await Promise.all(['a', 'b', 'c'].map((callId) => here.expect(callId, cancel.signal)))
        assert.equal(here.waiting, 3)
        assert.equal(bus.listeners - listeners, behaviour === 'shared-listener' ? 0 : 3)
        assert.equal(await last.deliver({ callId: 'a', content: 'x' }), true)
        await waits[0]!.result
        cancel.abort(new Error('gone'))
        for (const { result } of waits.slice(1)) await assert.rejects(result, /gone/)
        await assert.rejects(here.expect('d', cancel.signal), /gone/)
        // Closing ends what is being cleaned up; of what was forgotten it would know nothing.
        await here.close()
        assert.deepEqual([here.waiting, bus.listeners, await keys()], [0, 0, 0])
      })

      it('are waited for no more when the gateway closes, which leaves nothing behind', async (t) => {
        const { here, bus } = await open(t)
        const { result } = await here.expect('call', never())
        await here.close()
        await assert.rejects(result, { name: 'Problem', status: 503 })
        assert.deepEqual([here.waiting, bus.listeners, await keys()], [0, 0, 0])
      })

      it('leave nothing behind when the turn is given up before the wait has begun', async (t) => {
        const { here, bus } = await open(t)
        const cancel = new AbortController()
        const wait = here.expect('call', cancel.signal)
        cancel.abort(new Error('gone'))
        await assert.rejects(wait, /gone/)
        await here.close()
        assert.deepEqual([here.waiting, bus.listeners, await keys()], [0, 0, 0])
      })

      it('are refused once the turn was given up', async (t) => {
        const { here, last } = await open(t)
        const cancel = new AbortController()
        const { result } = await here.expect('call', cancel.signal)
        cancel.abort(new Error('gone'))
        await assert.rejects(result, /gone/)
        while (await keys()) await new Promise(setImmediate)
        assert.equal(await last.deliver({ callId: 'call', content: 'late' }), false)
      })

      it('cannot be waited for twice at once', async (t) => {
        const { here } = await open(t)
        const { result } = await here.expect('call', never())
        await assert.rejects(here.expect('call', never()), { status: 502 })
        await here.deliver({ callId: 'call', content: 'x' })
        assert.equal((await result).content, 'x')
      })
    })
  }
}
