import { endpointOf, InvalidUrl } from '../transport/endpoint.ts'
import { Exchange } from '../transport/exchange.ts'
import type { VirtualUser } from '../vu.ts'
import { assertRunning } from './core.ts'
import { defaultCallback, HttpCall } from './http-call.ts'
import {
  noParams,
  type RequestBody,
  type RequestParams,
  type ResponseCallback,
  readBody,
  readParams,
} from './http-params.ts'
import { NotProvided } from './not-provided.ts'
import { PendingResult } from './pending.ts'
import { lazyModule } from './port.ts'
import { Response } from './response.ts'

/** What `http.url` gives: a URL with a name, so that many URLs make one group of samples. */
class NamedUrl {
  readonly url: string
  readonly name: string
  constructor(url: string, name: string) {
    this.url = url
    this.name = name
  }
  toString(): string {
    return this.url
  }
}

/** A blocking request: the user stands still until the response is there. */
function request(
  user: VirtualUser,
  method: string,
  url: unknown,
  body: unknown,
  rawParams: unknown,
): PendingResult<Response> {
  // Asked here too: the name is not put together for nothing on every request.
  if (user.isInitialising) assertRunning(user, `http.${method.toLowerCase()}()`)
  const params = rawParams === undefined ? noParams : readParams(rawParams)
  const content = readBody(body)
  user.enterBlockingCall()
  return new PendingResult<Response>((resolve, reject) => {
    send(user, method, url, content, params, (response) => {
      user.leaveBlockingCall()
      if (response.error !== '' && user.context.options.throw)
        reject(new Error(`${method} ${response.url}: ${response.error}`))
      else resolve(response)
    })
  })
}

function send(
  user: VirtualUser,
  method: string,
  url: unknown,
  body: RequestBody,
  params: RequestParams,
  settle: (response: Response) => void,
): void {
  // A stopped user asks for nothing any more; what it waits for never comes.
  if (user.isStopped) return
  const callback =
    params.responseCallback !== undefined
      ? params.responseCallback
      : user.responseCallback !== undefined
        ? user.responseCallback
        : defaultCallback
  const name = url instanceof NamedUrl ? url.name : null
  const call = new HttpCall(user, name, params, callback, settle)
  try {
    call.start({ method, endpoint: endpointOf(String(url)), body, headers: params.headers })
  } catch (error) {
    if (!(error instanceof InvalidUrl)) throw error
    settleInvalid(user, call, String(url), error, settle)
  }
}

/** k6 answers an unusable URL with a response that carries the error, unless `throw` is on. */
function settleInvalid(
  user: VirtualUser,
  call: HttpCall,
  url: string,
  error: InvalidUrl,
  settle: (response: Response) => void,
): void {
  const nowhere = {
    origin: '',
    isTls: false,
    hostname: '',
    port: 0,
    host: '',
    path: '',
    href: url,
    username: '',
    password: '',
  }
  const exchange = new Exchange(nowhere, '', '', null, 'none', user.pool, call)
  exchange.failure = { message: error.message, code: error.code }
  user.context.warnOnce(error.message)
  setImmediate(() => settle(new Response(call, exchange)))
}

/** Not blocking: the script gets a promise, and goes on. */
function asyncRequest(
  user: VirtualUser,
  method: string,
  url: unknown,
  body?: unknown,
  rawParams?: unknown,
): Promise<Response> {
  assertRunning(user, 'http.asyncRequest()')
  const params = readParams(rawParams)
  const content = readBody(body)
  const hold = { release: () => {} }
  user.hold(hold)
  return new Promise((resolve, reject) => {
    send(user, method.toUpperCase(), url, content, params, (response) => {
      user.dispatch(() => {
        if (response.error !== '' && user.context.options.throw)
          reject(new Error(`${method} ${response.url}: ${response.error}`))
        else resolve(response)
        // The script's continuation comes first: it may start something that keeps the iteration alive.
        setImmediate(() => user.letGo(hold))
      })
    })
  })
}

type BatchItem = { method: string; url: unknown; body: unknown; params: unknown }

function readBatchItem(item: unknown): BatchItem {
  if (typeof item === 'string' || item instanceof NamedUrl)
    return { method: 'GET', url: item, body: null, params: undefined }
  if (Array.isArray(item)) {
    const [method, url, body, params] = item
    return { method: String(method).toUpperCase(), url, body, params }
  }
  if (typeof item === 'object' && item !== null) {
    const { method, url, body, params } = item as Partial<BatchItem>
    return { method: String(method ?? 'GET').toUpperCase(), url, body, params }
  }
  throw new TypeError(
    `http.batch(): expected URLs, arrays [method, url, body, params] or objects { method, url, body, params }, found ${typeof item}`,
  )
}

