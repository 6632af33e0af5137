import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, before, describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import type { GatewayConfig } from '../../../reference-server/gateway/config.ts'
import { perCallKnowledge } from '../../../reference-server/knowledge/per-call.ts'
import { pooledKnowledge } from '../../../reference-server/knowledge/pooled.ts'
import { eventually } from '../support/client.ts'

let server: Server
let config: GatewayConfig
let connections = 0
let open = 0
let hanging = 0

before(async () => {
  server = createServer(async (request, response) => {
    if (request.url === '/base/healthz') return void response.end('{}')
    const { query } = JSON.parse(await text(request))
    if (query === 'hang') {
      hanging += 1
      return void response.on('close', () => (hanging -= 1))
    }
    response.end(query === 'bad' ? '{"documents":7}' : JSON.stringify({ documents: [{ text: `of ${query}` }] }))
  })
  server.on('connection', (socket) => {
    connections += 1
    open += 1
    socket.on('close', () => (open -= 1))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const knowledgeUrl = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/base/`)
  config = { knowledgeUrl, authority: '', upstreamTimeoutMs: 60_000 } as unknown as GatewayConfig
})
after(() => {
  server.close()
  server.closeAllConnections()
})

const never = () => new AbortController().signal

const kinds = [
  { kind: 'pooled', make: pooledKnowledge, made: 1, what: 'one connection, which stays open' },
  { kind: 'per call', make: perCallKnowledge, made: 3, what: 'a connection for each look-up, closed after it' },
]
for (const { kind, make, made, what } of kinds) {
  describe(`Knowledge, ${kind}`, () => {
    it(`makes ${what}`, async (t) => {
      const before = connections
      const knowledge = make(config)
      t.after(() => knowledge.close())
      for (const query of ['a', 'b', 'c']) {
        assert.deepEqual(await knowledge.lookUp(query, never()), [`of ${query}`])
        // The client takes its connection back after it has given the answer.
        await setImmediate()
      }
      assert.equal(connections - before, made)
      assert.equal(knowledge.callsInFlight, 0)
      await eventually(
        async () => open,
        (count) => count === (kind === 'pooled' ? 1 : 0),
      )
    })

    it('closes the look-up of a turn that is given up', async (t) => {
      const knowledge = make(config)
      t.after(() => knowledge.close())
      const cancel = new AbortController()
      const given = knowledge.lookUp('hang', cancel.signal)
      await eventually(
        async () => hanging,
        (count) => count === 1,
      )
      assert.equal(knowledge.callsInFlight, 1)
      cancel.abort(new Error('gone'))
      await assert.rejects(given, /gone/)
      assert.equal(knowledge.callsInFlight, 0)
      await eventually(
        async () => hanging,
        (count) => count === 0,
      )
    })

    it('can be checked, and says 502 for an answer that is no list of documents, 504 for none in time', async (t) => {
      const knowledge = make({ ...config, upstreamTimeoutMs: 100 })
      t.after(() => knowledge.close())
      await knowledge.check(never())
      await assert.rejects(knowledge.lookUp('bad', never()), { status: 502 })
      await assert.rejects(knowledge.lookUp('hang', never()), { status: 504 })
    })

    it('has closed every connection when it is closed', async () => {
      const knowledge = make(config)
      await knowledge.lookUp('a', never())
      await knowledge.close()
      await eventually(
        async () => open,
        (count) => count === 0,
      )
    })
  })
}
