import type { Dispatcher } from 'undici'
import { upstreamFailed } from '../gateway/problems.ts'
import { type CallLimits, TimelyCall } from './timely-call.ts'

/** What is collected of a body at most. */
const mostBytes = 10_000_000

export interface ExchangeRequest extends CallLimits {
  method: 'GET' | 'POST'
  path: string
  headers: Record<string, string>
  payload?: string
  /** Takes the body piece by piece; where absent it is collected. */
  body?: BodyReceiver
}

/** Takes a body piece by piece. */
export interface BodyReceiver {
  /** @returns false where the connection is not to be read on until `whenReady` calls back */
  onData(chunk: Buffer): boolean
  whenReady(resume: () => void): void
}

/** A call whose answer is a text, or goes to a receiver. */
class Exchange extends TimelyCall<string> {
  readonly #service: string
  readonly #body: BodyReceiver | undefined
  readonly #chunks: Buffer[] = []
  #status = 0
  #bytes = 0

  constructor(request: ExchangeRequest) {
    super(request)
    this.#service = request.service
    this.#body = request.body
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    // What a failure says of itself is passed over.
    if (this.#status !== 200) return
    try {
      if (!this.#body) this.#collect(chunk)
      else if (!this.#body.onData(chunk)) this.pause(this.#body)
    } catch (error) {
      this.giveUp(error)
    }
  }

  onResponseEnd(): void {
    if (this.#status === 200) this.succeed(Buffer.concat(this.#chunks).toString())
    else this.fail(upstreamFailed(`${this.#service} answered with status ${this.#status}`))
  }

  #collect(chunk: Buffer): void {
    this.#bytes += chunk.length
    if (this.#bytes > mostBytes) throw upstreamFailed(`${this.#service} answered with more than ${mostBytes} bytes`)
    this.#chunks.push(chunk)
  }
}

/**
 * Sends one request and resolves with the body's text (empty where `body` took it).
 * @throws Problem 502 for any other status than 200 or a failed connection, 504 past the deadline; else the signal's
 *   reason, or what `onData` threw
 */
export const exchange = (dispatcher: Dispatcher, request: ExchangeRequest): Promise<string> => {
  const { method, path, headers, payload = null } = request
  return new Exchange(request).send(dispatcher, { method, path, headers, body: payload })
}
