import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { WebSocketServer } from 'ws'
import { dialerOf, listen, RecordedSession, wsServer } from './websocket-support.ts'

const echo = (t: Parameters<typeof wsServer>[0], options = {}) =>
  wsServer(t, (session) => session.on('message', (data, isBinary) => session.send(data, { binary: isBinary })), options)

test('texts and bytes of every size come back from an echo as they were sent, in order', async (t) => {
  const session = new RecordedSession(t, await echo(t))
  await session.opened
  const sizes = [0, 1, 125, 126, 65_535, 65_536, 1024 * 1024]
  const sent = sizes.flatMap((size) => ['x'.repeat(size), new Uint8Array(size).fill(size)])
  for (const data of sent) session.client.send(data)
  await session.count('message', sent.length)
  assert.deepEqual(session.messages, sent)
})

test('text beyond ASCII comes back as it was sent', async (t) => {
  const session = new RecordedSession(t, await echo(t))
  await session.opened
  session.client.send('größer – 😀 \ufffd')
  await session.count('message', 1)
  assert.deepEqual(session.messages, ['größer – 😀 \ufffd'])
})

test('a message that the server sends in fragments arrives as one', async (t) => {
  const url = await wsServer(t, (session) => {
    session.send('one ', { fin: false })
    session.send('', { fin: false })
    session.ping()
    session.send('message', { fin: true })
  })
  const session = new RecordedSession(t, url)
  await session.count('message', 1)
  assert.deepEqual(session.kinds, ['open', 'ping', 'message'])
  assert.deepEqual(session.messages, ['one message'])
})

test('a ping is answered with its data and reported; the answer to an own ping is reported', async (t) => {
  const pongs: string[] = []
  const url = await wsServer(t, (session) => {
    session.on('pong', (data) => pongs.push(data.toString()))
    session.on('pong', () => session.send('heard the pong'))
    session.ping('from the server')
  })
  const session = new RecordedSession(t, url)
  await session.opened
  session.client.ping('from the client')
  session.client.ping()
  await session.count('message', 1)
  await session.count('pong', 2)
  const heard = session.heard.flatMap(([kind, data]) =>
    data instanceof Uint8Array ? [[kind, String(Buffer.from(data))]] : [],
  )
  assert.deepEqual(pongs, ['from the server'])
  assert.deepEqual(heard.sort(), [
    ['ping', 'from the server'],
    ['pong', ''],
    ['pong', 'from the client'],
  ])
})

const closes: [code: number | undefined, reason: string, heard: number][] = [
  [1000, 'done', 1000],
  [4321, 'größe', 4321],
  [undefined, '', 1005],
]

for (const [code, reason, heard] of closes) {
  test(`a close by the client with ${code ?? 'no code'} reaches the server, and is clean`, async (t) => {
    const closed = Promise.withResolvers<[number, string]>()
    const url = await wsServer(t, (session) =>
      session.on('close', (serverCode, bytes) => closed.resolve([serverCode, bytes.toString()])),
    )
    const session = new RecordedSession(t, url)
    await session.opened
    session.client.close(code, reason)
    assert.equal(session.client.readyState, 2)
    await session.closed
    assert.deepEqual(await closed.promise, [heard, reason])
    // This server says in its turn what it heard.
    assert.deepEqual(session.closing, [heard, reason, true])
    assert.equal(session.client.readyState, 3)
    assert.deepEqual(session.kinds, ['open', 'close'])
  })

  test(`a close by the server with ${code ?? 'no code'} is answered with the same, and is clean`, async (t) => {
    const closed = Promise.withResolvers<number>()
    const url = await wsServer(t, (session) => {
      session.on('close', (serverCode) => closed.resolve(serverCode))
      session.close(code, reason)
    })
    const session = new RecordedSession(t, url)
    await session.closed
    assert.deepEqual(session.closing, [heard, reason, true])
    assert.equal(await closed.promise, heard)
    assert.deepEqual(session.kinds, ['open', 'close'])
  })
}

test('what the server still sends after close() was called is not heard, and a second close() does nothing', async (t) => {
  const session = new RecordedSession(t, await echo(t))
  await session.opened
  session.client.send('never heard back')
  session.client.close(1000)
  session.client.close(4000, 'too late')
  await session.closed
  assert.deepEqual(session.kinds, ['open', 'close'])
  assert.equal(session.closing?.[0], 1000)
})

