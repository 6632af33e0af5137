import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { beforeEach, describe, it, type TestContext } from 'node:test'
import { redisBus } from '../../../reference-server/bus/redis.ts'
import { RedisConnection } from '../../../reference-server/bus/redis-connection.ts'
import { hearing } from '../support/bus-listener.ts'
import { redisForTests } from '../support/redis.ts'
import { openWorkers } from '../support/workers.ts'

const redis = redisForTests()
const unreachable = { name: 'Problem', status: 503, retryAfterS: 1, message: /Redis cannot be reached/ }

const open = async (t: TestContext, url = redis.server.url) => {
  const [worker] = await openWorkers(t, 1, url)
  const { bus } = worker!
  const recovered = () => new Promise<void>((resolve) => bus.onRecovered(resolve))
  return { bus, recovered }
}

/** What is written to stderr from now on. */
const logOf = (t: TestContext) => {
  const { mock } = t.mock.method(process.stderr, 'write', () => true)
  return () => mock.calls.map((call) => String(call.arguments[0]))
}

const listenedTo = async () => ({
  channels: await redis.client.pubsub('CHANNELS'),
  patterns: await redis.client.pubsub('NUMPAT'),
})

/** Stands between a gateway and Redis and can stop to pass anything on, while connections stay open. */
const hangingProxy = async (t: TestContext) => {
  const sockets: Socket[] = []
  let hanging = false
  const server = createServer((near) => {
    const far = connect(redis.server.port, '127.0.0.1')
    for (const socket of [near, far]) sockets.push(socket.on('error', () => {}))
    near.on('data', (bytes) => hanging || far.write(bytes)).on('close', () => far.destroy())
    far.on('data', (bytes) => near.write(bytes)).on('close', () => near.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  const { port } = server.address() as AddressInfo
  return { url: `redis://127.0.0.1:${port}`, hang: (yes: boolean) => (hanging = yes) }
}

it('A bus whose Redis cannot be reached does not open, and names the address without the password', async () => {
  const bus = redisBus(new RedisConnection(new URL('redis://user:secret@127.0.0.1:1')))
  await assert.rejects(bus.open(), (error: Error) => {
    assert.equal(error.name, 'StartError')
    assert.match(error.message, /Redis at redis:\/\/127\.0\.0\.1:1 cannot be used: .*ECONNREFUSED/)
    return true
  })
})

describe('The bus through Redis', { skip: redis.skip }, () => {
  beforeEach(() => (redis.skip ? undefined : redis.client.flushall()))

  it('has one subscription a prefix and a channel, however many listeners, and none when the last has gone', async (t) => {
    const { bus } = await open(t)
    const { listener } = hearing()
    const listening = [1, 2, 3].flatMap(() => [bus.subscribePrefix('a:', listener), bus.subscribe('b', listener)])
    const subscriptions = await Promise.all(listening)
    assert.equal(bus.listeners, 6)
    assert.deepEqual(await listenedTo(), { channels: ['b'], patterns: 1 })
    for (const each of subscriptions.slice(2)) await each.unsubscribe()
    assert.deepEqual(await listenedTo(), { channels: ['b'], patterns: 1 })
    for (const each of subscriptions) await each.unsubscribe()
    assert.deepEqual([bus.listeners, await listenedTo()], [0, { channels: [], patterns: 0 }])
  })

  it('keeps a subscription that is made while the last one is being given up', async (t) => {
    const { bus } = await open(t)
    const first = await bus.subscribe('a', () => {})
    const { listener, until } = hearing()
    await Promise.all([first.unsubscribe(), bus.subscribe('a', listener)])
    await bus.publish('a', '1')
    await until('a=1')
  })

  it('fails at once while Redis is down, recovers by itself, and tells of each outage once', async (t) => {
    const log = logOf(t)
    const { bus, recovered } = await open(t)
    const { heard, listener, until } = hearing()
    await bus.subscribePrefix('kept:', listener)
    await bus.subscribe('kept', listener)
    const left = await bus.subscribe('left', listener)
    for (let outage = 1; outage <= 2; outage += 1) {
      await redis.server.goDown()
      for (let attempt = 0; attempt < 20; attempt += 1) await assert.rejects(bus.publish('kept', 'lost'), unreachable)
      // Nothing has to happen first: no attempt to connect, no timer.
      const pending = Promise.race([
        bus.publish('kept', 'lost'),
        new Promise((resolve) => setImmediate(resolve, 'waits')),
      ])
      await assert.rejects(pending, unreachable)
      await assert.rejects(bus.check(), unreachable)
      await assert.rejects(bus.subscribe('new', listener), unreachable)
      await left.unsubscribe()
      assert.equal(bus.listeners, 2)
      const back = recovered()
      await redis.server.comeBack()
      await back
      await bus.check()
      assert.deepEqual(await listenedTo(), { channels: ['kept'], patterns: 1 })
      await bus.publish('kept:prefix', `${outage}`)
      await bus.publish('kept', `${outage}`)
      await until(`kept=${outage}`)
      assert.deepEqual(heard.splice(0), [`kept:prefix=${outage}`, `kept=${outage}`])
      assert.equal(log().length, 2 * outage, log().join(''))
    }
    assert.match(log()[0]!, /^Redis at redis:\/\/127\.0\.0\.1:\d+ cannot be reached: /)
    assert.match(log()[1]!, /^Redis at redis:\/\/127\.0\.0\.1:\d+ can be reached again\n$/)
  })

  it('subscribes again when only the connection that listens was lost', async (t) => {
    logOf(t)
    const { bus, recovered } = await open(t)
    const { listener, until } = hearing()
    await bus.subscribe('a', listener)
    const back = recovered()
    await redis.client.client('KILL', 'TYPE', 'PUBSUB')
    await back
    await bus.publish('a', '1')
    await until('a=1')
  })

  it('does not wait for a Redis that answers no more, and comes back when it does', async (t) => {
    const log = logOf(t)
    const proxy = await hangingProxy(t)
    const { bus, recovered } = await open(t, proxy.url)
    proxy.hang(true)
    await assert.rejects(bus.publish('a', '1'), unreachable)
    await assert.rejects(bus.publish('a', '2'), unreachable)
    const back = recovered()
    proxy.hang(false)
    await back
    await bus.publish('a', '3')
    assert.match(log()[0]!, /cannot be reached: Command timed out/)
    assert.equal(log().length, 2)
  })

  const openWithRedis = async (t: TestContext) => {
    const [worker] = await openWorkers(t, 1, redis.server.url)
    const { bus, redis: connection } = worker!
    const write = () => connection!.ask((client) => client.set('text', 'no list'))
    return { bus, connection: connection!, write }
  }

  it('says 503 while Redis has no memory for a command, tells of it once, and does the others', async (t) => {
    const log = logOf(t)
    const { connection, write } = await openWithRedis(t)
    t.after(() => redis.client.config('SET', 'maxmemory', '0'))
    await redis.client.config('SET', 'maxmemory', '1')
    for (let attempt = 0; attempt < 2; attempt += 1)
      await assert.rejects(write(), { name: 'Problem', status: 503, retryAfterS: 1, message: /Redis refuses this/ })
    assert.equal(await connection.ask((client) => client.get('text')), null)
    await redis.client.config('SET', 'maxmemory', '0')
    assert.equal(await write(), 'OK')
    assert.equal(log().length, 1, log().join(''))
    assert.match(log()[0]!, /^Redis at redis:\/\/127\.0\.0\.1:\d+ refuses commands: OOM /)
  })

  it('takes a Redis that only reads for one that is away, and comes back when it writes again', async (t) => {
    const log = logOf(t)
    const { bus, write } = await openWithRedis(t)
    t.after(() => redis.client.call('REPLICAOF', 'NO', 'ONE'))
    await redis.client.call('REPLICAOF', '127.0.0.1', '1')
    for (let attempt = 0; attempt < 20; attempt += 1) await assert.rejects(write(), unreachable)
    await assert.rejects(bus.check(), unreachable)
    const back = new Promise<void>((resolve) => bus.onRecovered(resolve))
    await redis.client.call('REPLICAOF', 'NO', 'ONE')
    await back
    assert.equal(await write(), 'OK')
    assert.equal(log().length, 2, log().join(''))
    assert.match(log()[0]!, /cannot be reached: READONLY /)
    assert.match(log()[1]!, /can be reached again\n$/)
  })

  it('passes on what is wrong with a command, since trying again would not help', async (t) => {
    const { connection, write } = await openWithRedis(t)
    await write()
    await assert.rejects(
      connection.ask((client) => client.llen('text')),
      /WRONGTYPE/,
    )
    await assert.rejects(connection.script('wrong', 0, 'return nothing.at.all')(), { name: 'ReplyError' })
  })
})
