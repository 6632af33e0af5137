import assert from 'node:assert/strict'
import { beforeEach, describe, it, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { listenerPerCallToolResults } from '../../../reference-server/tool-results/listener-per-call.ts'
import { sharedListenerToolResults } from '../../../reference-server/tool-results/shared-listener.ts'
import { redisForTests } from '../support/redis.ts'
import { openWorkers } from '../support/workers.ts'

const redis = redisForTests()
const behaviours = { 'shared-listener': sharedListenerToolResults, 'listener-per-call': listenerPerCallToolResults }
const unreachable = { name: 'Problem', status: 503 }
const key = 'gateway:tool-call:call'

for (const [behaviour, make] of Object.entries(behaviours)) {
  describe(`Tool results through Redis, ${behaviour}`, { skip: redis.skip }, () => {
    beforeEach(() => (redis.skip ? undefined : redis.client.flushall()))

    const open = async (t: TestContext) => {
      t.mock.method(process.stderr, 'write', () => true)
      const workers = await openWorkers(t, 2, redis.server.url)
      const results = workers.map((worker) => make({ ...worker, config: { toolTimeoutMs: 1_000 } }))
      for (const each of results) await each.open()
      const recovered = workers.map(
        ({ bus }) =>
          () =>
            new Promise<void>((resolve) => bus.onRecovered(resolve)),
      )
      return { here: results[0]!, there: results[1]!, bus: workers[0]!.bus, recovered }
    }

    it('need as many subscriptions as there are gateways, or as there are calls', async (t) => {
      const { here } = await open(t)
      const cancel = new AbortController()
      await Promise.all([1, 2, 3].map((number) => here.expect(`call-${number}`, cancel.signal)))
      const subscriptions = [await redis.client.pubsub('CHANNELS'), await redis.client.pubsub('NUMPAT')]
      const channels = ['call-1', 'call-2', 'call-3'].map((callId) => `tool-result:${callId}`)
      const [found, patterns] = subscriptions as [string[], number]
      assert.deepEqual([found.sort(), patterns], behaviour === 'shared-listener' ? [[], 1] : [channels, 0])
      cancel.abort(new Error('gone'))
      await here.close()
      assert.deepEqual(await redis.client.pubsub('CHANNELS'), [])
      assert.equal(await redis.client.dbsize(), 0)
    })

    it('are forgotten by Redis itself when a gateway dies while it waits', async (t) => {
      const { here } = await open(t)
      await here.expect('call', new AbortController().signal)
      const leftMs = await redis.client.pttl(key)
      assert.ok(leftMs > 1_000 && leftMs <= 61_000, `${leftMs}`)
    })

    it('are refused with a 503 while Redis is down, and come after it was started again, empty', async (t) => {
      const { here, there, bus, recovered } = await open(t)
      const { result } = await here.expect('call', new AbortController().signal)
      const cancel = new AbortController()
      const givenUp = await here.expect('given-up', cancel.signal)
      const listeners = bus.listeners
      await redis.server.goDown()
      await assert.rejects(there.deliver({ callId: 'call', content: 'too early' }), unreachable)
      await assert.rejects(here.expect('new', cancel.signal), unreachable)
      assert.deepEqual([here.waiting, bus.listeners], [2, listeners])
      cancel.abort(new Error('gone'))
      await assert.rejects(givenUp.result, /gone/)
      const back = recovered.map((each) => each())
      await redis.server.comeBack()
      await Promise.all(back)
      while (!(await redis.client.exists(key))) await sleep(5)
      assert.equal(await redis.client.dbsize(), 1)
      assert.equal(await there.deliver({ callId: 'call', content: 'in time' }), true)
      assert.equal((await result).content, 'in time')
      await here.close()
      assert.equal(await redis.client.dbsize(), 0)
    })

    it('are refused with a 503 while Redis only reads, and taken when it writes again', async (t) => {
      const { here, there, recovered } = await open(t)
      const { result } = await here.expect('call', new AbortController().signal)
      t.after(() => redis.client.call('REPLICAOF', 'NO', 'ONE'))
      await redis.client.call('REPLICAOF', '127.0.0.1', '1')
      await assert.rejects(there.deliver({ callId: 'call', content: 'too early' }), unreachable)
      const back = recovered[1]!()
      await redis.client.call('REPLICAOF', 'NO', 'ONE')
      await back
      assert.equal(await there.deliver({ callId: 'call', content: 'in time' }), true)
      assert.equal((await result).content, 'in time')
      await here.close()
    })

    it('that were taken while the listening connection was lost are found afterwards', async (t) => {
      const { here, there } = await open(t)
      const { result } = await here.expect('call', new AbortController().signal)
      // What a delivery leaves behind, without the message that nobody hears.
      await redis.client.set(key, 'rfound', 'PX', 10_000)
      assert.equal(await there.deliver({ callId: 'call', content: 'second' }), false)
      await redis.client.client('KILL', 'TYPE', 'PUBSUB')
      assert.equal((await result).content, 'found')
    })
  })
}
