import type { ServerResponse } from 'node:http'
import type { GatewayConfig } from '../gateway/config.ts'
import type { Lifecycle } from '../gateway/lifecycle.ts'
import { headFor } from './headers.ts'
import { ModelServer } from './model-server.ts'
import type { AnswerHead, AnswerReceiver } from './passage.ts'
import type { ModelProxy, ProxyRequest } from './port.ts'

const lookEveryMs = 50
/** An answer has to fit into the cache. */
const mostBytes = 10_000_000

/** Collects an answer. */
class CollectedAnswer implements AnswerReceiver {
  #head: AnswerHead | undefined
  readonly #chunks: Buffer[] = []
  #bytes = 0

  onHead(head: AnswerHead): void {
    this.#head = head
  }

  onBody(chunk: Buffer): boolean {
    this.#bytes += chunk.length
    if (this.#bytes > mostBytes) throw new Error(`it has more than ${mostBytes} bytes`)
    this.#chunks.push(chunk)
    return true
  }

  /** There is always room. */
  whenReady(resume: () => void): void {
    resume()
  }

  writeTo(response: ServerResponse, lifecycle: Lifecycle): void {
    const { status, statusText, headers } = this.#head!
    response.writeHead(status, statusText, headFor(response, headers, lifecycle)).end(Buffer.concat(this.#chunks))
  }
}

type CachedOutcome = { answer: CollectedAnswer } | { error: unknown }

/**
 * The model's whole answer goes to a response cache, where its request looks for it every 50 ms while it is in flight.
 * An answer that nobody waits for any more is not kept.
 */
class PollingProxy implements ModelProxy {
  readonly #model: ModelServer
  readonly #cache = new Map<number, CachedOutcome>()
  looks = 0
  #lastId = 0
  #inFlight = 0

  constructor(config: GatewayConfig) {
    this.#model = new ModelServer(config)
  }

  get inFlight(): number {
    return this.#inFlight
  }

  async forward(request: ProxyRequest, response: ServerResponse, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    const id = ++this.#lastId
    this.#inFlight += 1
    try {
      void this.#answerIntoCache(id, request, signal)
      const found = await this.#poll(id, signal)
      if ('error' in found) throw found.error
      found.answer.writeTo(response, request.lifecycle)
    } finally {
      this.#inFlight -= 1
    }
  }

  close(): Promise<void> {
    return this.#model.close()
  }

  async #answerIntoCache(id: number, request: ProxyRequest, signal: AbortSignal): Promise<void> {
    const answer = new CollectedAnswer()
    try {
      await this.#model.send(request, answer, signal)
      if (!signal.aborted) this.#cache.set(id, { answer })
    } catch (error) {
      if (!signal.aborted) this.#cache.set(id, { error })
    }
  }

  #poll(id: number, signal: AbortSignal): Promise<CachedOutcome> {
    const { promise, resolve, reject } = Promise.withResolvers<CachedOutcome>()
    const timer = setInterval(() => {
      this.looks += 1
      const found = this.#cache.get(id)
      if (found) resolve(found)
    }, lookEveryMs)
    const onAbort = (): void => reject(signal.reason)
    signal.addEventListener('abort', onAbort)
    return promise.finally(() => {
      clearInterval(timer)
      signal.removeEventListener('abort', onAbort)
      this.#cache.delete(id)
    })
  }
}

export const pollingProxy = (config: GatewayConfig): ModelProxy => new PollingProxy(config)
