import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { Lateness } from '../../../../reference-server/services/lateness.ts'
import { type ModelOptions, ModelStub } from '../../../../reference-server/services/model.ts'
import { routes } from '../../../../reference-server/services/routes.ts'

export interface Message {
  role: string
  content: string | null
  tool_calls?: unknown
  tool_call_id?: string
}

export interface StubServer {
  url: string
  lateness: Lateness
  /** Asks the model for an answer to these messages, or to this one user message, as session `s`, turn 3. */
  ask(messages: string | Message[], stream?: boolean, signal?: AbortSignal): Promise<Response>
  get(path: string): Promise<unknown>
}

/** The stubs' routes on a free port, in this process; at once where the test does not say otherwise. */
export const stubServer = async (t: TestContext, options: ModelOptions = { latencyMs: 0 }): Promise<StubServer> => {
  const lateness = new Lateness()
  const server = createServer(routes(new ModelStub(lateness, options), lateness))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const headers = { authorization: 'Bearer key-a' }
  return {
    url,
    lateness,
    ask: (asked, stream = false, signal) => {
      const messages = typeof asked === 'string' ? [{ role: 'user', content: asked }] : asked
      const body = JSON.stringify({ model: 'm', stream, messages, metadata: { session: 's', turn: '3' } })
      return fetch(`${url}/v1/chat/completions`, { method: 'POST', headers, body, signal: signal ?? null })
    },
    get: async (path) => (await fetch(url + path, { headers })).json(),
  }
}
