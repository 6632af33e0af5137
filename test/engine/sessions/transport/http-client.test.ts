import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { describe, it, type TestContext } from 'node:test'
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { errorCodes } from '../../../../harness/engine/sessions/transport/failure.ts'
import { selfSigned } from '../../../support/certificate.ts'
import { answer, Client, rawServer } from './http-support.ts'

describe('connections', () => {
  it('carries request after request of one user on one connection', async (t) => {
    const server = await rawServer(t, (socket, _, number) => socket.write(answer(`${number}`)))
    const client = new Client(t)
    const bodies = []
    for (let index = 0; index < 5; index++) bodies.push((await client.ask(server.url)).responseText)
    assert.deepEqual(bodies, ['0', '1', '2', '3', '4'])
    assert.equal(server.sockets.length, 1)
  })

  it('opens a connection for each request in flight, and shares none between users', async (t) => {
    const server = await rawServer(t, (socket) => setImmediate(() => socket.write(answer('x'))))
    const [one, other] = [new Client(t), new Client(t)]
    await Promise.all([one.ask(server.url), one.ask(server.url), other.ask(server.url)])
    assert.equal(server.sockets.length, 3)
    await Promise.all([one.ask(server.url), one.ask(server.url), other.ask(server.url)])
    assert.equal(server.sockets.length, 3)
  })

  it('keeps connections to several servers apart', async (t) => {
    const servers = await Promise.all(['a', 'b'].map((name) => rawServer(t, (socket) => socket.write(answer(name)))))
    const client = new Client(t)
    for (let round = 0; round < 3; round++) {
      for (const [index, { url }] of servers.entries()) assert.equal((await client.ask(url)).responseText, 'ab'[index])
    }
    assert.deepEqual(
      servers.map(({ sockets }) => sockets.length),
      [1, 1],
    )
  })

  it('uses a new connection each time when reuse is off', async (t) => {
    const server = await rawServer(t, (socket) => socket.write(answer('x')))
    const client = new Client(t, { noConnectionReuse: true })
    for (let index = 0; index < 3; index++) await client.ask(server.url)
    assert.equal(server.sockets.length, 3)
  })

  for (const [title, bytes] of [
    ['Connection: close', answer('x', 'Connection: close\r\n')],
    ['HTTP/1.0', answer('x').replace('/1.1', '/1.0')],
    ['more bytes than the response has', `${answer('x')}y`],
    ['chunks beside a Content-Length', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n'],
  ] as const) {
    it(`does not use a connection again after ${title}`, async (t) => {
      const server = await rawServer(t, (socket) => socket.write(bytes))
      const client = new Client(t)
      for (let index = 0; index < 2; index++) {
        const { status, responseText, wasRetried } = await client.ask(server.url)
        assert.deepEqual([status, responseText, wasRetried], [200, 'x', false])
      }
      assert.equal(server.sockets.length, 2)
    })
  } // biome-ignore format: one row a case

  it('gives no request to a connection on which the server spoke out of turn', async (t) => {
    const server = await rawServer(t, (socket) => socket.write(answer('x')))
    const client = new Client(t)
    await client.ask(server.url)
    server.sockets[0]!.write(answer('nobody asked'))
    await once(server.sockets[0]!, 'close')
    assert.equal((await client.ask(server.url, { method: 'POST', body: 'b' })).responseText, 'x')
    assert.equal(server.sockets.length, 2)
  })

  it('gives no request to a connection that the server has closed', async (t) => {
    const server = await rawServer(t, (socket) => socket.write(answer('x')))
    const client = new Client(t)
    await client.ask(server.url)
    server.sockets[0]!.end()
    await once(server.sockets[0]!, 'close')
    const { failure, wasRetried } = await client.ask(server.url, { method: 'POST', body: 'b' })
    assert.deepEqual([failure, wasRetried], [null, false])
  })

  /** Answers once on each connection, and leaves at the second request of one. */
  const rude = (t: TestContext) =>
    rawServer(t, (socket, _, number) => {
      if (number === 0) socket.write(answer('x'))
      else socket.end()
    })

  it('meets several stale connections with one that is new', async (t) => {
    const server = await rude(t)
    const client = new Client(t)
    await Promise.all([client.ask(server.url), client.ask(server.url), client.ask(server.url)])
    const { failure, wasRetried } = await client.ask(server.url)
    assert.deepEqual([failure, wasRetried, server.sockets.length], [null, true, 4])
  })

  it('does not send again what failed on a connection of its own, nor twice', async (t) => {
    const server = await rawServer(t, (socket) => socket.end())
    const { failure, wasRetried } = await new Client(t).ask(server.url)
    assert.deepEqual([failure?.code, wasRetried, server.sockets.length], [errorCodes.generic, false, 1])
  })

  it('does not send again when a part of the answer had come', async (t) => {
    const server = await rawServer(t, (socket, _, number) => {
      if (number === 0) socket.write(answer('x'))
      else socket.end('HTTP/1.1 200 OK\r\nContent-Len')
    })
    const client = new Client(t)
    await client.ask(server.url)
    const { failure, wasRetried } = await client.ask(server.url)
    assert.deepEqual([failure?.code, wasRetried], [errorCodes.generic, false])
  })

  it('ends nothing of a user that was dropped, and leaves no connection', async (t) => {
    const asked = Promise.withResolvers<void>()
    const server = await rawServer(t, (socket, _, number) => {
      if (number === 0) socket.write(answer('x'))
      else asked.resolve()
    })
    const client = new Client(t)
    await Promise.all([client.ask(server.url), client.ask(server.url)])
    let ended = 0
    void client.ask(server.url).then(() => ended++)
    await asked.promise
    const closed = Promise.all(server.sockets.map((socket) => once(socket, 'close')))
    client.pool.destroy()
    await closed
    assert.equal(ended, 0)
  })

  const hasIpv6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === '::1'))
  it('connects to an IPv6 address', { skip: hasIpv6 ? false : 'this machine has no ::1' }, async (t) => {
    const server = await rawServer(
      t,
      (socket, request) => socket.write(answer(/Host: (.*)\r/.exec(request)![1]!)),
      '::1',
    )
    assert.equal((await new Client(t).ask(server.url)).responseText, `[::1]:${server.port}`)
  })

  it('finds a host by its name', async (t) => {
    const server = await rawServer(t, (socket) => socket.write(answer('x')))
    const client = new Client(t)
    for (let round = 0; round < 2; round++)
      assert.equal((await client.ask(`http://localhost:${server.port}/`)).responseText, 'x')
  })
})

