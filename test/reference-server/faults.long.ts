import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { eventually, heldByTurns, nothingHeld, postTurn, putSession } from './support/client.ts'
import { type Services, startGateway, startServices } from './support/processes.ts'

/** A host that takes connections and requests and never answers, but says that it is well. */
const silentHost = async (): Promise<{ url: string; server: Server }> => {
  const server = createServer((request, response) => {
    if (request.url === '/healthz') response.end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server }
}

let services: Services
let silent: Awaited<ReturnType<typeof silentHost>>
before(async () => {
  ;[services, silent] = await Promise.all([startServices({ MODEL_LATENCY_MS: '0' }), silentHost()])
})
after(async () => {
  silent.server.closeAllConnections()
  silent.server.close()
  await services.stop()
})

describe('Hosts that take requests and are silent', { concurrency: 1 }, () => {
  const deadlines = { UPSTREAM_TIMEOUT_MS: '300', TURN_TIMEOUT_MS: '5000' }
  const ask = async (
    env: Record<string, string>,
    content: string,
  ): Promise<{ status: number; detail?: string; tokens?: number }> => {
    const gateway = await startGateway('optimized', { ...services.env, ...deadlines, ...env })
    try {
      await putSession(gateway.url, 's')
      const response = await postTurn(gateway.url, 's', 0, content)
      const ending = (await response.json()) as { detail?: string; tokens?: number }
      await eventually(
        () => heldByTurns(gateway.url),
        (held) => JSON.stringify(held) === JSON.stringify(nothingHeld),
      )
      return { ...ending, status: response.status }
    } finally {
      await gateway.stop()
    }
  }

  it('The knowledge base: the turn ends with 504, which names it', async () => {
    const { status, detail } = await ask({ KNOWLEDGE_URL: silent.url, MEMORY_URL: services.url }, 'hello')
    assert.deepEqual([status, detail], [504, 'the knowledge base did not answer within 300 ms'])
  })

  it('The memory service: the turn goes on without memories', async () => {
    const { status, tokens } = await ask({ MEMORY_URL: silent.url }, 'hello')
    assert.deepEqual([status, tokens], [200, 8])
  })

  it('The tool host: the model is told, and the turn goes on', async () => {
    const { status, tokens } = await ask({ TOOLS_URL: silent.url }, 'stub:tool-fetch-{"name":"x"}')
    assert.deepEqual([status, tokens], [200, 8])
  })
})

it('A model that asks for tools for ever is stopped after eight rounds, with 502', async (t) => {
  const asking = await askingModel()
  t.after(() => asking.close())
  const { port } = asking.address() as AddressInfo
  const gateway = await startGateway('optimized', { ...services.env, MODEL_URL: `http://127.0.0.1:${port}` })
  t.after(() => gateway.stop())
  await putSession(gateway.url, 's')
  const response = await postTurn(gateway.url, 's', 0, 'hello')
  const { detail } = (await response.json()) as { detail: string }
  assert.deepEqual([response.status, detail], [502, 'the model asked for tools 8 times over in one turn'])
  assert.deepEqual(await heldByTurns(gateway.url), nothingHeld)
})

/** Whatever it is shown, it wants the same tool run again. */
const askingModel = async (): Promise<Server> => {
  const call = { id: 'c', type: 'function', function: { name: 'calculate', arguments: '{"expression":"1+1"}' } }
  const choices = [{ index: 0, message: { role: 'assistant', content: null, tool_calls: [call] } }]
  const body = JSON.stringify({ choices, usage: { completion_tokens: 0 } })
  const server = createServer((request, response) => request.resume().on('end', () => response.end(body)))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}