test('a server that drops the connection is an unclean close with 1006', async (t) => {
  const session = new RecordedSession(t, await wsServer(t, (peer) => peer.terminate()))
  await session.closed
  assert.deepEqual(session.closing, [1006, '', false])
})

test('the subprotocol that the server chose is told', async (t) => {
  const url = await wsServer(t, () => {}, { handleProtocols: () => 'v2' })
  const session = new RecordedSession(t, url, { protocols: ['v1', 'v2'] })
  await session.opened
  const open = session.heard[0]!
  assert.ok(open[0] === 'open')
  assert.deepEqual([open[1].protocol, open[1].status], ['v2', 101])
  assert.match(open[1].headers, /^HTTP\/1\.1 101 .*\r\nUpgrade: websocket\r\n/)
  assert.ok(!open[1].headers.endsWith('\n'))
})

test('headers and path reach the server', async (t) => {
  const asked = Promise.withResolvers<(string | undefined)[]>()
  const url = await wsServer(t, () => {}, {
    verifyClient: ({ req }: { req: IncomingMessage }) => {
      asked.resolve([req.url, req.headers.authorization, req.headers.origin])
      return true
    },
  })
  const headers = { Authorization: 'Bearer key', Origin: 'http://app.test' }
  const session = new RecordedSession(t, `${url}chat?room=1`, { headers })
  await session.opened
  assert.deepEqual(await asked.promise, ['/chat?room=1', 'Bearer key', 'http://app.test'])
})

test('an upgrade refused with 401 is an error with that status, then an unclean close', async (t) => {
  const url = await wsServer(t, () => {}, {
    verifyClient: (_: unknown, answer: (ok: boolean, code: number) => void) => answer(false, 401),
  })
  const session = new RecordedSession(t, url)
  await session.closed
  assert.deepEqual(session.kinds, ['error', 'close'])
  assert.deepEqual([session.error?.code, session.error?.status], ['WS_HANDSHAKE_REFUSED', 401])
  assert.deepEqual(session.closing, [1006, '', false])
})

test('wss works with a certificate of its own authority, for many sessions with the same options', async (t) => {
  const { cert, key } = await selfSigned()
  const server = createHttpsServer({ cert, key })
  const peers = new WebSocketServer({ server })
  peers.on('connection', (peer) => peer.on('message', (data, isBinary) => peer.send(data, { binary: isBinary })))
  t.after(() => {
    for (const peer of peers.clients) peer.terminate()
    server.close()
  })
  const names: unknown[] = []
  server.on('secureConnection', (socket) => names.push(socket.servername))
  const port = await listen(server)
  const dialer = dialerOf({ insecureSkipTLSVerify: true })
  for (const host of ['127.0.0.1', 'localhost', 'localhost']) {
    const session = new RecordedSession(t, `wss://${host}:${port}/`, { dialer })
    await session.opened
    const sent = ['x', 'y'.repeat(300_000), new Uint8Array(70_000).fill(7)]
    for (const data of sent) session.client.send(data)
    await session.count('message', sent.length)
    assert.deepEqual(session.messages, sent)
    session.client.close(1000, 'bye')
    await session.closed
    assert.deepEqual(session.closing, [1000, 'bye', true])
  }
  assert.deepEqual(names, [false, 'localhost', 'localhost'])
  const stranger = new RecordedSession(t, `wss://127.0.0.1:${port}/`)
  await stranger.closed
  assert.deepEqual([stranger.kinds, stranger.error?.code], [['error', 'close'], 'DEPTH_ZERO_SELF_SIGNED_CERT'])
})

test('bytes are counted both ways, handshake and frame heads included', async (t) => {
  const session = new RecordedSession(t, await echo(t))
  await session.opened
  const { bytesSent, bytesReceived } = session.client
  assert.ok(session.heard[0]?.[0] === 'open')
  assert.equal(bytesReceived, session.heard[0][1].headers.length + 4)
  session.client.send('four')
  await session.count('message', 1)
  assert.deepEqual([session.client.bytesSent - bytesSent, session.client.bytesReceived - bytesReceived], [10, 6])
})

