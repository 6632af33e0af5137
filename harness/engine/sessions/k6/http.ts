import type { VirtualUser } from '../users/vu.ts'
import { CookieJar, cookiesOf } from './cookie-jar.ts'
import { assertRunning } from './core.ts'
import { file } from './form.ts'
import { GoError } from './go-error.ts'
import { type BatchResult, BatchRun, readBatch } from './http-batch.ts'
import { httpConstants } from './http-constants.ts'
import { readRequest, refusal, sendAsked } from './http-send.ts'
import { url } from './named-url.ts'
import { lazyModule } from './port.ts'
import type { RefusedResponse } from './refused-response.ts'
import type { Response } from './response.ts'
import { expectedStatuses, readResponseCallback } from './response-callback.ts'
import { wholeResponse } from './whole.ts'

type Reply = Response | RefusedResponse

/** The response as this script needs it. */
const shown = (user: VirtualUser, response: Response): Response =>
  user.context.copiesObjects ? wholeResponse(response) : response

/** A blocking request: the user stands still until the response is there. */
function request(user: VirtualUser, method: string, target: unknown, body: unknown, params: unknown): Promise<Reply> {
  // Asked here too: the name is not put together for nothing on every request.
  if (user.isInitialising) assertRunning(user, `http.${method.toLowerCase()}()`)
  return new Promise<Reply>((resolve, reject) => {
    let asked: ReturnType<typeof readRequest>
    try {
      asked = readRequest(user, method, target, body, params)
    } catch (error) {
      resolve(refusal(user, error))
      return
    }
    user.enterBlockingCall(method)
    sendAsked(user, asked, (response) => {
      user.leaveBlockingCall()
      if (response.error !== '' && response.mustThrow) reject(response.toError())
      else resolve(shown(user, response))
    })
  })
}

/** Not blocking: the script gets a promise, and goes on. */
function asyncRequest(
  user: VirtualUser,
  method: unknown,
  target: unknown,
  body?: unknown,
  params?: unknown,
): Promise<Reply> {
  assertRunning(user, 'http.asyncRequest()')
  return new Promise((resolve, reject) => {
    let asked: ReturnType<typeof readRequest>
    try {
      asked = readRequest(user, methodOf(method), target, body, params)
    } catch (error) {
      resolve(refusal(user, error))
      return
    }
    const hold = { release: () => {} }
    user.hold(hold)
    sendAsked(user, asked, (response) => {
      user.dispatch(() => {
        if (response.error !== '' && response.mustThrow) reject(response.toError())
        else resolve(shown(user, response))
        // The script's continuation comes first: it may start something that keeps the iteration alive.
        setImmediate(() => user.letGo(hold))
      })
    })
  })
}

const methodOf = (method: unknown): string => (method === undefined || method === null ? '' : String(method))

/** Several requests at once, at most `batch` of them and `batchPerHost` to one host in parallel. */
function batch(user: VirtualUser, args: readonly unknown[]): Promise<BatchResult> {
  assertRunning(user, 'http.batch()')
  const read = readBatch(user, args)
  if ('refused' in read) return new Promise((resolve) => resolve(read.refused))
  const { asked, keys, isList } = read
  const inShape = (responses: Response[]): BatchResult =>
    isList ? responses : Object.fromEntries(keys.map((key, index) => [key, responses[index]!]))
  if (asked.length === 0) return new Promise((resolve) => resolve(isList ? [] : {}))
  user.enterBlockingCall('http.batch()')
  return new Promise((resolve, reject) => {
    const onDone = (responses: Response[]): void => {
      user.leaveBlockingCall()
      const failed = responses.find((response) => response.error !== '' && response.mustThrow)
      if (failed !== undefined) reject(failed.toError())
      else resolve(inShape(responses.map((response) => shown(user, response))))
    }
    new BatchRun(user, asked, onDone).start()
  })
}

/** The user's own cookies, as they are in this iteration. */
function cookieJar(user: VirtualUser): CookieJar {
  if (user.isInitialising) throw new GoError('Making cookie jars in the init context is not supported')
  return new CookieJar(cookiesOf(user))
}

/** `http.get` and `http.head`: what scripts pass behind the params is lost, in k6 too. */
const withoutBody = (method: string) => (user: VirtualUser) => (target: unknown, params?: unknown, lost?: unknown) => {
  if (lost !== undefined)
    user.context.warnOnce(
      `http.${method.toLowerCase()} only accepts a url and a params argument (2 arguments), but 3 were given`,
    )
  return request(user, method, target, null, params)
}
const withBody = (method: string) => (user: VirtualUser) => (target: unknown, body?: unknown, params?: unknown) =>
  request(user, method, target, body, params)

/** Module `k6/http`; its members stand in k6's order. */
export const httpModule = lazyModule({
  ...httpConstants,
  url: () => url,
  CookieJar: () => CookieJar,
  cookieJar: (user) => () => cookieJar(user),
  file: () => file,
  get: withoutBody('GET'),
  head: withoutBody('HEAD'),
  post: withBody('POST'),
  put: withBody('PUT'),
  patch: withBody('PATCH'),
  del: withBody('DELETE'),
  options: withBody('OPTIONS'),
  request: (user) => (method: unknown, target: unknown, body?: unknown, params?: unknown) =>
    request(user, methodOf(method), target, body, params),
  asyncRequest: (user) => (method: unknown, target: unknown, body?: unknown, params?: unknown) =>
    asyncRequest(user, method, target, body, params),
  batch:
    (user) =>
    (...args: unknown[]) =>
      batch(user, args),
  setResponseCallback: (user) => (callback: unknown) => {
    user.responseCallback = readResponseCallback(callback)
  },
  expectedStatuses: () => expectedStatuses,
})
