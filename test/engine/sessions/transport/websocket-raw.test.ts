import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { accepting, closePayload, onRequest, RecordedSession, rawServer, serverFrame } from './websocket-support.ts'

/** A server that accepts the upgrade and then does with the socket as it is told. */
const upgradingServer = (t: TestContext, then: (socket: Socket) => void) =>
  rawServer(t, (socket) =>
    onRequest(socket, (request) => {
      socket.write(accepting(request))
      then(socket)
    }),
  )

/** The first client frame among the bytes, unmasked: opcode and payload. */
function firstFrame(bytes: Buffer): [opcode: number, payload: Buffer] {
  assert.ok((bytes[1]! & 0x80) !== 0, 'the frame is masked')
  const length = bytes[1]! & 0x7f
  return [bytes[0]! & 0x0f, bytes.subarray(6, 6 + length).map((byte, i) => byte ^ bytes[2 + (i % 4)]!) as Buffer]
}

/** All that the client sends from now on, once it has ended its side. */
async function restOf(socket: Socket): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of socket) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

const twoFrames = Buffer.concat([serverFrame(1, 'grüße'), serverFrame(8, closePayload(1000, 'bye'))])

test('frames that come with the response head in one piece are read', async (t) => {
  const url = await rawServer(t, (socket) =>
    onRequest(socket, (request) => socket.end(Buffer.concat([Buffer.from(accepting(request)), twoFrames]))),
  )
  const session = new RecordedSession(t, url)
  await session.closed
  assert.deepEqual(session.kinds, ['open', 'message', 'close'])
  assert.deepEqual([session.messages, session.closing], [['grüße'], [1000, 'bye', true]])
})

test('response head and frames cut in two anywhere are read the same', async (t) => {
  let cut = 0
  const url = await rawServer(t, (socket) =>
    onRequest(socket, (request) => {
      const bytes = Buffer.concat([Buffer.from(accepting(request)), twoFrames])
      socket.write(bytes.subarray(0, cut))
      setImmediate(() => setImmediate(() => socket.end(bytes.subarray(cut))))
    }),
  )
  const total = accepting('Sec-WebSocket-Key: x\r\n').length + twoFrames.length
  for (cut = 1; cut < total; cut++) {
    const session = new RecordedSession(t, url)
    await session.closed
    assert.deepEqual([session.messages, session.closing], [['grüße'], [1000, 'bye', true]], `cut at ${cut}`)
  }
})

const malformed: [why: string, closeCode: number, bytes: Buffer][] = [
  ['a masked frame', 1002, serverFrame(1, 'a', { isMasked: true })],
  ['an unknown opcode', 1002, serverFrame(3)],
  ['a text that is not UTF-8', 1007, serverFrame(1, Uint8Array.of(0xff))],
  ['a message that is too long', 1009, serverFrame(2, Buffer.alloc(1001))],
]

for (const [why, closeCode, bytes] of malformed)
  test(`${why} makes the client say ${closeCode} and end the connection`, async (t) => {
    const told = Promise.withResolvers<Buffer>()
    const url = await upgradingServer(t, (socket) => {
      restOf(socket).then(told.resolve)
      socket.write(Buffer.concat([bytes, serverFrame(1, 'not read any more')]))
    })
    const session = new RecordedSession(t, url, { maxMessageBytes: 1000 })
    await session.closed
    assert.deepEqual(firstFrame(await told.promise), [8, closePayload(closeCode)])
    assert.deepEqual(session.kinds, ['open', 'error', 'close'])
    assert.deepEqual([session.error?.code, session.error?.closeCode], ['WS_PROTOCOL_ERROR', closeCode])
    assert.deepEqual(session.closing, [1006, '', false])
  })

