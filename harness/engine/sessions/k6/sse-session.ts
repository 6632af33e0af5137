import { endpointOf, InvalidUrl } from '../transport/endpoint.ts'
import type { Exchange } from '../transport/exchange.ts'
import { withoutServersWords } from '../transport/failure.ts'
import { StreamExchange, type StreamListener } from '../transport/stream-exchange.ts'
import type { VirtualUser } from '../users/vu.ts'
import { BlockingSession, type Settle } from './blocking-session.ts'
import { EventStreamReader, type StreamEvent } from './event-stream.ts'
import { GoError } from './go-error.ts'
import { GoValueError } from './go-value-error.ts'
import { goHeaders } from './head.ts'
import { type Outgoing, redirectOf } from './redirect.ts'
import { requestHead } from './request-head.ts'
import { cookiesToSend, keepCookies } from './session-cookies.ts'
import type { SseParams } from './sse-params.ts'
import { SseSamples } from './sse-samples.ts'

/** What `sse.open` gives when the stream is over. */
export interface SseResponse {
  url: string
  status: number
  headers: Record<string, string>
  error: string
}

export type SetUp = (client: SseClient) => unknown

/** One stream of `k6/x/sse`. */
export class SseSession extends BlockingSession<SseResponse> implements StreamListener {
  readonly #url: string
  readonly #params: SseParams
  readonly #setUp: SetUp
  readonly #samples: SseSamples
  readonly #reader = new EventStreamReader((event) => this.#arrived(event))
  #first: Outgoing | null = null
  #sent: Outgoing | null = null
  #exchange: StreamExchange | null = null
  #redirectsLeft = 10
  #response: SseResponse | null = null
  /** Events of the bytes that are being read. */
  #fresh: StreamEvent[] | null = null

  constructor(user: VirtualUser, url: string, params: SseParams, setUp: SetUp, settle: Settle<SseResponse>) {
    super(user, settle, 'sse.open()')
    this.#url = url
    this.#params = params
    this.#setUp = setUp
    this.#samples = new SseSamples(user, url, params.tags)
    this.queue.onIdle = () => this.#resume()
    const { method, body, headers } = params
    try {
      this.#send({ method, endpoint: endpointOf(url), body, headers })
    } catch (error) {
      if (!(error instanceof InvalidUrl)) throw error
      setImmediate(() => this.#fail(error.message))
    }
  }

  #send(request: Outgoing): void {
    const { user } = this
    const { endpoint, method, body, headers } = request
    const cookies = cookiesToSend(user, this.#params.jar, endpoint, headers.Cookie ?? '')
    const head = requestHead(request, user.context.options.userAgent, cookies)
    const exchange = new StreamExchange(endpoint, method, head, body.content, user.pool, this)
    exchange.askedMs = user.context.now()
    exchange.intendedMs = user.takeIntendedStart(exchange.askedMs)
    this.#first ??= request
    this.#sent = request
    this.#exchange = exchange
    user.pool.send(exchange, this.#params.timeoutMs)
  }

  /** What the script calls to end the stream. */
  close(): void {
    if (this.isClosed) return
    this.isClosed = true
    this.closeConnection()
    this.endWith(() => this.#response!)
  }

  onHead(exchange: StreamExchange): void {
    const { status, responseHead, endpoint } = exchange
    keepCookies(this.user, this.#params.jar, endpoint, responseHead)
    if (this.#redirect(exchange) !== null) return
    this.#samples.status = String(status)
    this.#response = { url: this.#url, status, headers: goHeaders(responseHead), error: '' }
  }

  onBody(bytes: Buffer, start: number, end: number): void {
    if (this.#response !== null && !this.isClosed) this.#reader.read(bytes, start, end)
  }

  #arrived(event: StreamEvent): void {
    this.#fresh ??= []
    this.#fresh.push(event)
  }

  /** The connection may be touched again: the script may hear of what was read. */
  onRead(): void {
    this.#openOnce()
    const fresh = this.#fresh
    this.#fresh = null
    for (const event of fresh ?? [])
      this.hear(() => {
        this.#samples.received()
        return this.emit('event', event)
      })
    this.#waitForHandlers()
  }

  /** As in k6, nothing is read while a handler is at work: what has been read is all that waits here. */
  #waitForHandlers(): void {
    if (this.queue.isBusy && this.#exchange !== null) this.user.pool.pause(this.#exchange)
  }

  #resume(): void {
    if (this.#exchange !== null) this.user.pool.resume(this.#exchange)
  }

  #openOnce(): void {
    if (this.#response !== null && !this.isOpen) this.open(() => this.#setUp(new SseClient(this)))
  }

  onEnd(exchange: Exchange): void {
    if (this.user.isStopped) return
    const next = this.#redirect(exchange)
    if (next !== null) {
      this.#redirectsLeft--
      this.#send(next)
      return
    }
    const { failure } = exchange
    this.onRead()
    if (this.#response === null) this.#fail(failure?.message ?? 'no response')
    else {
      if (failure !== null) this.hear(() => this.emit('error', new GoValueError(failure.message)))
      this.hear(() => this.close())
    }
  }

  #redirect(exchange: Exchange): Outgoing | null {
    if (exchange.failure !== null || this.#redirectsLeft === 0) return null
    try {
      return redirectOf(this.#sent!, this.#first!, exchange.status, exchange.responseHead)
    } catch (error) {
      if (!(error instanceof InvalidUrl)) throw error
      return null
    }
  }

  /** No stream came about: the script learns of it from the response alone, since it has set nothing up yet. */
  #fail(message: string): void {
    const { context } = this.user
    context.warnOnce(
      `stream of ${this.#url}: ${message} (further ones like it are only counted)`,
      `stream of ${this.#url}: ${withoutServersWords(message)}`,
    )
    if (context.options.throw) this.endUnopened(null, new GoError(message))
    else this.endUnopened({ url: '', status: 0, headers: {}, error: message }, null)
  }

  protected closeConnection(): void {
    if (this.#exchange !== null) this.user.pool.abandon(this.#exchange)
  }

  protected destroyConnection(): void {
    this.closeConnection()
  }

  protected record(): void {
    this.#samples.ended(this.#exchange)
  }
}

/** The stream as the script sees it. */
class SseClient {
  readonly #session: SseSession
  constructor(session: SseSession) {
    this.#session = session
  }

  on(event: unknown, handler: unknown): void {
    this.#session.on(String(event), handler)
  }

  close(): void {
    this.#session.close()
  }
}
