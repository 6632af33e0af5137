import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import type { Answer } from '../../../reference-server/delivery/port.ts'
import { KnownKeys } from '../../../reference-server/gateway/auth.ts'
import type { Gateway } from '../../../reference-server/gateway/gateway.ts'
import { busy } from '../../../reference-server/gateway/problems.ts'
import type { Turn } from '../../../reference-server/gateway/turn.ts'
import { serveWebSockets } from '../../../reference-server/gateway/web-socket.ts'
import { lockFreeRegistry } from '../../../reference-server/registry/lock-free.ts'
import type { Eventual } from '../../../reference-server/state/port.ts'
import { snapshotKind } from '../../../reference-server/state/snapshot.ts'
import { eventDrivenStreams } from '../../../reference-server/stream-consumer/event-driven.ts'
import { polledStreams } from '../../../reference-server/stream-consumer/polling.ts'
import type { StreamConsumer, TokenSink } from '../../../reference-server/stream-consumer/port.ts'
import { eventually, putSession, readMetrics, refusedUpgrade, SessionClient } from '../support/client.ts'
import { startGateway, startServices } from '../support/processes.ts'

/** A turn that the test answers. */
interface OpenTurn {
  turn: Turn
  answer: (answer: Answer) => void
}

interface Asked {
  streams?: Pick<StreamConsumer, 'open'>
  turnTimeoutMs?: number
  isOpen?: () => Eventual<boolean>
}