describe('failures', () => {
  it('refused', async (t) => {
    const server = await rawServer(t, () => {})
    const free = await closedPort()
    const { failure, handedMs } = await new Client(t).ask(server.url.replace(/\d+$/, `${free}`))
    assert.deepEqual(failure, { message: 'dial: connection refused', code: 1212 })
    assert.equal(handedMs, 0, 'it was never handed to a socket')
  })

  it('reset by the server', async (t) => {
    const server = await rawServer(t, (socket) => socket.resetAndDestroy())
    assert.deepEqual((await new Client(t).ask(server.url)).failure, {
      message: 'read: connection reset by peer',
      code: 1220,
    })
  })

  it('a name that does not exist', async (t) => {
    assert.equal((await new Client(t).ask('http://nowhere.invalid/')).failure?.code, 1101)
  })

  it('an answer that ends too early', async (t) => {
    const server = await rawServer(t, (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort'))
    const { failure, status } = await new Client(t).ask(server.url)
    assert.equal(failure?.code, 1000)
    assert.match(failure.message, /EOF/)
    assert.equal(status, 0)
  })

  it('an answer that is no HTTP ends the connection and only this request', async (t) => {
    const server = await rawServer(t, (socket, request) =>
      socket.write(request.startsWith('GET /bad') ? 'no HTTP at all\r\n' : answer('x')),
    )
    const client = new Client(t)
    const { failure } = await client.ask(`${server.url}/bad`)
    assert.equal(failure?.code, 1000)
    assert.match(failure.message, /malformed HTTP (response|version) "no/)
    assert.equal((await client.ask(`${server.url}/good`)).responseText, 'x')
    assert.equal(server.sockets.length, 2)
  })

  it('an upgrade that nobody asked for', async (t) => {
    const server = await rawServer(t, (socket) => socket.write('HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n'))
    assert.match((await new Client(t).ask(server.url)).failure!.message, /101 Switching Protocols/)
  })

  for (const [title, sent] of [
    ['no answer', ''],
    ['half of a head', 'HTTP/1.1 200 OK\r\nX-A: '],
    ['half of a body', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'],
    ['a body without end', 'HTTP/1.1 200 OK\r\n\r\nand so on'],
  ] as const) {
    it(`a time limit that passes over ${title}`, async (t) => {
      const server = await rawServer(t, (socket) => socket.write(sent))
      const client = new Client(t)
      const { failure } = await client.ask(server.url, { timeoutMs: 30 })
      assert.deepEqual(failure, { message: 'request timeout', code: 1050 })
      await once(server.sockets[0]!, 'close')
    })
  }

  it('a time limit holds for each request by itself', async (t) => {
    const server = await rawServer(t, (socket, request) => request.startsWith('GET /fast') && socket.write(answer('x')))
    const client = new Client(t)
    const [slow, fast, slower] = await Promise.all([
      client.ask(`${server.url}/slow`, { timeoutMs: 20 }),
      client.ask(`${server.url}/fast`, { timeoutMs: 20_000 }),
      client.ask(`${server.url}/slow`, { timeoutMs: 60 }),
    ])
    assert.deepEqual(
      [slow, fast, slower].map(({ failure }) => failure?.code),
      [1050, undefined, 1050],
    )
  })
})

/** A port that was free a moment ago. */
async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

describe('TLS', () => {
  /** A server with a certificate that nobody signed. */
  async function tlsServer(t: TestContext, hostname: string) {
    const server = createTlsServer(await selfSigned(hostname), (_, response) => response.end('secret'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    t.after(() => {
      server.closeAllConnections()
      server.close()
    })
    return `https://127.0.0.1:${(server.address() as AddressInfo).port}/`
  }

  it('refuses a certificate that nobody it trusts has signed', async (t) => {
    const { failure } = await new Client(t).ask(await tlsServer(t, '127.0.0.1'))
    assert.equal(failure?.code, errorCodes.unknownAuthority)
  })

  it('takes any certificate when told so, and keeps the connection', async (t) => {
    for (const hostname of ['127.0.0.1', 'elsewhere.example']) {
      const url = await tlsServer(t, hostname)
      const client = new Client(t, { insecureSkipTLSVerify: true })
      const first = await client.ask(url)
      const second = await client.ask(url)
      assert.deepEqual(
        [first, second].map(({ responseText }) => responseText),
        ['secret', 'secret'],
      )
      assert.ok(first.tlsHandshakingMs > 0)
      assert.equal(second.tlsHandshakingMs, 0)
    }
  })

  it('says so when the server speaks no TLS', async (t) => {
    const plain = await rawServer(t, () => {})
    const asking = new Client(t).ask(plain.url.replace('http:', 'https:'))
    while (plain.sockets.length === 0) await new Promise((resolve) => setImmediate(resolve))
    plain.sockets[0]!.write(answer('no TLS here'))
    assert.equal((await asking).failure?.code, 1301)
  })

  it('fails when the server closes within the handshake', async (t) => {
    const server = await rawServer(t, () => {})
    const asking = new Client(t).ask(server.url.replace('http:', 'https:'))
    while (server.sockets.length === 0) await new Promise((resolve) => setImmediate(resolve))
    server.sockets[0]!.end()
    assert.ok((await asking).failure)
  })
})

describe('bodies', () => {
  const text = 'Grüße, 你好 '.repeat(500)
  const compress: [encoding: string, bytes: Buffer][] = [
    ['identity', Buffer.from(text)],
    ['gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['br', brotliCompressSync(text)],
    ['zstd', zstdCompressSync(text)],
    ['gzip, br', brotliCompressSync(gzipSync(text))],
  ]
  for (const [encoding, bytes] of compress) {
    it(`decodes ${encoding}, with a length and in chunks`, async (t) => {
      const head = `HTTP/1.1 200 OK\r\nContent-Encoding: ${encoding}\r\n`
      const server = await rawServer(t, (socket, request) => {
        if (request.startsWith('GET /chunks')) sendChunks(socket, head, bytes)
        else socket.write(Buffer.concat([Buffer.from(`${head}Content-Length: ${bytes.length}\r\n\r\n`), bytes]))
      })
      const client = new Client(t)
      for (const path of ['/whole', '/chunks']) {
        assert.equal((await client.ask(server.url + path)).responseText, text)
        const { responseBytes } = await client.ask(server.url + path, { responseType: 'binary' })
        assert.equal(responseBytes!.toString(), text)
      }
      assert.equal(server.sockets.length, 1)
    })
  }

  it('fails with 1701 where a body is not what its encoding says, and keeps the connection', async (t) => {
    const server = await rawServer(t, (socket) => socket.write(answer('plain', 'Content-Encoding: gzip\r\n')))
    const client = new Client(t)
    assert.equal((await client.ask(server.url)).failure?.code, 1701)
    assert.equal((await client.ask(server.url)).failure?.code, 1701)
    assert.equal(server.sockets.length, 1)
  })

  it('reads nothing of a body that is not wanted, and not its encoding either', async (t) => {
    const server = await rawServer(t, (socket) => socket.write(answer('plain', 'Content-Encoding: gzip\r\n')))
    const { failure, status, responseText, receivedBytes } = await new Client(t).ask(server.url, {
      responseType: 'none',
    })
    assert.deepEqual([failure, status, responseText], [null, 200, ''])
    assert.equal(receivedBytes, answer('plain', 'Content-Encoding: gzip\r\n').length)
  })

  it('gives every byte of a binary body', async (t) => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
    const server = await rawServer(t, (socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 256\r\n\r\n')
      socket.write(bytes)
    })
    assert.deepEqual((await new Client(t).ask(server.url, { responseType: 'binary' })).responseBytes, bytes)
  })

  it('takes and gives megabytes', async (t) => {
    const large = Buffer.alloc(5_000_000, 'abcdefghij')
    const server = await rawServer(t, (socket, request) => {
      const body = request.slice(request.indexOf('\r\n\r\n') + 4)
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`)
      socket.write(body, 'latin1')
    })
    const { responseBytes, sentBytes } = await new Client(t).ask(server.url, {
      method: 'POST',
      body: large,
      responseType: 'binary',
    })
    assert.ok(responseBytes!.equals(large))
    assert.ok(sentBytes > large.length)
  })

  it('reads a body until the connection closes', async (t) => {
    const server = await rawServer(t, (socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\nfirst ')
      setImmediate(() => socket.end('second'))
    })
    const { failure, responseText, status } = await new Client(t).ask(server.url)
    assert.deepEqual([failure, responseText, status], [null, 'first second', 200])
  })

  it('reads what comes byte by byte', async (t) => {
    const bytes = Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n')
    const server = await rawServer(t, async (socket) => {
      for (const byte of bytes) {
        socket.write(Buffer.from([byte]))
        await new Promise((resolve) => setImmediate(resolve))
      }
    })
    const client = new Client(t)
    for (let round = 0; round < 2; round++) assert.equal((await client.ask(server.url)).responseText, 'hello')
    assert.equal(server.sockets.length, 1)
  })

  it('knows that an answer to HEAD has no body, and stays in step', async (t) => {
    const server = await rawServer(t, (socket, request) => {
      const whole = answer('hello')
      socket.write(request.startsWith('HEAD') ? whole.slice(0, -5) : whole)
    })
    const client = new Client(t)
    const head = await client.ask(server.url, { method: 'HEAD' })
    const get = await client.ask(server.url)
    assert.deepEqual([head.responseText, get.responseText, server.sockets.length], ['', 'hello', 1])
  })

  it('swallows 1xx responses', async (t) => {
    const server = await rawServer(t, (socket) => {
      socket.write('HTTP/1.1 100 Continue\r\n\r\n')
      setImmediate(() => socket.write(`HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${answer('hello')}`))
    })
    assert.equal((await new Client(t).ask(server.url)).responseText, 'hello')
  })
})

function sendChunks(socket: { write(bytes: string | Buffer): unknown }, head: string, bytes: Buffer): void {
  socket.write(`${head}Transfer-Encoding: chunked\r\n\r\n`)
  for (let at = 0; at < bytes.length; at += 100) {
    const chunk = bytes.subarray(at, at + 100)
    socket.write(`${chunk.length.toString(16)}\r\n`)
    socket.write(chunk)
    socket.write('\r\n')
  }
  socket.write('0\r\n\r\n')
}

describe('times', () => {
  it('come in order, and a connection is paid for once', async (t) => {
    const server = await rawServer(t, (socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe')
      setImmediate(() => socket.write('llo'))
    })
    const client = new Client(t)
    const first = await client.ask(server.url)
    const second = await client.ask(server.url)
    for (const { askedMs, handedMs, sentMs, firstByteMs, lastByteMs } of [first, second]) {
      assert.ok(
        askedMs > 0 && askedMs <= handedMs && handedMs <= sentMs && sentMs <= firstByteMs && firstByteMs <= lastByteMs,
      )
    }
    assert.ok(first.connectingMs > 0 && first.connectingMs <= first.handedMs - first.askedMs)
    assert.deepEqual([second.connectingMs, second.tlsHandshakingMs], [0, 0])
  })
})
