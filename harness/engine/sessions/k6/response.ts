import type { Exchange } from '../transport/exchange.ts'
import { switchesProtocols } from '../transport/failure.ts'
import { listFor } from './cookie-jar.ts'
import { select } from './gjson.ts'
import { GoError } from './go-error.ts'
import { goHeaders } from './head.ts'
import type { HttpCall, RequestDescription } from './http-call.ts'
import { readJson, tryJson } from './json.ts'
import { NotProvided } from './not-provided.ts'
import { requestErrorText } from './request-error.ts'
import { readSetCookies } from './set-cookie.ts'
import { type Timings, timingsOf } from './timings.ts'

const nullBody =
  "the body is null so we can't transform it to JSON - this likely was because of a request error getting the response"

/** A cookie as `response.cookies` shows it; `expires` is in ms, and k6's odd number where none is given. */
export interface ResponseCookie {
  name: string
  value: string
  domain: string
  path: string
  http_only: boolean
  secure: boolean
  max_age: number
  expires: number
}

const noExpiry = -6795364578871

export const noOcsp = {
  produced_at: 0,
  this_update: 0,
  next_update: 0,
  revoked_at: 0,
  revocation_reason: '',
  status: '',
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
  #json: unknown

  constructor(call: HttpCall, exchange: Exchange) {
    this.#call = call
    this.#exchange = exchange
    this.status = exchange.failure ? 0 : exchange.status
    this.error = exchange.failure?.message ?? ''
    this.error_code = exchange.failure?.code ?? (exchange.status >= 400 ? 1000 + exchange.status : 0)
    this.url = exchange.failure ? exchange.endpoint.text : exchange.endpoint.href
  }

  get body(): string | ArrayBuffer | null {
    const { hasBody, status, responseType, responseText } = this.#exchange
    if (!hasBody || responseType === 'none' || status === 204 || status === 304) return null
    if (responseType === 'text') return responseText
    return this.#arrayBuffer()
  }

  /** Copied where it is part of a larger one, once: it may be hundreds of megabytes, and the script may write to it. */
  #arrayBuffer(): ArrayBuffer {
    const bytes = this.#exchange.responseBytes ?? Buffer.alloc(0)
    const isOwn = bytes.byteLength === bytes.buffer.byteLength
    this.#exchange.responseBytes = isOwn ? bytes : Buffer.from(Uint8Array.from(bytes).buffer)
    return this.#exchange.responseBytes.buffer as ArrayBuffer
  }

  get headers(): Record<string, string> {
    this.#headers ??= parseHead(this.#head)
    return this.#headers
  }

  /** What this response sets, by name; what redirects before it set is not shown. */
  get cookies(): Record<string, ResponseCookie[]> {
    const cookies: Record<string, ResponseCookie[]> = {}
    for (const { name, value, domain, path, httpOnly, secure, maxAge, expiresMs } of readSetCookies(this.#head)) {
      const expires = expiresMs ?? noExpiry
      listFor(cookies, name).push({ name, value, domain, path, http_only: httpOnly, secure, max_age: maxAge, expires })
    }
    return this.#keep('cookies', cookies)
  }

  get status_text(): string {
    return this.#head.slice(9).split('\r\n', 1)[0] ?? ''
  }

  get proto(): string {
    return this.#head.slice(0, 8)
  }

  get remote_ip(): string {
    return this.#exchange.peer?.ip ?? ''
  }

  get remote_port(): number {
    return this.#exchange.peer?.port ?? 0
  }

  get tls_version(): string {
    return (this.#exchange.failure ? null : this.#exchange.peer?.tls)?.version ?? ''
  }

  get tls_cipher_suite(): string {
    return (this.#exchange.failure ? null : this.#exchange.peer?.tls)?.cipherSuite ?? ''
  }

  get ocsp(): typeof noOcsp {
    return this.#keep('ocsp', { ...noOcsp, status: this.tls_version === '' ? '' : 'unknown' })
  }

  /** Made once: the script may write into it. */
  #keep<T>(name: string, value: T): T {
    own(this, name, value)
    return value
  }

  /** Of a request that failed nothing is shown, even where an answer had begun. */
  get #head(): string {
    return this.#exchange.failure ? '' : this.#exchange.responseHead
  }

  get timings(): Timings {
    this.#timings ??= timingsOf(this.#exchange)
    return this.#timings
  }

  get request(): RequestDescription {
    return this.#keep('request', this.#call.describeRequest())
  }

  /** The body as JSON, or the part of it that a path names (`data.items.0.id`, `items.#(price>5).id`: see gjson). */
  json(selector?: string): unknown {
    const { body } = this
    if (body === null) throw new GoError(nullBody)
    const text = typeof body === 'string' ? body : Buffer.from(body).toString('utf8')
    if (selector === undefined) {
      this.#json ??= readJson(text)
      return this.#json
    }
    const value = tryJson(text)
    return value === undefined ? undefined : select(value, String(selector))
  }

  /** Whether the script wants a failure of this request as an exception. */
  get mustThrow(): boolean {
    return this.#call.throws || this.#exchange.failure === switchesProtocols
  }

  /** The failure as an exception, in k6's words. */
  toError(): GoError {
    return new GoError(requestErrorText(this.#exchange))
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
    return Object.fromEntries(responseFields.map((name) => [name, this[name]]))
  }
}

/** What the script assigns hides what would be made. */
for (const [name, accessor] of Object.entries(Object.getOwnPropertyDescriptors(Response.prototype))) {
  if (accessor.get === undefined || name === 'mustThrow') continue
  Object.defineProperty(Response.prototype, name, {
    ...accessor,
    set(this: Response, value: unknown) {
      own(this, name, value)
    },
  })
}

function own(response: Response, name: string, value: unknown): void {
  Object.defineProperty(response, name, { value, writable: true, enumerable: true, configurable: true })
}

/** Its fields, in k6's order. */
export const responseFields = ['remote_ip', 'remote_port', 'url', 'status', 'status_text', 'proto', 'headers', 'cookies', 'body', 'timings', 'tls_version', 'tls_cipher_suite', 'ocsp', 'error', 'error_code', 'request'] as const // biome-ignore format: one list

/** Go keeps two of the fields to itself. */
function parseHead(head: string): Record<string, string> {
  const { 'Transfer-Encoding': _coding, Trailer: _trailer, ...headers } = goHeaders(asUtf8(head))
  return headers
}

const asUtf8 = (head: string): string =>
  /[\x80-\xff]/.test(head) ? Buffer.from(head, 'latin1').toString('utf8') : head
