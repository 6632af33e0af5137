import type { Dispatcher } from 'undici'
import { messageOf } from '../errors.ts'
import { deadlinePassed, upstreamFailed } from '../gateway/problems.ts'

/** What is collected of a body at most. */
const mostBytes = 10_000_000

export interface ExchangeRequest {
  /** For messages: `the model`. */
  service: string
  method: 'GET' | 'POST'
  path: string
  headers: Record<string, string>
  payload?: string
  signal: AbortSignal
  /** The whole exchange has to end within this time. */
  deadlineMs: number
  /** Takes the body piece by piece; where absent it is collected. */
  body?: BodyReceiver
}

/** Takes a body piece by piece. */
export interface BodyReceiver {
  /** @returns false where the connection is not to be read on until `whenReady` calls back */
  onData(chunk: Buffer): boolean
  whenReady(resume: () => void): void
}

/**
 * One HTTP exchange, written on the client's dispatch interface because it is the hottest path of the gateway. However
 * it ends early (deadline, signal, an error while the body is read), the request is closed at once.
 */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #request: ExchangeRequest
  readonly #settled = Promise.withResolvers<string>()
  readonly #timer: NodeJS.Timeout
  readonly #chunks: Buffer[] = []
  #controller: Dispatcher.DispatchController | undefined
  #status = 0
  #bytes = 0
  #error: unknown

  constructor(request: ExchangeRequest) {
    this.#request = request
    this.#timer = setTimeout(() => this.#giveUp(this.#late()), request.deadlineMs)
    request.signal.addEventListener('abort', this.#onAbort)
  }

  get outcome(): Promise<string> {
    return this.#settled.promise
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#error !== undefined) controller.abort(new Error('given up before it was sent'))
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    // What a failure says of itself is passed over.
    if (this.#status !== 200) return
    const { body } = this.#request
    try {
      if (!body) this.#collect(chunk)
      else if (!body.onData(chunk)) this.#pause(body)
    } catch (error) {
      this.#giveUp(error)
    }
  }

  onResponseEnd(): void {
    if (this.#status === 200) this.#settle(() => this.#settled.resolve(Buffer.concat(this.#chunks).toString()))
    else this.#fail(upstreamFailed(`${this.#request.service} answered with status ${this.#status}`))
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(upstreamFailed(`the call to ${this.#request.service} failed: ${messageOf(error)}`, error))
  }

  #collect(chunk: Buffer): void {
    this.#bytes += chunk.length
    if (this.#bytes > mostBytes)
      throw upstreamFailed(`${this.#request.service} answered with more than ${mostBytes} bytes`)
    this.#chunks.push(chunk)
  }

  /** The deadline holds while nothing is read. */
  #pause(body: BodyReceiver): void {
    this.#controller?.pause()
    body.whenReady(() => this.#controller?.resume())
  }

  readonly #onAbort = (): void => this.#giveUp(this.#request.signal.reason)

  #late(): Error {
    return deadlinePassed(`${this.#request.service} did not answer within ${this.#request.deadlineMs} ms`)
  }

  #giveUp(error: unknown): void {
    this.#fail(error)
    this.#controller?.abort(new Error('given up'))
  }

  #fail(error: unknown): void {
    this.#error ??= error
    this.#settle(() => this.#settled.reject(error))
  }

  #settle(settle: () => void): void {
    clearTimeout(this.#timer)
    this.#request.signal.removeEventListener('abort', this.#onAbort)
    settle()
  }
}

/**
 * Sends one request and resolves with the body's text (empty where `body` took it).
 * @throws Problem 502 for any other status than 200 or a failed connection, 504 past the deadline; else the signal's
 *   reason, or what `onData` threw
 */
export const exchange = (dispatcher: Dispatcher, request: ExchangeRequest): Promise<string> => {
  if (request.signal.aborted) return Promise.reject(request.signal.reason)
  const handler = new Exchange(request)
  const { method, path, headers, payload = null } = request
  // The deadline is the exchange's own: undici's timers would be two more per call.
  dispatcher.dispatch({ method, path, headers, body: payload, headersTimeout: 0, bodyTimeout: 0 }, handler)
  return handler.outcome
}
