import { type Endpoint, InvalidUrl } from '../transport/endpoint.ts'
import { Exchange, type ExchangeListener, type ResponseType } from '../transport/exchange.ts'
import { errorCodes, type RequestFailure, switchesProtocols, withoutServersWords } from '../transport/failure.ts'
import { quote } from '../transport/url.ts'
import type { VirtualUser } from '../users/vu.ts'
import { byName, cookiesOf } from './cookie-jar.ts'
import { cookieHeader, readCookieHeader } from './cookie-store.ts'
import { bodyText, noBody } from './http-body.ts'
import { noParams, type RequestCookie, type RequestParams } from './http-params.ts'
import { type Outgoing, redirectOf } from './redirect.ts'
import { requestErrorText } from './request-error.ts'
import { requestHead, wireContent } from './request-head.ts'
import { Response } from './response.ts'
import type { ResponseCallback } from './response-callback.ts'
import { readSetCookies } from './set-cookie.ts'
import { OperationTags } from './tags.ts'
import { blockedMs, durationMs, intendedDurationMs, queuedMs, receivingMs, sendingMs, waitingMs } from './timings.ts'

/** What a script sees as `response.request`. */
export interface RequestDescription {
  method: string
  url: string
  headers: Record<string, string[]>
  body: string
  cookies: Record<string, RequestCookie[]>
}

/** The last head that was made for a GET without parameters: scripts ask for the same URL again and again. */
let lastPlain: { endpoint: Endpoint | null; userAgent: string; head: string } = {
  endpoint: null,
  userAgent: '',
  head: '',
}

/** One call of the script: a request, and those that redirects make of it. Every one of them is a sample. */
export class HttpCall extends OperationTags implements ExchangeListener {
  private readonly name: string | null
  private readonly params: RequestParams
  private readonly callback: ResponseCallback | null
  private readonly settle: (response: Response) => void
  private redirectsLeft: number
  /** What the script asked for, and what was last sent for it. */
  private first: Outgoing | null = null
  private sent: Outgoing | null = null
  private exchange: Exchange | null = null
  private firstAskedMs = 0
  /** Kept when a redirect is followed: the script may look at what was sent first. */
  private firstHead: string | null = null

  constructor(
    user: VirtualUser,
    name: string | null,
    params: RequestParams,
    callback: ResponseCallback | null,
    settle: (response: Response) => void,
  ) {
    super(user, params.tags)
    this.name = name
    this.params = params
    this.callback = callback
    this.settle = settle
    this.redirectsLeft = params.redirects ?? user.context.options.maxRedirects
  }

  start(request: Outgoing): void {
    const { context } = this.user
    if (context.rateLimit === null) this.send(request, this.params.timeoutMs)
    else this.sendAfter(context.rateLimit.take(context.now()), request)
  }

  /** k6 limits what the script asks for, not what redirects make of it. */
  private sendAfter(waitMs: number, request: Outgoing): void {
    setTimeout(() => {
      if (!this.user.isStopped) this.send(request, this.params.timeoutMs)
    }, waitMs)
  }

  private send(request: Outgoing, timeoutMs: number): void {
    const exchange = this.open(request)
    this.user.pool.send(exchange, timeoutMs)
  }

  private open(request: Outgoing): Exchange {
    const { user } = this
    const nowMs = user.context.now()
    const { endpoint, method, body } = request
    const content = body === noBody ? null : wireContent(request)
    const exchange = new Exchange(
      endpoint,
      method,
      this.headFor(request),
      content,
      this.responseType(),
      user.pool,
      this,
    )
    exchange.askedMs = nowMs
    exchange.intendedMs = user.takeIntendedStart(nowMs)
    if (this.first === null) {
      this.first = request
      this.firstAskedMs = nowMs
    }
    this.sent = request
    this.exchange = exchange
    return exchange
  }

  /** Fails without a word on the wire; it is counted as a request all the same. */
  startFailed(request: Outgoing, failure: RequestFailure): void {
    const exchange = this.open(request)
    exchange.failure = failure
    setImmediate(() => this.onEnd(exchange))
  }

