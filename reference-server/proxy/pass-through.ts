import type { ServerResponse } from 'node:http'
import type { GatewayConfig } from '../gateway/config.ts'
import type { Lifecycle } from '../gateway/lifecycle.ts'
import { headFor } from './headers.ts'
import { ModelServer } from './model-server.ts'
import type { AnswerHead, AnswerReceiver } from './passage.ts'
import type { ModelProxy, ProxyRequest } from './port.ts'

/** Writes an answer to the client as it comes, no faster than the client reads. */
class WrittenAnswer implements AnswerReceiver {
  readonly #response: ServerResponse
  readonly #lifecycle: Lifecycle
  #hasBody = false

  constructor(response: ServerResponse, lifecycle: Lifecycle) {
    this.#response = response
    this.#lifecycle = lifecycle
  }

  onHead({ status, statusText, headers }: AnswerHead): void {
    this.#response.writeHead(status, statusText, headFor(this.#response, headers, this.#lifecycle))
    // A head whose body is on its way already goes in one packet with it; one that has to wait for it goes alone.
    queueMicrotask(() => {
      if (!this.#hasBody) this.#response.flushHeaders()
    })
  }

  onBody(chunk: Buffer): boolean {
    this.#hasBody = true
    return this.#response.write(chunk)
  }

  whenReady(resume: () => void): void {
    this.#response.once('drain', resume)
  }
}

/**
 * Forwards at once what comes. The client's body has been read by then, since it is small (the gateway's limit holds)
 * and so one that is too large or cut off never gets to the model; the answer is streamed.
 */
class PassThroughProxy implements ModelProxy {
  readonly looks = 0
  readonly #model: ModelServer
  #inFlight = 0

  constructor(config: GatewayConfig) {
    this.#model = new ModelServer(config)
  }

  get inFlight(): number {
    return this.#inFlight
  }

  async forward(request: ProxyRequest, response: ServerResponse, signal: AbortSignal): Promise<void> {
    this.#inFlight += 1
    try {
      await this.#model.send(request, new WrittenAnswer(response, request.lifecycle), signal)
      response.end()
    } catch (error) {
      if (!response.headersSent) throw error
      response.destroy()
    } finally {
      this.#inFlight -= 1
    }
  }

  close(): Promise<void> {
    return this.#model.close()
  }
}

export const passThroughProxy = (config: GatewayConfig): ModelProxy => new PassThroughProxy(config)