/** Several requests at once, at most `batch` of them and `batchPerHost` to one host in parallel. */
function batch(user: VirtualUser, raw: unknown): PendingResult<unknown> {
  assertRunning(user, 'http.batch()')
  if (typeof raw !== 'object' || raw === null)
    throw new TypeError('http.batch() expects an array or an object of requests')
  const keys = Object.keys(raw)
  const items = keys.map((key) => readBatchItem((raw as Record<string, unknown>)[key]))
  const results: Record<string, Response> | Response[] = Array.isArray(raw) ? new Array<Response>(items.length) : {}
  user.enterBlockingCall()
  return new PendingResult((resolve, reject) => {
    const finish = (): void => {
      user.leaveBlockingCall()
      resolve(results)
    }
    if (items.length === 0) return finish()
    try {
      new BatchRun(
        user,
        items,
        (index, response) => {
          ;(results as Record<string, Response>)[keys[index]!] = response
        },
        finish,
      ).fill()
    } catch (error) {
      user.leaveBlockingCall()
      reject(error as Error)
    }
  })
}

/** Keeps the two limits of a batch. */
class BatchRun {
  private readonly user: VirtualUser
  private readonly waiting: { index: number; item: BatchItem; host: string }[]
  private readonly onResponse: (index: number, response: Response) => void
  private readonly onDone: () => void
  private readonly activeByHost = new Map<string, number>()
  private active = 0
  private left: number

  constructor(
    user: VirtualUser,
    items: BatchItem[],
    onResponse: (index: number, response: Response) => void,
    onDone: () => void,
  ) {
    this.user = user
    this.waiting = items.map((item, index) => ({ index, item, host: hostOf(item.url) }))
    this.left = items.length
    this.onResponse = onResponse
    this.onDone = onDone
  }

  fill(): void {
    const { batch: limit, batchPerHost } = this.user.context.options
    for (let at = 0; at < this.waiting.length && this.active < limit; ) {
      const { host } = this.waiting[at]!
      if ((this.activeByHost.get(host) ?? 0) >= batchPerHost) at++
      else this.start(this.waiting.splice(at, 1)[0]!)
    }
  }

  private start({ index, item, host }: { index: number; item: BatchItem; host: string }): void {
    this.active++
    this.activeByHost.set(host, (this.activeByHost.get(host) ?? 0) + 1)
    send(this.user, item.method, item.url, readBody(item.body), readParams(item.params), (response) => {
      this.onResponse(index, response)
      this.active--
      this.activeByHost.set(host, this.activeByHost.get(host)! - 1)
      if (--this.left === 0) this.onDone()
      else this.fill()
    })
  }
}

function hostOf(url: unknown): string {
  try {
    return endpointOf(String(url)).host
  } catch {
    return ''
  }
}

function url(strings: TemplateStringsArray | string, ...values: unknown[]): NamedUrl {
  if (typeof strings === 'string') return new NamedUrl(strings, strings)
  const full = strings.reduce(
    (text, part, index) => text + part + (index < values.length ? String(values[index]) : ''),
    '',
  )
  return new NamedUrl(full, strings.join('$' + '{}'))
}

/** `expectedStatuses(200, { min: 300, max: 399 })` */
function expectedStatuses(...wanted: (number | { min: number; max: number })[]): ResponseCallback {
  if (wanted.length === 0) throw new Error('no arguments')
  return (status) =>
    wanted.some((item) => (typeof item === 'number' ? status === item : status >= item.min && status <= item.max))
}

const withoutBody = (method: string) => (user: VirtualUser) => (target: unknown, params?: unknown) =>
  request(user, method, target, null, params)
const withBody = (method: string) => (user: VirtualUser) => (target: unknown, body?: unknown, params?: unknown) =>
  request(user, method, target, body, params)
const missing = (name: string) => () => () => {
  throw new NotProvided(`http.${name}`)
}

/** Module `k6/http`. */
export const httpModule = lazyModule({
  get: withoutBody('GET'),
  head: withoutBody('HEAD'),
  post: withBody('POST'),
  put: withBody('PUT'),
  patch: withBody('PATCH'),
  del: withBody('DELETE'),
  options: withBody('OPTIONS'),
  request: (user) => (method: string, target: unknown, body?: unknown, params?: unknown) =>
    request(user, String(method).toUpperCase(), target, body, params),
  asyncRequest: (user) => (method: string, target: unknown, body?: unknown, params?: unknown) =>
    asyncRequest(user, method, target, body, params),
  batch: (user) => (items: unknown) => batch(user, items),
  url: () => url,
  expectedStatuses: () => expectedStatuses,
  setResponseCallback: (user) => (callback: ResponseCallback | null) => {
    user.responseCallback = callback
  },
  cookieJar: missing('cookieJar'),
  CookieJar: missing('CookieJar'),
  file: missing('file'),
})
