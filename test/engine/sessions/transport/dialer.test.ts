import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { errorCodes } from '../../../../harness/engine/sessions/transport/failure.ts'
import { answer, Client, rawServer } from './http-support.ts'
import { dialerOf, RecordedSession } from './websocket-support.ts'

it('leads a name, a name with a port and all below a name to where hosts says', async (t) => {
  const server = await rawServer(t, (socket, request) => socket.write(answer(/Host: (.*)\r/.exec(request)![1]!)))
  const other = await rawServer(t, (socket) => socket.write(answer('other')))
  const client = new Client(t, {
    hosts: {
      'one.test': '127.0.0.1',
      'two.test:81': `127.0.0.1:${server.port}`,
      '*.three.test': `127.0.0.1:${server.port}`,
      'x.three.test': `127.0.0.1:${other.port}`,
    },
  })
  for (const [url, body] of [
    [`http://one.test:${server.port}/`, `one.test:${server.port}`],
    ['http://TWO.test:81/', 'TWO.test:81'],
    ['http://a.b.three.test/', 'a.b.three.test'],
    ['http://x.three.test/', 'other'],
  ] as const) {
    assert.equal((await client.ask(url)).responseText, body)
  }
})

it('leads a name to a unix socket', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-'))
  const path = join(folder, 'app.sock')
  const server = createServer((request, response) => response.end(`${request.headers.host}${request.url}`))
  await new Promise<void>((resolve) => server.listen(path, resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
    rmSync(folder, { recursive: true })
  })
  const client = new Client(t, { hosts: { 'app.local': `unix:${path}` } })
  assert.equal((await client.ask('http://app.local/x')).responseText, 'app.local/x')
  const elsewhere = new Client(t, { hosts: { 'app.local': `unix:${path}.not` } })
  assert.equal((await elsewhere.ask('http://app.local/x')).failure?.code, errorCodes.dialUnknownErrno)
})

it('refuses blocked names and addresses, also those that names lead to, as k6 tells it', async (t) => {
  const client = new Client(t, {
    blockHostnames: ['*.blocked.test', 'localhost'],
    blacklistIPs: ['10.0.0.0/8', '127.0.0.2/32', '::1/128'],
    hosts: { 'inner.test': '10.1.2.3' },
  })
  const blocked = { message: 'hostname is blocked', code: 1111 }
  const blacklisted = { message: 'ip is blacklisted', code: 1110 }
  for (const [url, failure] of [
    ['http://a.blocked.test/', blocked],
    ['http://LOCALHOST/', blocked],
    ['http://10.9.9.9/', blacklisted],
    ['http://[::1]/', blacklisted],
    ['http://inner.test/', blacklisted],
    ['https://127.0.0.2/', blacklisted],
  ] as const) {
    assert.deepEqual((await client.ask(url)).failure, failure, url)
  }
})

it('refuses an address that the resolver names', async (t) => {
  const client = new Client(t, { blacklistIPs: ['127.0.0.0/8', '::1/128'] })
  assert.equal((await client.ask('http://localhost:1/')).failure?.code, errorCodes.blockedAddress)
})

it('connects WebSockets by the same rules', async (t) => {
  const session = new RecordedSession(t, 'ws://a.test/', { dialer: dialerOf({ blockHostnames: ['a.test'] }) })
  await session.closed
  assert.equal(session.error?.code, 'BLOCKED_HOSTNAME')
})

it('gives users local addresses in turn', async (t) => {
  const from: string[] = []
  const server = await rawServer(t, (socket) => {
    from.push(socket.remoteAddress!)
    socket.write(answer('x'))
  })
  for (const userId of [1, 2, 3, 4]) {
    const client = new Client(t, { localIPs: '127.0.0.5-127.0.0.6,127.0.0.9' }, userId)
    assert.equal((await client.ask(server.url)).failure, null)
  }
  assert.deepEqual(from, ['127.0.0.5', '127.0.0.6', '127.0.0.9', '127.0.0.5'])
})

it('closes idle connections with the iteration when told so', async (t) => {
  const server = await rawServer(t, (socket) => socket.write(answer('x')))
  for (const [options, connections] of [
    [{ noVUConnectionReuse: true }, 2],
    [{}, 1],
  ] as const) {
    const before = server.sockets.length
    const client = new Client(t, options)
    for (let iteration = 0; iteration < 2; iteration++) {
      for (let request = 0; request < 3; request++) await client.ask(server.url)
      client.pool.onIterationEnd()
    }
    assert.equal(server.sockets.length - before, connections)
  }
})

it('keeps no more idle connections to a server than k6', async (t) => {
  const server = await rawServer(t, (socket) => setImmediate(() => socket.write(answer('x'))))
  const client = new Client(t)
  await Promise.all(Array.from({ length: 10 }, () => client.ask(server.url)))
  await Promise.all(Array.from({ length: 10 }, () => client.ask(server.url)))
  assert.equal(server.sockets.length, 14)
})

const hasIpv6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === '::1'))
it('takes an IPv6 address where a name has one and the policy wants it', {
  skip: hasIpv6 ? false : 'this machine has no ::1',
}, async (t) => {
  const server = await rawServer(t, (socket) => socket.write(answer(socket.remoteAddress!)), '::1')
  const client = new Client(t, { hosts: { 'six.test': `[::1]:${server.port}` } })
  assert.equal((await client.ask('http://six.test/')).responseText, '::1')
})

it('says that a proxy of the environment is not used, and only of what would go through it', async (t) => {
  const before = process.env.HTTP_PROXY
  process.env.HTTP_PROXY = 'http://127.0.0.1:9'
  t.after(() => {
    if (before === undefined) delete process.env.HTTP_PROXY
    else process.env.HTTP_PROXY = before
  })
  const server = await rawServer(t, (socket) => socket.write(answer('x')))
  const client = new Client(t, { hosts: { 'far.test': '127.0.0.1' } })
  await client.ask(server.url)
  assert.deepEqual(client.warnings, [])
  await client.ask(`http://far.test:${server.port}/`)
  assert.match(
    client.warnings[0]!,
    /^HTTP_PROXY is set, and this engine does not use proxies: it connects to far\.test/,
  )
})
