import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import type { BodyLimits } from '../../../../harness/engine/sessions/transport/body-limits.ts'
import type { Exchange } from '../../../../harness/engine/sessions/transport/exchange.ts'
import { ParseError } from '../../../../harness/engine/sessions/transport/http-lines.ts'
import { ResponseParser } from '../../../../harness/engine/sessions/transport/http-parser.ts'
import { answer, Client, rawServer } from './http-support.ts'

const limits: BodyLimits = { text: 100_000, binary: 200_000, atOnce: 1000 }

const packings = {
  gzip: gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
  zstd: zstdCompressSync,
  'gzip, gzip': (bytes: Buffer) => gzipSync(gzipSync(bytes)),
}

function packedAnswer(encoding: keyof typeof packings, body: Buffer): Buffer {
  const packed = packings[encoding](body)
  const head = `HTTP/1.1 200 OK\r\nContent-Encoding: ${encoding}\r\nContent-Length: ${packed.length}\r\n\r\n`
  return Buffer.concat([Buffer.from(head), packed])
}

/** A server that gives each connection what it asks for: `/gzip/5000` are so many bytes, packed so. */
const packingServer = (t: TestContext) =>
  rawServer(t, (socket, request) => {
    const [, encoding, length] = /^GET \/([^/]*)\/(\d+) /.exec(request)!
    socket.write(
      packedAnswer(decodeURIComponent(encoding!) as keyof typeof packings, Buffer.alloc(Number(length), 'ab')),
    )
  })

describe('large bodies', { concurrency: 4 }, () => {
  for (const encoding of Object.keys(packings)) {
    it(`unpacks ${encoding} up to the limit and not beyond it, and goes on with the connection`, async (t) => {
      const server = await packingServer(t)
      const client = new Client(t)
      const ask = (length: number, responseType: 'text' | 'binary') =>
        client.ask(`${server.url}/${encodeURIComponent(encoding)}/${length}`, { responseType, limits })
      assert.equal((await ask(100_000, 'text')).responseText, 'ab'.repeat(50_000))
      const tooLong = await ask(100_001, 'text')
      assert.equal(tooLong.failure?.code, 1000)
      assert.match(tooLong.failure.message, /longer than 100000 bytes.*discardResponseBodies.*'binary'/)
      assert.deepEqual([tooLong.responseText, tooLong.hasBody], ['', false])
      assert.equal((await ask(200_000, 'binary')).responseBytes?.length, 200_000)
      assert.match((await ask(200_001, 'binary')).failure!.message, /longer than 200000 bytes/)
      assert.equal((await ask(900, 'text')).responseText.length, 900)
      assert.equal(server.sockets.length, 1)
    })
  }

  it('lets the event loop turn while it unpacks', async (t) => {
    const server = await rawServer(t, (socket) => socket.write(packedAnswer('gzip', Buffer.alloc(3_000_000))))
    let [isOver, wasSeen] = [false, false]
    const look = (exchange: Exchange): void => {
      wasSeen ||= exchange.lastByteMs > 0 && !isOver
      if (!isOver) setImmediate(look, exchange)
    }
    const asked = new Client(t).ask(server.url, { responseType: 'binary', use: look })
    const { responseBytes, failure } = await asked.finally(() => {
      isOver = true
    })
    assert.deepEqual([failure, responseBytes?.length], [null, 3_000_000])
    assert.equal(wasSeen, true)
  })

  it('fails with 1701 where a long body is not what its encoding says', async (t) => {
    const server = await rawServer(t, (socket) => socket.write(answer('x'.repeat(5000), 'Content-Encoding: gzip\r\n')))
    const { failure } = await new Client(t).ask(server.url, { limits })
    assert.equal(failure?.code, 1701)
    assert.match(failure.message, /gzip: invalid header/)
  })

  for (const responseType of ['text', 'binary'] as const) {
    it(`leaves a body without end where it is longer than its limit: ${responseType}`, async (t) => {
      const server = await rawServer(t, (socket) => sendForever(socket))
      const { failure, hasBody } = await new Client(t).ask(server.url, { responseType, limits })
      assert.equal(failure?.code, 1000)
      assert.match(failure.message, new RegExp(`longer than ${limits[responseType]} bytes`))
      assert.equal(hasBody, false)
    })
  }

  it('neither unpacks nor keeps a body that is not wanted, however long', async (t) => {
    const server = await packingServer(t)
    const { failure, status, hasBody, responseText, responseBytes } = await new Client(t).ask(
      `${server.url}/gzip/300000`,
      { responseType: 'none', limits },
    )
    assert.deepEqual([failure, status, hasBody, responseText, responseBytes], [null, 200, true, '', null])
  })
})

function sendForever(socket: Socket): void {
  socket.write('HTTP/1.1 200 OK\r\n\r\n')
  const piece = Buffer.alloc(16_384, 'x')
  const send = (): void => {
    if (!socket.destroyed) socket.write(piece, () => setImmediate(send))
  }
  send()
}

describe('heads of an exchange', () => {
  const early = Buffer.from(`HTTP/1.1 103 Early Hints\r\nLink: <${'x'.repeat(60_000)}>\r\n\r\n`)

  it('may come to ten megabytes together', () => {
    const parser = new ResponseParser()
    parser.begin('GET', true)
    const feedOn = (): void => {
      for (let sent = 0; sent < 11 * 1024 * 1024; sent += early.length) parser.execute(early, 0, early.length)
    }
    assert.throws(
      feedOn,
      (error) => error instanceof ParseError && /response headers exceeded 10485760 bytes/.test(error.message),
    )
  })

  it('are counted anew for the next', () => {
    const parser = new ResponseParser()
    const last = Buffer.from(answer('x'))
    for (let round = 0; round < 3; round++) {
      parser.begin('GET', true)
      for (let sent = 0; sent < 6 * 1024 * 1024; sent += early.length) parser.execute(early, 0, early.length)
      parser.execute(last, 0, last.length)
      assert.equal(parser.state, 'complete')
    }
  })
})

describe('sending', () => {
  it('lasts until the server has taken in a large body', async (t) => {
    const server = await rawServer(t, (socket) => socket.write(answer('x')))
    const client = new Client(t)
    await client.ask(server.url)
    const [socket] = server.sockets
    socket!.pause()
    const asked = client.ask(server.url, { method: 'POST', body: Buffer.alloc(12_000_000, 'b'), timeoutMs: 20_000 })
    for (let count = 0; count < 5; count++) await turn()
    const readFromMs = performance.now()
    socket!.resume()
    const { sentMs, firstByteMs, responseText } = await asked
    assert.equal(responseText, 'x')
    assert.ok(sentMs >= readFromMs, `${sentMs} < ${readFromMs}`)
    assert.ok(sentMs <= firstByteMs)
  })
})
