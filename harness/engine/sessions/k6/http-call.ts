import type { SampleTags, TagSource } from '../../../metrics/registry.ts'
import { type Endpoint, InvalidUrl } from '../transport/endpoint.ts'
import { Exchange, type ExchangeListener, type ResponseType } from '../transport/exchange.ts'
import type { VirtualUser } from '../vu.ts'
import { noParams, type RequestParams, type ResponseCallback } from './http-params.ts'
import { type Outgoing, redirectOf } from './redirect.ts'
import { Response, timingsOf } from './response.ts'
import { putTags } from './tags.ts'

/** Made from other things than the script's headers. */
const engineOwns = new Set(['Host', 'Content-Length', 'Transfer-Encoding'])

const noCookies =
  'the server sets cookies, and this engine does not send them back yet: where sessions depend on them, pass a Cookie header or run the script with `k6 run`'

/** Statuses 200 to 399 are what a script expects unless it says otherwise. */
export const defaultCallback: ResponseCallback = (status) => status >= 200 && status < 400

/** The last head that was made for a GET without parameters: scripts ask for the same URL again and again. */
let lastPlain: { endpoint: Endpoint | null; userAgent: string; head: string } = {
  endpoint: null,
  userAgent: '',
  head: '',
}

/** One call of the script: a request, and those that redirects make of it. Every one of them is a sample. */
export class HttpCall implements ExchangeListener, TagSource {
  private readonly user: VirtualUser
  private readonly name: string | null
  private readonly params: RequestParams
  private readonly callback: ResponseCallback | null
  private readonly settle: (response: Response) => void
  private redirectsLeft: number
  /** What the script asked for, and what was last sent for it. */
  private first: Outgoing | null = null
  private sent: Outgoing | null = null
  private exchange: Exchange | null = null

  constructor(
    user: VirtualUser,
    name: string | null,
    params: RequestParams,
    callback: ResponseCallback | null,
    settle: (response: Response) => void,
  ) {
    this.user = user
    this.name = name
    this.params = params
    this.callback = callback
    this.settle = settle
    this.redirectsLeft = params.redirects ?? user.context.options.maxRedirects
  }

  start(request: Outgoing): void {
    const { context } = this.user
    if (context.rateLimit === null) this.send(request)
    else this.sendAfter(context.rateLimit.take(context.now()), request)
  }

  private sendAfter(waitMs: number, request: Outgoing): void {
    setTimeout(() => {
      if (!this.user.isStopped) this.send(request)
    }, waitMs)
  }

  private send(request: Outgoing): void {
    const { user } = this
    const nowMs = user.context.now()
    const { endpoint, method, body } = request
    const exchange = new Exchange(
      endpoint,
      method,
      this.headFor(request),
      body.content,
      this.responseType(),
      user.pool,
      this,
    )
    exchange.askedMs = nowMs
    exchange.intendedMs = user.takeIntendedStart(nowMs)
    this.first ??= request
    this.sent = request
    this.exchange = exchange
    user.pool.send(exchange, this.params.timeoutMs)
  }

  private responseType(): ResponseType {
    return this.params.responseType ?? (this.user.context.options.discardResponseBodies ? 'none' : 'text')
  }

  private headFor(request: Outgoing): string {
    const { endpoint, method, headers } = request
    const { userAgent } = this.user.context.options
    if (method !== 'GET' || headers !== noParams.headers || request.body.content !== null) return this.makeHead(request)
    if (lastPlain.endpoint !== endpoint || lastPlain.userAgent !== userAgent)
      lastPlain = { endpoint, userAgent, head: this.makeHead(request) }
    return lastPlain.head
  }

  private makeHead({ method, endpoint, body, headers }: Outgoing): string {
    let head = `${method} ${endpoint.path} HTTP/1.1\r\nHost: ${headers.Host ?? endpoint.host}\r\n`
    if (!('User-Agent' in headers)) head += `User-Agent: ${this.user.context.options.userAgent}\r\n`
    if (body.content !== null || method === 'POST' || method === 'PUT' || method === 'PATCH')
      head += `Content-Length: ${body.length}\r\n`
    if (body.contentType !== '' && !('Content-Type' in headers)) head += `Content-Type: ${body.contentType}\r\n`
    if (endpoint.username !== '' && !('Authorization' in headers))
      head += `Authorization: Basic ${Buffer.from(`${endpoint.username}:${endpoint.password}`).toString('base64')}\r\n`
    for (const name in headers) if (!engineOwns.has(name)) head += `${name}: ${headers[name]}\r\n`
    return `${head}\r\n`
  }

  onEnd(exchange: Exchange): void {
    if (this.user.isStopped) return
    if (exchange.lastByteMs === 0) exchange.lastByteMs = this.user.context.now()
    const next = this.next(exchange)
    this.record(exchange)
    if (next) {
      this.redirectsLeft--
      this.start(next)
      return
    }
    this.settle(new Response(this, exchange))
  }

