import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type IncomingMessage, request, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { it, type TestContext } from 'node:test'
import fastify from 'fastify'
import type { Gateway } from '../../../../reference-server/gateway/gateway.ts'
import { ClientGone } from '../../../../reference-server/gateway/problems.ts'
import type { Proxied } from '../../../../reference-server/gateway/proxied.ts'
import { addProxy } from '../../../../reference-server/gateway/routes/proxy.ts'
import { eventually } from '../../support/client.ts'

/** More than the system's own buffers take. */
const answerBytes = 20_000_000

/** A server with the proxy alone, before a gateway that does what the test says. */
const listen = async (t: TestContext, gateway: object): Promise<string> => {
  const app = fastify()
  app.decorateRequest('caller')
  app.addHook('onRequest', async (asked) => {
    asked.caller = { apiKey: 'key-a', app: 'app-a' }
  })
  addProxy(app, { config: { turnTimeoutMs: 60_000 }, ...gateway } as unknown as Gateway)
  t.after(() => {
    app.server.closeAllConnections()
    return app.close()
  })
  return app.listen({ port: 0, host: '127.0.0.1' })
}

/** A proxied request whose whole answer the model has given; what the gateway has of it, and its client's side. */
const passWhole = async (t: TestContext, turnTimeoutMs: number) => {
  const closed: Proxied[] = []
  const responses: ServerResponse[] = []
  const pass = async (_proxied: Proxied, response: ServerResponse): Promise<void> => {
    responses.push(response)
    response.writeHead(200).end(Buffer.alloc(answerBytes))
  }
  const proxiedClosed = (proxied: Proxied): void => void closed.push(proxied)
  const url = await listen(t, { config: { turnTimeoutMs }, pass, proxiedClosed })
  const asked = request(`${url}/v1/proxy/models`, { agent: false })
  asked.on('error', () => {}).end()
  // One that reads nothing does not see that it is cut off, either.
  t.after(() => asked.destroy())
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  response.on('error', () => {})
  return { closed, responses, response }
}

it('A client that takes no more of a proxied answer is cut off when a turn’s time has passed again', async (t) => {
  const { closed, responses } = await passWhole(t, 20)
  await eventually(
    async () => closed.length,
    (count) => count === 1,
  )
  // It was not told that this is all.
  assert.equal(responses[0]!.writableFinished, false)
  assert.ok(closed[0]!.cancel.signal.reason instanceof ClientGone)
})

it('A client that takes a proxied answer has all of it', async (t) => {
  const { closed, response } = await passWhole(t, 600_000)
  assert.equal((await buffer(response)).length, answerBytes)
  await eventually(
    async () => closed.length,
    (count) => count === 1,
  )
  assert.equal(closed[0]!.cancel.signal.aborted, false)
})

it('What is asked for as a whole URL is what lies behind the proxy, too', async (t) => {
  const paths: string[] = []
  const pass = async ({ request: { path } }: Proxied, response: ServerResponse): Promise<void> => {
    paths.push(path)
    response.writeHead(200).end()
  }
  const url = await listen(t, { pass, proxiedClosed: () => {} })
  const { port } = new URL(url)
  for (const path of ['/v1/proxy/models?a=b%2Fc', 'http://gateway.example:80/v1/proxy/models?a=http://x/'])
    await once(request({ host: '127.0.0.1', port, path, agent: false }).end(), 'response')
  assert.deepEqual(paths, ['/v1/models?a=b%2Fc', '/v1/models?a=http://x/'])
})