const badAnswers: [why: string, answer: string, code: string, status: number | undefined][] = [
  ['no HTTP at all', 'hello\r\n\r\n', 'WS_BAD_HANDSHAKE', undefined],
  ['an answer to another key', accepting('Sec-WebSocket-Key: x\r\n'), 'WS_BAD_HANDSHAKE', 101],
  ['status 200 with a body', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok', 'WS_HANDSHAKE_REFUSED', 200],
  ['status 503 without a body', 'HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n', 'WS_HANDSHAKE_REFUSED', 503],
  ['a redirect', 'HTTP/1.1 301 Moved\r\nLocation: ws://b/\r\n\r\n', 'WS_HANDSHAKE_REFUSED', 301],
  ['a head without an end', `HTTP/1.1 101 OK\r\nX: ${'x'.repeat(70_000)}`, 'WS_BAD_HANDSHAKE', undefined],
]

for (const [why, answer, code, status] of badAnswers)
  test(`a handshake answered with ${why} is ${code}, and the client ends the connection`, async (t) => {
    const ended = Promise.withResolvers<void>()
    const url = await rawServer(t, (socket) => {
      socket.on('close', () => ended.resolve())
      onRequest(socket, () => socket.write(answer))
    })
    const session = new RecordedSession(t, url)
    await session.closed
    await ended.promise
    assert.deepEqual(session.kinds, ['error', 'close'])
    assert.deepEqual([session.error?.code, session.error?.status], [code, status])
    assert.deepEqual(session.closing, [1006, '', false])
  })

const early: [when: string, end: (socket: Socket) => void][] = [
  ['at once', (socket) => socket.end()],
  ['within the response head', (socket) => onRequest(socket, () => socket.end('HTTP/1.1 101 Sw'))],
]

for (const [when, end] of early)
  test(`a server that ends the connection ${when} is WS_CLOSED_BEFORE_OPEN`, async (t) => {
    const session = new RecordedSession(t, await rawServer(t, end))
    await session.closed
    assert.deepEqual([session.kinds, session.error?.code], [['error', 'close'], 'WS_CLOSED_BEFORE_OPEN'])
  })

test('a server that never answers is WS_HANDSHAKE_TIMEOUT', async (t) => {
  const session = new RecordedSession(t, await rawServer(t, () => {}), { handshakeTimeoutMs: 20 })
  await session.closed
  assert.deepEqual([session.kinds, session.error?.code], [['error', 'close'], 'WS_HANDSHAKE_TIMEOUT'])
})

test('an open session is not ended by the timeouts of its opening and closing', async (t) => {
  const url = await upgradingServer(t, (socket) => setTimeout(() => socket.write(serverFrame(1, 'still here')), 150))
  const session = new RecordedSession(t, url, { handshakeTimeoutMs: 100, closeTimeoutMs: 1 })
  await session.count('message', 1)
  assert.deepEqual(session.kinds, ['open', 'message'])
})

test('a connection that ends within a frame, or between frames, without a close frame is 1006 and no error', async (t) => {
  for (const bytes of [serverFrame(1, 'whole'), serverFrame(1, 'cut off').subarray(0, 4)]) {
    const session = new RecordedSession(t, await upgradingServer(t, (socket) => socket.end(bytes)))
    await session.closed
    assert.deepEqual(session.closing, [1006, '', false])
    assert.equal(session.error, undefined)
  }
})

test('a connection that is reset is an error with ECONNRESET, then 1006', async (t) => {
  const url = await upgradingServer(t, (socket) => socket.once('data', () => socket.resetAndDestroy()))
  const session = new RecordedSession(t, url)
  await session.opened
  session.client.send('now')
  await session.closed
  assert.deepEqual([session.kinds, session.error?.code], [['open', 'error', 'close'], 'ECONNRESET'])
  assert.deepEqual(session.closing, [1006, '', false])
})

test('a server that does not answer a close frame is left after the timeout, uncleanly', async (t) => {
  const session = new RecordedSession(t, await upgradingServer(t, () => {}), { closeTimeoutMs: 20 })
  await session.opened
  session.client.close(1000)
  await session.closed
  assert.deepEqual(
    [session.kinds, session.closing],
    [
      ['open', 'close'],
      [1006, '', false],
    ],
  )
})

test('a server that says goodbye and does not end the connection is left after the timeout, cleanly', async (t) => {
  const url = await upgradingServer(t, (socket) => socket.write(serverFrame(8, closePayload(1001, 'going'))))
  const session = new RecordedSession(t, url, { closeTimeoutMs: 20 })
  await session.closed
  assert.deepEqual(
    [session.kinds, session.closing],
    [
      ['open', 'close'],
      [1001, 'going', true],
    ],
  )
})

test('the client answers a close frame with its code, and lets the server end the connection', async (t) => {
  const told = Promise.withResolvers<Buffer>()
  const url = await upgradingServer(t, (socket) => {
    socket.once('data', (bytes) => {
      told.resolve(bytes)
      socket.end()
    })
    socket.write(serverFrame(8, closePayload(3000, 'why')))
  })
  const session = new RecordedSession(t, url)
  await session.closed
  assert.deepEqual(firstFrame(await told.promise), [8, closePayload(3000)])
  assert.deepEqual(session.closing, [3000, 'why', true])
})

test('an own close frame that the server answers is not sent twice', async (t) => {
  const told = Promise.withResolvers<Buffer>()
  const url = await upgradingServer(t, (socket) => {
    restOf(socket).then(told.resolve)
    socket.once('data', () => socket.end(serverFrame(8, closePayload(1000))))
  })
  const session = new RecordedSession(t, url)
  await session.opened
  session.client.close(1000)
  await session.closed
  const bytes = await told.promise
  assert.equal(bytes.length, 8)
  assert.deepEqual(firstFrame(bytes), [8, closePayload(1000)])
})

test('a connection that is reset after the goodbye is no error', async (t) => {
  const url = await upgradingServer(t, (socket) => {
    socket.once('data', () => socket.resetAndDestroy())
    socket.write(serverFrame(8, closePayload(1000)))
  })
  const session = new RecordedSession(t, url)
  await session.closed
  assert.deepEqual(
    [session.kinds, session.closing],
    [
      ['open', 'close'],
      [1000, '', true],
    ],
  )
})

test('a server that ends its side and reads no more is left after the timeout, whatever is unsent', async (t) => {
  const paused = Promise.withResolvers<Socket>()
  const url = await upgradingServer(t, (socket) => paused.resolve(socket.pause()))
  const session = new RecordedSession(t, url, { closeTimeoutMs: 20 })
  await session.opened
  session.client.send(new Uint8Array(16 * 1024 * 1024))
  const socket = await paused.promise
  socket.end()
  await session.closed
  assert.deepEqual(
    [session.kinds, session.closing],
    [
      ['open', 'close'],
      [1006, '', false],
    ],
  )
})

test('a message larger than the system takes at once is counted as buffered until the server reads it', async (t) => {
  const paused = Promise.withResolvers<Socket>()
  const url = await upgradingServer(t, (socket) => paused.resolve(socket.pause()))
  const session = new RecordedSession(t, url)
  await session.opened
  const socket = await paused.promise
  session.client.send(new Uint8Array(16 * 1024 * 1024))
  assert.ok(session.client.bufferedAmount > 0)
  let receivedBytes = 0
  socket.on('data', (bytes) => (receivedBytes += bytes.length)).resume()
  while (session.client.bufferedAmount > 0) await new Promise(setImmediate)
  session.client.destroy()
  await once(socket, 'end')
  assert.equal(receivedBytes, 14 + 16 * 1024 * 1024)
})

test('sessions that receive in turns do not see the bytes of each other', async (t) => {
  const url = await upgradingServer(t, (socket) => {
    const name = String(socket.remotePort)
    const bytes = Buffer.concat([serverFrame(1, name.repeat(400)), serverFrame(2, name.repeat(3))])
    const send = (at: number) => {
      if (at < bytes.length) socket.write(bytes.subarray(at, at + 97), () => setImmediate(send, at + 97))
    }
    send(0)
  })
  const sessions = Array.from({ length: 20 }, () => new RecordedSession(t, url))
  await Promise.all(sessions.map((session) => session.count('message', 2)))
  for (const { messages } of sessions) {
    const name = String(messages[0]).slice(0, 5)
    assert.deepEqual(messages, [name.repeat(400), new Uint8Array(Buffer.from(name.repeat(3)))])
  }
  assert.equal(new Set(sessions.map((session) => session.messages[0])).size, 20)
})