  /** What a redirect asks for next; one that cannot be followed is a failure of the request. */
  private next(exchange: Exchange): Outgoing | null {
    if (exchange.failure !== null || this.redirectsLeft <= 0) return null
    try {
      return redirectOf(this.sent!, this.first!, exchange.status, exchange.responseHead)
    } catch (error) {
      if (!(error instanceof InvalidUrl)) throw error
      exchange.failure = { message: error.message, code: error.code }
      return null
    }
  }

  private record(exchange: Exchange): void {
    const { context, scenarioIndex } = this.user
    const { metrics } = context
    const timings = timingsOf(exchange)
    metrics.http_reqs.add(1, scenarioIndex, this)
    metrics.http_req_duration.add(timings.duration, scenarioIndex, this)
    metrics.http_req_blocked.add(timings.blocked, scenarioIndex, this)
    metrics.http_req_connecting.add(timings.connecting, scenarioIndex, this)
    metrics.http_req_tls_handshaking.add(timings.tls_handshaking, scenarioIndex, this)
    metrics.http_req_sending.add(timings.sending, scenarioIndex, this)
    metrics.http_req_waiting.add(timings.waiting, scenarioIndex, this)
    metrics.http_req_receiving.add(timings.receiving, scenarioIndex, this)
    metrics.http_req_queued.add(timings.queued, scenarioIndex, this)
    metrics.http_req_intended_duration.add(timings.intended, scenarioIndex, this)
    if (this.callback !== null) metrics.http_req_failed.add(this.isExpected(exchange) ? 0 : 1, scenarioIndex, this)
    if (exchange.wasRetried) metrics.http_req_retried.add(1, scenarioIndex, this)
    metrics.data_sent.add(exchange.sentBytes, scenarioIndex, this.user)
    metrics.data_received.add(exchange.receivedBytes, scenarioIndex, this.user)
    if (exchange.failure !== null) this.warnOfFailure(exchange)
    if (exchange.setsCookie) context.warnOnce(noCookies)
  }

  private isExpected(exchange: Exchange): boolean {
    return exchange.failure === null && (this.callback?.(exchange.status) ?? true)
  }

  private warnOfFailure(exchange: Exchange): void {
    this.user.context.warnOnce(
      `request failed: ${exchange.method} ${exchange.endpoint.origin}: ${exchange.failure?.message} (further ones like it are only counted)`,
    )
  }

  /** What the script asked for, whatever redirects made of it. */
  describeRequest(): { method: string; url: string; headers: Record<string, string[]>; body: string } {
    if (this.first === null) return { method: '', url: '', headers: {}, body: '' }
    const { method, endpoint, body, headers } = this.first
    const shown = {
      'User-Agent': this.user.context.options.userAgent,
      ...(body.contentType === '' ? {} : { 'Content-Type': body.contentType }),
      ...headers,
    }
    return {
      method,
      url: endpoint.href,
      headers: Object.fromEntries(Object.entries(shown).map(([name, value]) => [name, [value]])),
      body: body.content === null ? '' : Buffer.from(body.content as Uint8Array).toString('utf8'),
    }
  }

  /** Every request of a call, redirects too, has tags of its own. */
  get moment(): unknown {
    return this.exchange
  }

  /** k6's system tags of a request stand above those of the script, except for the name. */
  tag(name: string): string | undefined {
    if (this.user.context.options.systemTags.has(name)) {
      const value = this.systemTag(name)
      if (value !== undefined) return value
    }
    return this.ownTag(name)
  }

  collect(into: SampleTags): void {
    this.user.collect(into)
    if (this.params.tags) putTags(into.tags, this.params.tags)
    for (const name of this.user.context.options.systemTags) {
      const value = this.systemTag(name)
      if (value !== undefined) into.tags[name] = value
    }
  }

  private ownTag(name: string): string | undefined {
    return this.params.tags?.[name] ?? this.user.tag(name)
  }

  private systemTag(name: string): string | undefined {
    const exchange = this.exchange!
    switch (name) {
      case 'method':
        return exchange.method
      case 'url':
      case 'name':
        return this.ownTag('name') ?? this.name ?? shownUrl(exchange.endpoint)
      case 'status':
        return String(exchange.failure ? 0 : exchange.status)
      case 'proto':
        return exchange.failure ? undefined : exchange.responseHead.slice(0, 8)
      case 'expected_response':
        return this.callback === null ? undefined : String(this.isExpected(exchange))
      case 'error_code':
        return exchange.failure
          ? String(exchange.failure.code)
          : exchange.status >= 400
            ? String(1000 + exchange.status)
            : undefined
      case 'error':
        return exchange.failure?.message
      default:
        return undefined
    }
  }
}

/** Who asks is nobody's business. */
const shownUrl = ({ href, username }: Endpoint): string =>
  username === '' ? href : href.replace(/^(\w+:\/\/)[^@/]*@/, '$1****:****@')
