import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { hearing } from '../support/bus-listener.ts'
import { redisForTests } from '../support/redis.ts'
import { openWorkers } from '../support/workers.ts'

const redis = redisForTests()

/** How many workers, and through what they talk. */
const kinds = [
  { kind: 'of a worker that is alone', count: 1, skip: false, redisUrl: () => undefined },
  { kind: 'of two workers', count: 2, skip: false, redisUrl: () => undefined },
  { kind: 'of two gateways with Redis', count: 2, skip: redis.skip, redisUrl: () => redis.server.url },
]

for (const { kind, count, skip, redisUrl } of kinds) {
  /** The buses of one that publishes and one that listens; one and the same where a worker is alone. */
  const open = async (t: TestContext) => {
    const workers = await openWorkers(t, count, redisUrl())
    return { here: workers[0]!.bus, there: workers.at(-1)!.bus }
  }

  describe(`The bus ${kind}`, { skip }, () => {
    it('brings messages to everyone who listens, the publisher too, in order', async (t) => {
      const { here, there } = await open(t)
      const [own, other] = [hearing(), hearing()]
      await here.subscribe('a', own.listener)
      await there.subscribe('a', other.listener)
      await there.subscribe('b', other.listener)
      for (const [channel, message] of ['a1', 'b2', 'c3', 'a4'].map((text) => [...text])) {
        await here.publish(channel!, message!)
      }
      await Promise.all([own.until('a=4'), other.until('a=4')])
      assert.deepEqual(own.heard, ['a=1', 'a=4'])
      assert.deepEqual(other.heard, ['a=1', 'b=2', 'a=4'])
    })

    it('brings to a prefix what begins with it, whatever its characters mean elsewhere', async (t) => {
      const { here, there } = await open(t)
      const { heard, listener, until } = hearing()
      await there.subscribePrefix('a*[?]\\:', listener)
      for (const channel of ['a*[?]\\:1', 'a*[?]\\', 'abx\\:2', 'x', 'a*[?]\\:']) await here.publish(channel, 'text')
      await until('a*[?]\\:=text')
      assert.deepEqual(heard, ['a*[?]\\:1=text', 'a*[?]\\:=text'])
    })

    it('tells a channel and a prefix that both fit, each once', async (t) => {
      const { here, there } = await open(t)
      const { heard, listener, until } = hearing()
      await there.subscribe('a:1', listener)
      await there.subscribePrefix('a:', listener)
      await there.subscribePrefix('a', listener)
      await here.publish('a:1', 'x')
      await here.publish('a:2', 'y')
      await until('a:2=y')
      await here.publish('a:1', 'end')
      await until('a:1=end')
      assert.equal(heard.filter((text) => text === 'a:1=x').length, 3)
      assert.equal(heard.filter((text) => text === 'a:2=y').length, 2)
    })

    it('tells nobody who has unsubscribed, goes on telling the others, and counts those who listen', async (t) => {
      const { here, there } = await open(t)
      const [leaving, staying] = [hearing(), hearing()]
      const before = there.listeners
      const subscriptions = [
        await there.subscribe('a', leaving.listener),
        await there.subscribePrefix('a', leaving.listener),
      ]
      await there.subscribe('a', staying.listener)
      assert.equal(there.listeners - before, 3)
      await here.publish('a', '1')
      await Promise.all([leaving.until('a=1'), staying.until('a=1')])
      for (const each of [...subscriptions, ...subscriptions]) await each.unsubscribe()
      assert.equal(there.listeners - before, 1)
      await here.publish('a', '2')
      await staying.until('a=2')
      assert.deepEqual(new Set(leaving.heard), new Set(['a=1']))
    })

    it('goes on when a listener throws, and says so', async (t) => {
      const { here, there } = await open(t)
      const log = t.mock.method(process.stderr, 'write', () => true)
      const { listener, until } = hearing()
      await there.subscribe('a', () => {
        throw new Error('broken listener')
      })
      await there.subscribe('a', listener)
      await here.publish('a', '1')
      await until('a=1')
      assert.deepEqual(
        log.mock.calls.map((call) => call.arguments[0]),
        ['a listener to a failed: broken listener\n'],
      )
    })

    it('calls no listener before publish has returned, so that a listener may publish', async (t) => {
      const { here } = await open(t)
      const order: string[] = []
      const { listener, until } = hearing()
      await here.subscribe('end', listener)
      await here.subscribe('a', (_channel, message) => {
        order.push(`heard ${message}`)
        here.publish('end', message)
        order.push('published')
      })
      const published = here.publish('a', '1')
      order.push('returned')
      await published
      await until('end=1')
      assert.deepEqual(order, ['returned', 'heard 1', 'published'])
    })

    it('refuses everything with a 503 once it is closed', async (t) => {
      const { here } = await open(t)
      await here.check()
      await here.close()
      const requests = [() => here.publish('a', '1'), () => here.check(), () => here.subscribe('a', () => {})]
      for (const request of requests) {
        await assert.rejects(request, { name: 'Problem', status: 503 })
      }
    })
  })
}
