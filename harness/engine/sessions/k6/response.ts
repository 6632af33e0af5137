import type { Exchange } from '../transport/exchange.ts'
import type { HttpCall } from './http-call.ts'
import { NotProvided } from './not-provided.ts'

/** k6's timings of one request, ms. `queued` and `intended` are weir's: see measurement, "three latencies". */
export interface Timings {
  blocked: number
  looking_up: number
  connecting: number
  tls_handshaking: number
  sending: number
  waiting: number
  receiving: number
  duration: number
  /** Intended start to handed to the socket. */
  queued: number
  /** Intended start to last byte. */
  intended: number
}

const positive = (ms: number): number => (ms > 0 ? ms : 0)

/** Where a request failed on the way, the stages that it did not reach are 0. */
export function timingsOf(exchange: Exchange): Timings {
  const { askedMs, intendedMs, handedMs, sentMs, firstByteMs, lastByteMs, connectingMs, tlsHandshakingMs } = exchange
  const wasHanded = handedMs > 0
  const answeredMs = firstByteMs > 0 ? firstByteMs : lastByteMs
  return {
    blocked: wasHanded ? positive(handedMs - askedMs) : 0,
    looking_up: 0,
    connecting: connectingMs,
    tls_handshaking: tlsHandshakingMs,
    sending: wasHanded ? sentMs - handedMs : 0,
    waiting: wasHanded ? positive(answeredMs - sentMs) : 0,
    receiving: firstByteMs > 0 ? positive(lastByteMs - firstByteMs) : 0,
    duration: wasHanded ? lastByteMs - handedMs : 0,
    queued: wasHanded ? handedMs - intendedMs : lastByteMs - intendedMs,
    intended: lastByteMs - intendedMs,
  }
}

/** k6's Response; what costs something is made when the script asks for it. */
export class Response {
  readonly status: number
  readonly error: string
  readonly error_code: number
  readonly url: string
  readonly #call: HttpCall
  readonly #exchange: Exchange
  #headers: Record<string, string> | null = null
  #timings: Timings | null = null

  constructor(call: HttpCall, exchange: Exchange) {
    this.#call = call
    this.#exchange = exchange
    this.status = exchange.failure ? 0 : exchange.status
    this.error = exchange.failure?.message ?? ''
    this.error_code = exchange.failure?.code ?? (exchange.status >= 400 ? 1000 + exchange.status : 0)
    this.url = exchange.endpoint.href
  }

  get body(): string | ArrayBuffer | null {
    const { failure, status, responseType, responseText, responseBytes } = this.#exchange
    if (failure || responseType === 'none' || status === 204 || status === 304) return null
    if (responseType === 'text') return responseText
    const bytes = responseBytes ?? Buffer.alloc(0)
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
  }

  get headers(): Record<string, string> {
    this.#headers ??= parseHead(this.#head)
    return this.#headers
  }

  get status_text(): string {
    return this.#head.slice(9).split('\r\n', 1)[0] ?? ''
  }

  get proto(): string {
    return this.#head.slice(0, 8)
  }

  /** Of a request that failed nothing is shown, even where an answer had begun. */
  get #head(): string {
    return this.#exchange.failure ? '' : this.#exchange.responseHead
  }

  get timings(): Timings {
    this.#timings ??= timingsOf(this.#exchange)
    return this.#timings
  }

  get request(): { method: string; url: string; headers: Record<string, string[]>; body: string } {
    return this.#call.describeRequest()
  }

  /** The body as JSON, or the part of it that a dotted path names (`data.items.0.id`). */
  json(selector?: string): unknown {
    const text = this.body
    if (text === null)
      throw new Error(
        "the body is null so we can't transform it to JSON - this likely was because of a request error getting the response",
      )
    let value: unknown = JSON.parse(typeof text === 'string' ? text : Buffer.from(text).toString('utf8'))
    if (selector === undefined) return value
    for (const key of selector.split('.')) {
      if (/[#*?|@]/.test(key))
        throw new Error(
          `json("${selector}"): only plain paths such as "data.items.0.id" are provided; take json() and pick from it`,
        )
      value = (value as Record<string, unknown> | null | undefined)?.[key]
    }
    return value
  }

  get cookies(): never {
    throw new NotProvided('Response.cookies')
  }

  html(): never {
    throw new NotProvided('Response.html()')
  }

  submitForm(): never {
    throw new NotProvided('Response.submitForm()')
  }

  clickLink(): never {
    throw new NotProvided('Response.clickLink()')
  }

  toJSON(): unknown {
    const { status, status_text, error, error_code, url, body, headers, timings, proto, request } = this
    return { status, status_text, error, error_code, url, body, headers, timings, proto, request }
  }
}

/** Go writes header names as `Content-Type`, joins several lines of one name, and keeps Transfer-Encoding to itself. */
function parseHead(head: string): Record<string, string> {
  const headers: Record<string, string> = {}
  const lines = head.split('\r\n')
  for (let index = 1; index < lines.length; index++) {
    const line = lines[index]!
    const colon = line.indexOf(':')
    if (colon <= 0) continue
    const name = canonicalName(line.slice(0, colon))
    if (name === 'Transfer-Encoding') continue
    const value = line.slice(colon + 1).trim()
    headers[name] = name in headers ? `${headers[name]}, ${value}` : value
  }
  return headers
}

export const canonicalName = (name: string): string =>
  name
    .toLowerCase()
    .split('-')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('-')
