import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, before, beforeEach, describe, it } from 'node:test'
import type { HostConfig } from '../../../reference-server/tool-host/ask.ts'
import { perCallToolHost } from '../../../reference-server/tool-host/per-call.ts'
import { pooledToolHost } from '../../../reference-server/tool-host/pooled.ts'
import { eventually } from '../support/client.ts'

/** A host that answers when the test says so, and counts its connections. */
const sockets = new Set<Socket>()
let waiting: { request: IncomingMessage; response: ServerResponse }[] = []
let server: Server
let config: HostConfig

before(async () => {
  server = createServer((request, response) => void waiting.push({ request, response }))
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const toolsUrl = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/base/`)
  config = { toolsUrl, authority: '', upstreamTimeoutMs: 60_000 }
})
after(() => {
  server.close()
  server.closeAllConnections()
})
beforeEach(() => {
  waiting = []
})

const unaborted = new AbortController().signal
const arrived = (count: number) =>
  eventually(
    async () => waiting.length,
    (seen) => seen === count,
  )
const answer = (body: string, status = 200): void => {
  for (const { response } of waiting.splice(0)) response.writeHead(status).end(body)
}
const open = (count: number) =>
  eventually(
    async () => sockets.size,
    (seen) => seen === count,
  )

const kinds = { pooled: pooledToolHost, 'per call': perCallToolHost }
for (const [kind, make] of Object.entries(kinds)) {
  describe(`A tool host, ${kind}`, () => {
    const start = (t: it.TestContext, more: Partial<HostConfig> = {}) => {
      const host = make({ ...config, ...more })
      t.after(() => host.close())
      return host
    }

    it('is asked with GET, or with POST where there is a body', async (t) => {
      const host = start(t)
      const asked = [host.ask({ name: 'weather', query: { q: 'a b&c' } }, unaborted)]
      asked.push(host.ask({ name: 'weather', body: { city: 'Vienna' } }, unaborted))
      await arrived(2)
      const requests = waiting.map(({ request }) => request).sort((a, b) => (a.method! < b.method! ? -1 : 1))
      assert.deepEqual(
        requests.map(({ method, url }) => `${method} ${url}`),
        ['GET /base/tools/weather?q=a+b%26c', 'POST /base/tools/weather'],
      )
      assert.equal(await text(requests[1]!), '{"city":"Vienna"}')
      answer('grüß')
      assert.deepEqual(await Promise.all(asked), ['grüß', 'grüß'])
      assert.equal(host.callsInFlight, 0)
    })

    it('that fails, says too much or hangs is told of as a problem', async (t) => {
      const host = start(t)
      const failed = assert.rejects(host.ask({ name: 'a' }, unaborted), { status: 502, message: /with status 500$/ })
      await arrived(1)
      answer('', 500)
      await failed
      const long = assert.rejects(host.ask({ name: 'a' }, unaborted), {
        status: 502,
        message: /more than 200000 bytes/,
      })
      await arrived(1)
      answer('x'.repeat(200_001))
      await long
      const hung = start(t, { upstreamTimeoutMs: 50 }).ask({ name: 'a' }, unaborted)
      await assert.rejects(hung, { status: 504 })
    })

    it('is no longer asked once the call is given up', async (t) => {
      const host = start(t)
      const cancel = new AbortController()
      const given = assert.rejects(host.ask({ name: 'a' }, cancel.signal), /client gone/)
      await arrived(1)
      const closed = once(waiting[0]!.response, 'close')
      cancel.abort(new Error('client gone'))
      await Promise.all([given, closed])
      assert.equal(host.callsInFlight, 0)
    })
  })
}

it('A pooled tool host has at most 20 connections, of which 10 stay open', async (t) => {
  const host = pooledToolHost(config)
  t.after(() => host.close())
  await open(0)
  const asked = Array.from({ length: 35 }, () => host.ask({ name: 'a' }, unaborted))
  await arrived(20)
  assert.deepEqual([sockets.size, host.callsInFlight], [20, 35])
  answer('first')
  await arrived(15)
  assert.ok(sockets.size <= 20, `${sockets.size} connections`)
  answer('second')
  await Promise.all(asked)
  await open(10)
  const made = host.connectionsMade
  const again = Array.from({ length: 10 }, () => host.ask({ name: 'a' }, unaborted))
  await arrived(10)
  answer('third')
  assert.deepEqual(await Promise.all(again), Array(10).fill('third'))
  assert.equal(host.connectionsMade, made)
})

it('A tool host that is asked with a new client for each call makes a connection for each, and keeps none', async (t) => {
  const host = perCallToolHost(config)
  t.after(() => host.close())
  await open(0)
  for (let call = 0; call < 3; call++) {
    const asked = host.ask({ name: 'a' }, unaborted)
    await arrived(1)
    answer('')
    await asked
  }
  assert.equal(host.connectionsMade, 3)
  await open(0)
})
