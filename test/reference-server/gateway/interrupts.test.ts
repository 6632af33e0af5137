import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import type { AssembledParts } from '../../../reference-server/assembly.ts'
import type { BusListener } from '../../../reference-server/bus/port.ts'
import type { GatewayConfig } from '../../../reference-server/gateway/config.ts'
import { Gateway } from '../../../reference-server/gateway/gateway.ts'
import { busy } from '../../../reference-server/gateway/problems.ts'
import { signalInterrupts } from '../../../reference-server/interrupt/signal.ts'
import { Peers } from '../../../reference-server/workers/peers.ts'
import { backEndOrSkip } from '../support/back-ends.ts'
import { eventually, heldByTurns, jsonHeaders, postTurn, putSession } from '../support/client.ts'
import { startGateway, startServices } from '../support/processes.ts'

/** A Redis that brings what was published when it is told to, and can be away. */
class FakeBus {
  fault: Error | undefined
  readonly #listeners: BusListener[] = []
  readonly #published: [channel: string, message: string][] = []

  async publish(channel: string, message: string): Promise<void> {
    if (this.fault) throw this.fault
    this.#published.push([channel, message])
  }

  async subscribe(_channel: string, listener: BusListener): Promise<void> {
    this.#listeners.push(listener)
  }

  deliver(): void {
    for (const [channel, message] of this.#published.splice(0))
      for (const listener of this.#listeners) listener(channel, message)
  }
}

/** A gateway's worker, and what was interrupted there. */
const openGateway = async (bus: FakeBus, id?: string) => {
  const interrupts = signalInterrupts()
  const interrupted: number[] = []
  const parts = { interrupts, bus, store: {} } as unknown as AssembledParts
  const config = { callers: [], redisUrl: new URL('redis://127.0.0.1') } as unknown as GatewayConfig
  const gateway = new Gateway(config, parts, new Peers(0, 1), id)
  await gateway.listenForInterrupts()
  const begin = (turn: number) =>
    interrupts.watch({ session: 'app-a/s', turn, interrupt: () => interrupted.push(turn) })
  return {
    interrupted,
    begin,
    interrupt: (turn?: number) => gateway.interrupt('app-a', 's', turn),
    interruptDeleted: () => gateway.interruptDeleted('app-a', 's'),
  }
}

const twoGateways = async () => {
  const bus = new FakeBus()
  return { bus, one: await openGateway(bus), two: await openGateway(bus) }
}

describe('An interrupt', () => {
  it('reaches the turns of other gateways also where it concerns one here', async () => {
    const { bus, one, two } = await twoGateways()
    one.begin(1)
    two.begin(2)
    assert.equal(await one.interrupt(), 1)
    bus.deliver()
    assert.deepEqual([one.interrupted, two.interrupted], [[1], [2]])
  })

  it('reaches them where it concerns none here', async () => {
    const { bus, one, two } = await twoGateways()
    two.begin(2)
    assert.equal(await one.interrupt(2), 0)
    bus.deliver()
    assert.deepEqual(two.interrupted, [2])
  })

  it('is not meant for turns that begin here, at any worker, while others are told', async () => {
    const bus = new FakeBus()
    const [asked, colleague] = [await openGateway(bus, 'own'), await openGateway(bus, 'own')]
    asked.begin(1)
    assert.equal(await asked.interrupt(), 1)
    for (const worker of [asked, colleague]) worker.begin(3)
    bus.deliver()
    assert.deepEqual([asked.interrupted, colleague.interrupted], [[1], []])
  })

  const log = (t: TestContext): string[] => {
    const lines: string[] = []
    t.mock.method(process.stderr, 'write', (line: string) => lines.push(line) > 0)
    return lines
  }

  for (const [fault, told] of [
    // That Redis is away is told once, when it goes, and not for each interrupt.
    [busy('Redis cannot be reached'), []],
    [new Error('wrong command'), ['other gateways were not told of an interrupt: wrong command\n']],
  ] as const)
    it(`that concerns a turn here is done also while others cannot be told: ${fault.message}`, async (t) => {
      const { bus, one } = await twoGateways()
      const lines = log(t)
      bus.fault = fault
      one.begin(1)
      assert.equal(await one.interrupt(), 1)
      await setImmediate()
      assert.deepEqual(lines, told)
    })

  it('of a session that is deleted reaches all of its turns, here and at other gateways', async () => {
    const { bus, one, two } = await twoGateways()
    one.begin(1)
    one.begin(2)
    two.begin(3)
    await one.interruptDeleted()
    bus.deliver()
    assert.deepEqual([one.interrupted, two.interrupted], [[1, 2], [3]])
  })

  it('of a session that is deleted is done also where it concerns none here and others cannot be told', async (t) => {
    const { bus, one } = await twoGateways()
    const lines = log(t)
    bus.fault = busy('Redis cannot be reached')
    await one.interruptDeleted()
    await setImmediate()
    assert.deepEqual(lines, [])
  })

  it('that concerns none here fails while others cannot be told', async () => {
    const { bus, one } = await twoGateways()
    bus.fault = busy('Redis cannot be reached')
    await assert.rejects(one.interrupt(), { status: 503 })
  })
})

it('An interrupt of a session ends its turns at two gateways of one Redis, and none that begins afterwards', async (t) => {
  const redis = await backEndOrSkip(t, 'redis')
  if (!redis) return
  const services = await startServices({ MODEL_LATENCY_MS: '0' })
  t.after(() => services.stop())
  const gateways: string[] = []
  // Workers of one gateway have to know what is their own.
  for (const variant of ['optimized', 'four-workers']) {
    const gateway = await startGateway(variant, { ...services.env, REDIS_URL: redis.url })
    t.after(() => gateway.stop())
    await putSession(gateway.url, 's')
    gateways.push(gateway.url)
  }
  for (let turn = 1; turn <= 5; turn++) {
    const running = gateways.map((url) => postTurn(url, 's', turn, 'stub:hang'))
    for (const url of gateways)
      await eventually(
        () => heldByTurns(url),
        ({ calls }) => calls === 1,
      )
    const [asked, other] = turn % 2 === 0 ? gateways : gateways.toReversed()
    const options = { method: 'POST', headers: jsonHeaders, body: '{}' }
    const response = await fetch(`${asked}/v1/sessions/s/interrupt`, options)
    assert.deepEqual([response.status, await response.json()], [202, { interrupted: 1 }])
    assert.equal((await postTurn(asked!, 's', 100 + turn, 'stub:take-50')).status, 200, `at once, not at ${other}`)
    for (const ended of await Promise.all(running)) assert.equal(ended.status, 409)
  }
})