  private responseType(): ResponseType {
    return this.params.responseType ?? (this.user.context.options.discardResponseBodies ? 'none' : 'text')
  }

  private headFor(request: Outgoing): string {
    const { endpoint, method, headers, body } = request
    const { cookies, context } = this.user
    const { userAgent } = context.options
    const { noConnectionReuse } = context.connections
    if (method !== 'GET' || headers !== noParams.headers || body !== noBody || cookies !== null || noConnectionReuse)
      return requestHead(request, userAgent, this.cookieFor(request), noConnectionReuse)
    if (lastPlain.endpoint !== endpoint || lastPlain.userAgent !== userAgent)
      lastPlain = { endpoint, userAgent, head: requestHead(request, userAgent, '') }
    return lastPlain.head
  }

  /** What the script wrote itself, the cookies of this request, and those of the jar. */
  private cookieFor({ endpoint, headers }: Outgoing): string {
    const { cookies, jar: ownJar } = this.params
    const kept = (ownJar ?? this.user.cookies)?.for(endpoint.parts) ?? []
    const replaced = cookies.filter(({ replace }) => replace).map(({ name }) => name)
    const pairs = [
      ...cookies.map(({ name, value }) => [name, value] as const),
      ...kept.filter(([name]) => !replaced.includes(name)),
    ]
    return [headers.Cookie ?? '', cookieHeader(pairs)].filter((text) => text !== '').join('; ')
  }

  onEnd(exchange: Exchange): void {
    if (this.user.isStopped) return
    if (exchange.lastByteMs === 0) exchange.lastByteMs = this.user.context.now()
    if (exchange.setsCookie && exchange.failure === null) this.keepCookies(exchange)
    const next = this.next(exchange)
    if (exchange.failure !== switchesProtocols) this.record(exchange)
    if (next !== null) this.follow(next, exchange)
    else this.settle(new Response(this, exchange))
  }

  private keepCookies({ endpoint, responseHead }: Exchange): void {
    const cookies = readSetCookies(responseHead)
    if (cookies.length > 0) (this.params.jar ?? cookiesOf(this.user)).set(endpoint.parts, cookies)
  }

  /** What a redirect asks for next; one that cannot be read is a failure of the request. */
  private next(exchange: Exchange): Outgoing | null {
    if (exchange.failure !== null || exchange.status < 300 || exchange.status > 399) return null
    try {
      const next = redirectOf(this.sent!, this.first!, exchange.status, exchange.responseHead)
      if (next === null || this.redirectsLeft > 0) return next
      this.warnOfRedirects()
      return null
    } catch (error) {
      if (!(error instanceof InvalidUrl)) throw error
      exchange.failure = { message: error.message, code: error.code }
      return null
    }
  }

  private warnOfRedirects(): void {
    const { maxRedirects, hasOwnMaxRedirects } = this.user.context.options
    if (this.params.redirects !== null || hasOwnMaxRedirects) return
    this.user.context.warnOnce(
      `Stopped after ${maxRedirects + 1} redirects and returned the redirection; pass { redirects: n } in request params or set global maxRedirects to silence this`,
    )
  }

  /** The timeout is for the whole chain. */
  private follow(next: Outgoing, { head }: Exchange): void {
    this.redirectsLeft--
    this.firstHead ??= head
    const leftMs = Math.ceil(this.params.timeoutMs - (this.user.context.now() - this.firstAskedMs))
    if (next.endpoint.problem !== null) this.startFailed(next, next.endpoint.problem)
    else if (leftMs <= 0) this.startFailed(next, { message: 'request timeout', code: errorCodes.timeout })
    else this.send(next, leftMs)
  }

