import type { TagSource } from '../../../metrics/registry.ts'
import { type Endpoint, endpointOf } from '../transport/endpoint.ts'
import { Exchange, type ExchangeListener, type ResponseType } from '../transport/exchange.ts'
import type { VirtualUser } from '../vu.ts'
import type { RequestBody, RequestParams, ResponseCallback } from './http-params.ts'
import { Response, timingsOf } from './response.ts'

/** Statuses 200 to 399 are what a script expects unless it says otherwise. */
export const defaultCallback: ResponseCallback = (status) => status >= 200 && status < 400

/** One call of the script: a request, and those that redirects make of it. Every one of them is a sample. */
export class HttpCall implements ExchangeListener, TagSource {
  private readonly user: VirtualUser
  private readonly settle: (response: Response) => void
  private method: string
  private readonly name: string | null
  private body: RequestBody
  private readonly params: RequestParams
  private readonly callback: ResponseCallback | null
  private redirectsLeft: number
  private exchange: Exchange | null = null

  constructor(
    user: VirtualUser,
    method: string,
    name: string | null,
    body: RequestBody,
    params: RequestParams,
    callback: ResponseCallback | null,
    settle: (response: Response) => void,
  ) {
    this.user = user
    this.method = method
    this.name = name
    this.body = body
    this.params = params
    this.callback = callback
    this.settle = settle
    this.redirectsLeft = params.redirects ?? user.context.options.maxRedirects
  }

  start(endpoint: Endpoint): void {
    const { context } = this.user
    const nowMs = context.now()
    const exchange = new Exchange(
      endpoint,
      this.method,
      this.headFor(endpoint),
      this.body.content,
      this.responseType(),
      false,
      this.user.pool,
      this,
    )
    exchange.askedMs = nowMs
    exchange.intendedMs = this.user.takeIntendedStart(nowMs)
    this.exchange = exchange
    this.user.pool.send(exchange, this.params.timeoutMs)
  }

  private responseType(): ResponseType {
    return this.params.responseType ?? (this.user.context.options.discardResponseBodies ? 'none' : 'text')
  }

  private headFor(endpoint: Endpoint): string {
    const { params, body, method } = this
    const { userAgent } = this.user.context.options
    let head = `${method} ${endpoint.path} HTTP/1.1\r\nHost: ${params.headers.Host ?? endpoint.host}\r\n`
    if (!params.hasHeader('User-Agent')) head += `User-Agent: ${userAgent}\r\n`
    if (body.content !== null || method === 'POST' || method === 'PUT' || method === 'PATCH')
      head += `Content-Length: ${body.length}\r\n`
    if (body.contentType !== '' && !params.hasHeader('Content-Type')) head += `Content-Type: ${body.contentType}\r\n`
    if (params.isBasicAuth || endpoint.username !== '') head += authorization(endpoint, params)
    const lines = params.hasHeader('Host') ? params.headerLines.replace(/^Host: .*\r\n/m, '') : params.headerLines
    return `${head}${lines}\r\n`
  }

  onEnd(exchange: Exchange): void {
    if (this.user.isStopped) return
    if (exchange.lastByteMs === 0) exchange.lastByteMs = this.user.context.now()
    this.record(exchange)
    const next = this.redirectOf(exchange)
    if (next) {
      this.redirectsLeft--
      this.start(next)
      return
    }
    this.settle(new Response(this, exchange))
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
    metrics.data_sent.add(exchange.sentBytes, scenarioIndex, this)
    metrics.data_received.add(exchange.receivedBytes, scenarioIndex, this)
    if (exchange.failure !== null) this.warnOfFailure(exchange)
  }

  private isExpected(exchange: Exchange): boolean {
    return exchange.failure === null && (this.callback?.(exchange.status) ?? true)
  }

  private warnOfFailure(exchange: Exchange): void {
    this.user.context.warnOnce(
      `request failed: ${exchange.method} ${exchange.endpoint.origin}: ${exchange.failure?.message} (further ones like it are only counted)`,
    )
  }

  /** Where a redirect leads, and with which method (RFC 9110; POST becomes GET at 301, 302 and 303 as everywhere). */
  private redirectOf(exchange: Exchange): Endpoint | null {
    const { status } = exchange
    const isRedirect = status === 301 || status === 302 || status === 303 || status === 307 || status === 308
    if (!isRedirect || exchange.failure !== null || this.redirectsLeft <= 0) return null
    const location = /\r\nlocation:[ \t]*(.*?)[ \t]*(?:\r\n|$)/i.exec(exchange.responseHead)?.[1]
    if (!location || !URL.canParse(location, exchange.endpoint.href)) return null
    if (status <= 303 && this.method !== 'GET' && this.method !== 'HEAD') {
      this.method = 'GET'
      this.body = { content: null, length: 0, contentType: '' }
    }
    return endpointOf(new URL(location, exchange.endpoint.href).href)
  }

  describeRequest(exchange: Exchange): {
    method: string
    url: string
    headers: Record<string, string[]>
    body: string
  } {
    const lines = exchange.head.split('\r\n').slice(1).filter(Boolean)
    const headers = Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf(':')), [line.slice(line.indexOf(':') + 2)]]),
    )
    const { body } = exchange
    return {
      method: exchange.method,
      url: exchange.endpoint.href,
      headers,
      body: body === null ? '' : typeof body === 'string' ? body : Buffer.from(body).toString('utf8'),
    }
  }

  /** k6's system tags of a request, and the script's own. */
  tag(name: string): string | undefined {
    const own = this.params.tags?.[name]
    if (own !== undefined) return own
    const exchange = this.exchange!
    switch (name) {
      case 'method':
        return exchange.method
      case 'url':
      case 'name':
        return this.name ?? exchange.endpoint.href
      case 'status':
        return String(exchange.failure ? 0 : exchange.status)
      case 'proto':
        return exchange.responseHead.slice(0, 8)
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
        return this.user.tag(name)
    }
  }
}

function authorization(endpoint: Endpoint, params: RequestParams): string {
  if (params.hasHeader('Authorization')) return ''
  return `Authorization: Basic ${Buffer.from(`${endpoint.username}:${endpoint.password}`).toString('base64')}\r\n`
}
