import { InvalidUrl } from '../transport/endpoint.ts'
import type { VirtualUser } from '../users/vu.ts'
import { goType } from './form.ts'
import { GoError } from './go-error.ts'
import { type Asked, readRequest, type SentResponse, sendAsked } from './http-send.ts'
import { NamedUrl } from './named-url.ts'
import { RefusedRequest } from './refused-request.ts'
import { RefusedResponse } from './refused-response.ts'
import type { Response } from './response.ts'

type Outcome = SentResponse | RefusedResponse | null
/** In the shape of what was asked: a list or an object. */
export type BatchResult = Outcome[] | Record<string, Outcome>

/** The requests of a batch; or, where one of them cannot be made, the answer that k6 gives without sending any. */
export type ReadBatch = { keys: string[]; asked: Asked[]; isList: boolean } | { refused: BatchResult }

/**
 * @throws GoError for what is no list or object of requests
 * @throws RefusedRequest where a request cannot be made and the option `throw` is on
 */
export function readBatch(user: VirtualUser, args: readonly unknown[]): ReadBatch {
  if (args.length === 0) throw new GoError('no argument was provided to http.batch()')
  if (args.length > 1) throw new GoError('http.batch() accepts only an array or an object of requests')
  const [raw] = args
  const type = goType(raw)
  if (type !== '[]interface {}' && type !== 'map[string]interface {}')
    throw new GoError(`invalid http.batch() argument type ${type}`)
  const items = raw as Record<string, unknown>
  const keys = Object.keys(items)
  const isList = Array.isArray(raw)
  const asked: Asked[] = []
  for (const key of keys) {
    try {
      asked.push(readItem(user, key, items[key]))
    } catch (error) {
      return { refused: refuse(user, error, keys, asked.length, isList) }
    }
  }
  return { keys, asked, isList }
}

function readItem(user: VirtualUser, key: string, item: unknown): Asked {
  if (Array.isArray(item)) {
    const [method, url, body, params] = item as unknown[]
    if (item.length < 2)
      throw new RefusedRequest(`invalid batch request '[]interface {}{${item.map(literal).join(', ')}}'`)
    if (typeof method !== 'string') throw new RefusedRequest(`invalid method type '${literal(method)}'`)
    return readRequest(user, method, url, body, params)
  }
  if (goType(item) !== 'map[string]interface {}' || item instanceof NamedUrl)
    return readRequest(user, 'GET', item, null, undefined)
  const { method = 'GET', url, body, params } = item as Record<string, unknown>
  if (!('url' in (item as object))) throw new RefusedRequest(`batch request ${key} doesn't have a url key`)
  if (typeof method !== 'string') throw new RefusedRequest(`invalid method type '${literal(method)}'`)
  const verb = method.toUpperCase()
  return readRequest(user, verb, url, verb === 'GET' || verb === 'HEAD' ? null : body, params)
}

const literal = (value: unknown): string => (typeof value === 'string' ? JSON.stringify(value) : String(value))

/** The first fault ends it: those before it have empty answers, those behind it none. */
function refuse(user: VirtualUser, error: unknown, keys: string[], at: number, isList: boolean): BatchResult {
  if (!(error instanceof RefusedRequest) && !(error instanceof InvalidUrl)) throw error
  if (user.context.options.throw) throw new GoError(error.message)
  user.context.warnOnce(`A batch request failed error=${JSON.stringify(error.message)}`)
  const code = error instanceof InvalidUrl ? error.code : 0
  const outcomes = keys.map((_, index): Outcome => {
    if (index > at) return null
    return index < at ? new RefusedResponse('', 0) : new RefusedResponse(error.message, code)
  })
  if (isList) return outcomes
  return Object.fromEntries(keys.slice(0, at + 1).map((key, index) => [key, outcomes[index]!]))
}

/** Sends the requests of a batch in their order, within the limits `batch` and `batchPerHost` (0: none). */
export class BatchRun {
  private readonly user: VirtualUser
  private readonly asked: readonly Asked[]
  private readonly responses: Response[]
  private readonly onDone: (responses: Response[]) => void
  private readonly hosts = new Map<string, { active: number; waiting: number[] }>()
  private next = 0
  private left: number

  constructor(user: VirtualUser, asked: readonly Asked[], onDone: (responses: Response[]) => void) {
    this.user = user
    this.asked = asked
    this.responses = new Array<Response>(asked.length)
    this.left = asked.length
    this.onDone = onDone
  }

  start(): void {
    const { batch } = this.user.context.options
    const workers = batch > 0 ? Math.min(batch, this.asked.length) : this.asked.length
    for (let worker = 0; worker < workers; worker++) this.takeNext()
  }

  /** As in k6 a request that waits for its host keeps its place among the `batch`. */
  private takeNext(): void {
    if (this.next >= this.asked.length) return
    const index = this.next++
    const host = this.hostOf(index)
    const { batchPerHost } = this.user.context.options
    if (batchPerHost > 0 && host.active >= batchPerHost) host.waiting.push(index)
    else this.send(index)
  }

  private send(index: number): void {
    const host = this.hostOf(index)
    host.active++
    sendAsked(this.user, this.asked[index]!, (response) => {
      this.responses[index] = response
      host.active--
      const waiting = host.waiting.shift()
      if (waiting !== undefined) this.send(waiting)
      if (--this.left === 0) this.onDone(this.responses)
      else this.takeNext()
    })
  }

  private hostOf(index: number): { active: number; waiting: number[] } {
    const { host } = this.asked[index]!.request.endpoint
    let known = this.hosts.get(host)
    if (known === undefined) {
      known = { active: 0, waiting: [] }
      this.hosts.set(host, known)
    }
    return known
  }
}