/** The WebSockets of a gateway whose turns are the test's to answer, with the connections as its own process sees them. */
const serve = async (t: TestContext, asked: Asked = {}) => {
  const { streams = eventDrivenStreams(), turnTimeoutMs = 600_000, isOpen = () => true } = asked
  const turns: OpenTurn[] = []
  const closed: number[] = []
  const run = (turn: Turn): Promise<Answer> => {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    turns.push({ turn, answer: resolve })
    turn.signal.addEventListener('abort', () => reject(turn.signal.reason))
    return promise
  }
  const store = {
    ...{ isShared: false, overloaded: false, pendingWrites: 0 },
    readForTurn: async () => undefined,
    load: async () => undefined,
    write: async () => {},
  }
  const gateway = {
    config: { maxBodyBytes: 65_536, allowedOrigins: ['*'], turnTimeoutMs },
    keys: new KnownKeys([{ apiKey: 'key-a', app: 'app-a' }]),
    ...{ apps: { isOpen }, metrics: { webSockets: 0 }, draining: false, refusal: () => busy('it ends') },
    parts: {
      streamConsumer: streams,
      state: snapshotKind.local(lockFreeRegistry.local),
      store,
    },
    run,
    closed: (turn: Turn) => closed.push(turn.request.turn),
  } as unknown as Gateway
  const server = createServer()
  const connections: Socket[] = []
  server.on('connection', (socket) => connections.push(socket))
  const closeWebSockets = serveWebSockets(server, gateway)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(async () => {
    await closeWebSockets()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, connections, turns, closed, store }
}

/** A client that takes what was written first and from then on nothing. */
const neverDrained = (sink: TokenSink): TokenSink => ({
  write: (tokens, firstIndex) => sink.write(tokens, firstIndex) && false,
  onDrain: () => {},
})

describe('A client of a WebSocket', () => {
  it('that sends without end and takes no answer is read no further, and has every answer once it takes them', async (t) => {
    const messages = 50_000
    const { url, connections } = await serve(t)
    const { socket } = await SessionClient.open(url, 's')
    t.after(() => socket.terminate())
    let answers = 0
    socket.removeAllListeners('message').on('message', () => {
      answers += 1
    })
    socket.pause()
    for (let message = 0; message < messages; message++) socket.send('{')
    const held = await eventually(
      async () => ({ isPaused: connections[0]!.isPaused(), bytes: connections[0]!.writableLength }),
      ({ isPaused, bytes }) => isPaused && bytes > 262_144,
    )
    // The bound, and the answers to what had been read in one piece when it was reached.
    assert.ok(held.bytes < 4_000_000, `${held.bytes} bytes wait`)
    socket.resume()
    await eventually(
      async () => answers,
      (count) => count === messages,
    )
  })

  it('that does not even take what went wrong is cut off when a turn’s time has passed', async (t) => {
    const { url, connections } = await serve(t, { turnTimeoutMs: 100 })
    const { socket } = await SessionClient.open(url, 's')
    t.after(() => socket.terminate())
    socket.on('error', () => {})
    socket.pause()
    for (let message = 0; message < 50_000; message++) socket.send('{')
    await eventually(
      async () => connections[0]!.destroyed,
      (isCutOff) => isCutOff,
    )
  })

  it('opens no new session while the database is far behind, and goes on with one that there is', async (t) => {
    const { url, store } = await serve(t)
    await (await SessionClient.open(url, 's')).close()
    store.overloaded = true
    assert.equal(await refusedUpgrade(url, 'new', '?key=key-a'), 503)
    await (await SessionClient.open(url, 's')).close()
    store.overloaded = false
    await (await SessionClient.open(url, 'new')).close()
  })

  it('has 32 turns in flight at most: one more is refused with 429, and taken when one of them has ended', async (t) => {
    const { url, turns } = await serve(t)
    const client = await SessionClient.open(url, 's')
    t.after(() => client.socket.terminate())
    for (let turn = 1; turn <= 33; turn++) client.sendTurn(turn, 'hello')
    const { type, turn, status, detail } = await client.next()
    assert.deepEqual({ type, turn, status }, { type: 'error', turn: 33, status: 429 })
    assert.match(String(detail), /^this connection has 32 turns in flight/)
    assert.equal(turns.length, 32)
    turns[0]!.answer({ content: '', tokens: 0 })
    assert.deepEqual((await client.next()).type, 'done')
    client.sendTurn(34, 'hello')
    await eventually(
      async () => turns.at(-1)?.turn.request.turn,
      (last) => last === 34,
    )
  })

  for (const [kind, make] of Object.entries({ 'event-driven': eventDrivenStreams, polled: polledStreams }))
    it(`that takes no more of a turn that is over is cut off when a turn's time has passed again, ${kind}`, async (t) => {
      const streams = make()
      const open = (sink: TokenSink) => streams.open(neverDrained(sink))
      const { url, turns, closed } = await serve(t, { streams: { open }, turnTimeoutMs: 20 })
      const client = await SessionClient.open(url, 's')
      client.sendTurn(1, 'hello')
      await eventually(
        async () => turns.length,
        (count) => count === 1,
      )
      const { turn, answer } = turns[0]!
      turn.request.listener?.onToken('first')
      assert.equal((await client.next()).text, 'first')
      turn.request.listener?.onToken('last')
      answer({ content: 'firstlast', tokens: 2 })
      await eventually(
        async () => [client.socket.readyState, streams.openStreams, closed.length],
        (seen) => String(seen) === `${client.socket.CLOSED},0,1`,
      )
    })

  it('that leaves has its turns given up, and none begun that it had asked for before', async (t) => {
    const opened = Promise.withResolvers<boolean>()
    const answers: Eventual<boolean>[] = [true, true, opened.promise]
    const { url, connections, turns } = await serve(t, { isOpen: () => answers.shift() ?? true })
    const client = await SessionClient.open(url, 's')
    client.sendTurn(1, 'hello')
    await eventually(
      async () => turns.length,
      (count) => count === 1,
    )
    client.sendTurn(2, 'hello')
    await eventually(
      async () => answers.length,
      (left) => left === 0,
    )
    const closed = new Promise((resolve) => connections[0]!.once('close', resolve))
    client.socket.terminate()
    await closed
    await eventually(
      async () => turns[0]!.turn.signal.aborted,
      (isAborted) => isAborted,
    )
    // Only now it is known that its app may use the gateway.
    opened.resolve(true)
    await setImmediate()
    assert.equal(turns.length, 1)
  })
})

it('A session that was idle for too long goes on with the next turn of a WebSocket that stayed open', async (t) => {
  const services = await startServices({ MODEL_LATENCY_MS: '0' })
  t.after(() => services.stop())
  const soon = { SESSION_IDLE_TIMEOUT_MS: '100', EXPIRY_INTERVAL_MS: '20' }
  const { url, stop } = await startGateway('optimized', { ...services.env, ...soon })
  t.after(stop)
  const client = await SessionClient.open(url, 's')
  for (const turn of [1, 2]) {
    client.sendTurn(turn, 'hello')
    assert.equal((await client.turnMessages()).at(-1)?.type, 'done')
    await eventually(
      () => readMetrics(url),
      ({ gateway_expired_sessions: expired, gateway_sessions: sessions }) => expired! >= turn && sessions === 0,
    )
  }
  const opened = await putSession(url, 's')
  assert.deepEqual([opened.status, ((await opened.json()) as { turns: number }).turns], [200, 2])
  await client.close()
})