  private record(exchange: Exchange): void {
    const { context, scenarioIndex } = this.user
    const { metrics } = context
    const serviceMs = durationMs(exchange)
    metrics.http_reqs.add(1, scenarioIndex, this)
    metrics.http_req_duration.add(serviceMs, scenarioIndex, this)
    metrics.http_req_blocked.add(blockedMs(exchange), scenarioIndex, this)
    metrics.http_req_connecting.add(exchange.connectingMs, scenarioIndex, this)
    metrics.http_req_tls_handshaking.add(exchange.tlsHandshakingMs, scenarioIndex, this)
    metrics.http_req_sending.add(sendingMs(exchange), scenarioIndex, this)
    metrics.http_req_waiting.add(waitingMs(exchange), scenarioIndex, this)
    metrics.http_req_receiving.add(receivingMs(exchange), scenarioIndex, this)
    metrics.http_req_queued.add(queuedMs(exchange), scenarioIndex, this)
    metrics.http_req_intended_duration.add(intendedDurationMs(exchange), scenarioIndex, this)
    const isExpected = this.callback !== null && this.isExpected(exchange)
    if (this.callback !== null) metrics.http_req_failed.add(isExpected ? 0 : 1, scenarioIndex, this)
    if (!isExpected) metrics.http_req_duration.setAside(serviceMs)
    if (exchange.wasRetried) metrics.http_req_retried.add(1, scenarioIndex, this)
    metrics.data_sent.add(exchange.sentBytes, scenarioIndex, this.user)
    metrics.data_received.add(exchange.receivedBytes, scenarioIndex, this.user)
    if (exchange.failure !== null) this.warnOfFailure(exchange)
  }

  private isExpected({ failure, status }: Exchange): boolean {
    return this.callback?.(failure === null ? status : 0) ?? true
  }

  get throws(): boolean {
    return this.params.throws ?? this.user.context.options.throw
  }

  /** Once for each kind of failure of what the script asked for: where a redirect leads is the server's word too. */
  private warnOfFailure(exchange: Exchange): void {
    if (this.throws) return
    const { method, endpoint } = this.first!
    const kind = `${method} ${endpoint.origin} ${withoutServersWords(exchange.failure!.message)}`
    this.user.context.warnOnce(
      `Request Failed error=${quote(requestErrorText(exchange))} (further ones like it are only counted)`,
      kind,
    )
  }

  /** What the script asked for, whatever redirects made of it. */
  describeRequest(): RequestDescription {
    const { method, endpoint, body, headers } = this.first!
    const cookie = /\r\nCookie: ([^\r\n]*)/.exec(this.firstHead ?? this.exchange!.head)?.[1] ?? ''
    const shown: Record<string, string> = {
      'User-Agent': this.user.context.options.userAgent,
      ...(body.contentType === '' ? {} : { 'Content-Type': body.contentType }),
      ...headers,
      ...(cookie === '' ? {} : { Cookie: cookie }),
    }
    delete shown['Content-Length']
    return {
      method,
      url: endpoint.href,
      headers: Object.fromEntries(Object.entries(shown).map(([name, value]) => [name, [value]])),
      body: this.first!.shownBody ?? bodyText(body),
      cookies: byName(readCookieHeader(cookie), ([name, value]) => ({ name, value, replace: false })),
    }
  }

  /** Every request of a call, redirects too, has tags of its own. */
  get moment(): unknown {
    return this.exchange
  }

  protected override systemTag(name: string): string | undefined {
    const exchange = this.exchange!
    const { failure, status } = exchange
    switch (name) {
      case 'method':
        return exchange.method
      case 'url':
      case 'name':
        return this.ownTag('name') ?? this.name ?? exchange.endpoint.cleanHref
      case 'status':
        return failure ? '0' : String(status)
      case 'proto':
        return failure ? undefined : exchange.responseHead.slice(0, 8)
      case 'expected_response':
        return this.callback === null ? undefined : String(this.isExpected(exchange))
      case 'error_code':
        return failure ? String(failure.code) : status >= 400 ? String(1000 + status) : undefined
      case 'error':
        return failure?.message
      case 'tls_version':
        return failure ? undefined : exchange.peer?.tls?.version
      case 'ocsp_status':
        return failure || !exchange.peer?.tls ? undefined : 'unknown'
      case 'ip':
        return exchange.peer?.ip
      default:
        return undefined
    }
  }
}
