import type { Dispatcher, Pool } from 'undici'
import type { GatewayConfig } from '../gateway/config.ts'
import { Problem } from '../gateway/problems.ts'
import { basePathOf, keptAlive } from '../upstream/connections.ts'
import { requestHeaders } from './headers.ts'
import { type AnswerReceiver, Passage } from './passage.ts'
import type { ProxyRequest } from './port.ts'
import { targetPath } from './target.ts'

const methods: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']

/**
 * The model's server as proxied requests reach it. The connections are their own, because a client that reads slowly
 * holds one for as long as it likes and must not take it from the turns; and there are as many as requests, because in a
 * pool with an end a few slow clients would keep all others waiting.
 */
export class ModelServer {
  readonly #pool: Pool
  readonly #basePath: string
  readonly #deadlineMs: number

  constructor({ modelUrl, authority, upstreamTimeoutMs }: GatewayConfig) {
    this.#basePath = basePathOf(modelUrl)
    this.#deadlineMs = upstreamTimeoutMs
    this.#pool = keptAlive(modelUrl, authority)
  }

  /**
   * Sends a request and resolves when its answer was received.
   * @throws Problem 400 or 405 for what is not sent at all, 502 or 504, or the signal's reason
   */
  async send(request: ProxyRequest, receiver: AnswerReceiver, signal: AbortSignal): Promise<void> {
    const { method, body } = request
    if (!methods.includes(method)) throw new Problem(405, `the proxy passes on ${methods.join(', ')}; not ${method}`)
    const path = targetPath(this.#basePath, request.path)
    const headers = requestHeaders(request.headers, request.apiKey)
    const passage = new Passage(receiver, request.lifecycle, {
      service: 'the model',
      signal,
      deadlineMs: this.#deadlineMs,
    })
    const sent = { method: method as Dispatcher.HttpMethod, path, headers, body: body ?? null }
    request.lifecycle.mark('upstream-started')
    await passage.send(this.#pool, sent)
  }

  close(): Promise<void> {
    return this.#pool.destroy()
  }
}
