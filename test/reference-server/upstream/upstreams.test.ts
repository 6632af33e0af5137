import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { type Certificates, makeCertificates } from '../../../reference-server/certificates.ts'
import type { GatewayConfig } from '../../../reference-server/gateway/config.ts'
import { planAnswer } from '../../../reference-server/services/answers.ts'
import { Lateness } from '../../../reference-server/services/lateness.ts'
import { ModelStub } from '../../../reference-server/services/model.ts'
import { perCallUpstream } from '../../../reference-server/upstream/per-call.ts'
import { pooledUpstream } from '../../../reference-server/upstream/pooled.ts'
import type { ModelCall } from '../../../reference-server/upstream/port.ts'
import { eventually } from '../support/client.ts'

const model = new ModelStub(new Lateness())
let server: Server
let config: GatewayConfig
before(async () => {
  const made: Certificates = await makeCertificates(1)
  server = createServer({ cert: made.certificate, key: made.key }, (request, response) =>
    model.handle(request, response),
  )
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const modelUrl = new URL(`https://localhost:${(server.address() as AddressInfo).port}`)
  const known = { modelUrl, modelName: 'm', authority: made.ca, upstreamTimeoutMs: 60_000, permits: 8 }
  config = { ...known, callers: [{ apiKey: 'key-a', app: 'app-a' }] } as unknown as GatewayConfig
})
after(() => {
  server.close()
  server.closeAllConnections()
})

const call = (content: string, apiKey = 'key-a'): ModelCall => ({
  ...{ apiKey, session: 's', turn: 1, messages: [{ role: 'user', content }], toolsJson: '' },
  signal: new AbortController().signal,
})

const kinds = [
  { kind: 'pooled', make: pooledUpstream, connections: 2, what: 'one connection for each API key' },
  { kind: 'per call', make: perCallUpstream, connections: 4, what: 'a connection for each call' },
]
/** Takes a stream and says nothing. */
const deaf = { onToken: () => true, whenReady: (resume: () => void) => resume() }

for (const { kind, make, connections, what } of kinds) {
  describe(`Upstream, ${kind}`, () => {
    it(`makes ${what} when calls follow each other`, async (t) => {
      const upstream = make(config)
      t.after(() => upstream.close())
      const { tokens } = planAnswer('s', '1')
      for (const key of ['key-a', 'key-b', 'key-a', 'key-b']) {
        assert.deepEqual(await upstream.complete(call('hello', key)), { content: tokens.join(''), tokens: 8 })
      }
      assert.equal(upstream.connectionsMade, connections)
      assert.equal(upstream.callsInFlight, 0)
    })

    it('closes the call of a turn that is given up, so that the model stops too', async (t) => {
      const upstream = make(config)
      t.after(() => upstream.close())
      const cancel = new AbortController()
      const calls = [{}, { stream: deaf }].map((receiver) =>
        upstream.complete({ ...call('stub:hang'), signal: cancel.signal, ...receiver }),
      )
      await eventually(
        async () => model.inFlight,
        (count) => count === 2,
      )
      cancel.abort(new Error('gone'))
      for (const given of calls) await assert.rejects(given, /gone/)
      assert.equal(upstream.callsInFlight, 0)
      await eventually(
        async () => model.inFlight,
        (count) => count === 0,
      )
    })

    it('ends a call at its deadline, also in the middle of a stream, so that the model stops too', async (t) => {
      const upstream = make({ ...config, upstreamTimeoutMs: 300 })
      t.after(() => upstream.close())
      const streamed = upstream.complete({ ...call('stub:take-20000'), stream: deaf })
      await assert.rejects(streamed, { status: 504, message: 'the model did not answer within 300 ms' })
      await eventually(
        async () => model.inFlight,
        (count) => count === 0,
      )
    })

    it('does not talk to a model whose certificate another authority signed', async (t) => {
      const { ca } = await makeCertificates(1)
      const upstream = make({ ...config, authority: ca })
      t.after(() => upstream.close())
      await assert.rejects(upstream.complete(call('hello')), { status: 502 })
    })
  })
}
