import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { it, type TestContext } from 'node:test'
import fastify from 'fastify'
import type { Gateway } from '../../../../reference-server/gateway/gateway.ts'
import { addTurns } from '../../../../reference-server/gateway/routes/turns.ts'
import type { Turn } from '../../../../reference-server/gateway/turn.ts'
import { eventDrivenStreams } from '../../../../reference-server/stream-consumer/event-driven.ts'
import { polledStreams } from '../../../../reference-server/stream-consumer/polling.ts'
import type { StreamConsumer, TokenSink } from '../../../../reference-server/stream-consumer/port.ts'
import { eventually } from '../../support/client.ts'

/** A client that takes what was written first and from then on nothing. */
const neverDrained = (sink: TokenSink): TokenSink => ({
  write: (tokens, firstIndex) => sink.write(tokens, firstIndex) && false,
  onDrain: () => {},
})

/** A turn whose client has its first token, and whose answer is complete but for that once `complete` is called. */
const beginTurn = async (t: TestContext, streams: StreamConsumer, turnTimeoutMs: number) => {
  const written = Promise.withResolvers<void>()
  const run = async ({ request: { listener } }: Turn) => {
    listener?.onToken('first')
    await written.promise
    listener?.onToken('last')
    return { content: 'firstlast', tokens: 2 }
  }
  const parts = { streamConsumer: { open: (sink: TokenSink) => streams.open(neverDrained(sink)) } }
  const app = fastify()
  app.decorateRequest('caller')
  app.addHook('onRequest', async (asked) => {
    asked.caller = { apiKey: 'key-a', app: 'app-a' }
  })
  addTurns(app, { config: { turnTimeoutMs }, parts, run, closed: () => {} } as unknown as Gateway)
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  t.after(() => {
    app.server.closeAllConnections()
    return app.close()
  })
  const headers = { 'content-type': 'application/json', accept: 'text/event-stream' }
  const asked = request(`${url}/v1/sessions/s/turns`, { method: 'POST', headers, agent: false })
  asked.on('error', () => {}).end('{"turn":1,"content":"hello"}')
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  response.on('error', () => {})
  assert.match(String((await once(response, 'data'))[0]), /"text":"first"/)
  return { complete: written.resolve, leave: () => asked.destroy(), response }
}

for (const [kind, make] of Object.entries({ 'event-driven': eventDrivenStreams, polled: polledStreams })) {
  it(`A client that goes while the end of its answer waits to be written leaves no stream behind, ${kind}`, async (t) => {
    const streams = make()
    const { complete, leave } = await beginTurn(t, streams, 600_000)
    complete()
    assert.equal(streams.openStreams, 1)
    leave()
    await eventually(
      async () => streams.openStreams,
      (open) => open === 0,
    )
  })

  it(`A client that stays and takes no more of its answer is cut off when a turn's time has passed again, ${kind}`, async (t) => {
    const streams = make()
    const { complete, response } = await beginTurn(t, streams, 20)
    complete()
    await eventually(
      async () => [response.destroyed, streams.openStreams],
      ([isCut, open]) => isCut === true && open === 0,
    )
    // It was not told that this is all.
    assert.equal(response.complete, false)
  })
}