test('the steps of the opening are timed by the clock given, TLS as none where there is none', async (t) => {
  let nowMs = 0
  const session = new RecordedSession(t, await echo(t), { now: () => (nowMs += 7) })
  await session.opened
  assert.deepEqual(session.client.timings, { connectingMs: 7, tlsMs: 0, handshakeMs: 7 })
})

test('what only an open session can do is refused before and after', async (t) => {
  const session = new RecordedSession(t, await echo(t))
  const cannot = (state: RegExp) => {
    assert.throws(() => session.client.send('x'), { name: 'InvalidStateError', message: state })
    assert.throws(() => session.client.ping(), { name: 'InvalidStateError', message: state })
  }
  cannot(/connecting/)
  await session.opened
  session.client.close()
  cannot(/closing/)
  await session.closed
  cannot(/closed/)
  session.client.close()
  session.client.destroy()
})

test('a code, a reason or a ping that no frame can hold is refused, and the session goes on', async (t) => {
  const session = new RecordedSession(t, await echo(t))
  await session.opened
  for (const code of [0, 999, 1005, 1006, 5000]) assert.throws(() => session.client.close(code), RangeError)
  assert.throws(() => session.client.close(1000, 'é'.repeat(62)), RangeError)
  assert.throws(() => session.client.close(undefined, 'why'), RangeError)
  assert.throws(() => session.client.ping('x'.repeat(126)), RangeError)
  session.client.ping('x'.repeat(125))
  await session.count('pong', 1)
  session.client.close(1000, 'a'.repeat(123))
  await session.closed
  assert.equal(session.closing?.[0], 1000)
})

test('close() before the session is open is an error, not during the call, and an unclean close', async (t) => {
  const session = new RecordedSession(t, await echo(t))
  session.client.close()
  assert.deepEqual(session.heard, [])
  await session.closed
  assert.deepEqual([session.kinds, session.error?.code], [['error', 'close'], 'WS_CLOSED_BEFORE_OPEN'])
})

for (const moment of ['open', 'message'] as const)
  test(`after destroy() in the ${moment} handler nothing more is heard, and the server sees the end`, async (t) => {
    const ended = Promise.withResolvers<number>()
    const url = await wsServer(t, (peer) => {
      peer.on('close', (code) => ended.resolve(code))
      for (const text of ['one', 'two', 'three']) peer.send(text)
    })
    const session = new RecordedSession(t, url)
    session.react = ([kind]) => {
      if (kind === moment) session.client.destroy()
    }
    assert.equal(await ended.promise, 1006)
    await new Promise(setImmediate)
    assert.equal(session.kinds.at(-1), moment)
    assert.equal(session.client.readyState, 3)
  })

test('a server that is not there is ECONNREFUSED, also by a name', async (t) => {
  const server = createServer()
  const port = await listen(server)
  await new Promise((resolve) => server.close(resolve))
  const dialer = dialerOf({ hosts: { 'gateway.test': '127.0.0.1' } })
  for (const url of [`ws://127.0.0.1:${port}/`, `wss://gateway.test:${port}/`]) {
    const session = new RecordedSession(t, url, { dialer })
    await session.closed
    assert.deepEqual([session.kinds, session.error?.code], [['error', 'close'], 'ECONNREFUSED'])
    assert.match(session.error?.message ?? '', /ECONNREFUSED 127\.0\.0\.1/)
  }
})

/** A certificate for this host, made for the test. */
async function selfSigned(): Promise<{ cert: string; key: string }> {
  // The library asks for this proposal of the language at its start, and needs none of it here.
  const nothing = () => undefined
  Object.assign(Reflect, { getMetadata: nothing, getOwnMetadata: nothing, defineMetadata: nothing })
  const { SubjectAlternativeNameExtension, X509CertificateGenerator, PemConverter } = await import('@peculiar/x509')
  const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
  const names = new SubjectAlternativeNameExtension([
    { type: 'ip', value: '127.0.0.1' },
    { type: 'dns', value: 'localhost' },
  ])
  const cert = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=localhost',
    keys,
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    extensions: [names],
  })
  const key = PemConverter.encode(await crypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY')
  return { cert: cert.toString('pem'), key }
}
