import { type Endpoint, endpointOf, InvalidUrl, UnusableUrl } from '../transport/endpoint.ts'
import { errorCodes, type RequestFailure } from '../transport/failure.ts'
import { quote } from '../transport/url.ts'
import type { VirtualUser } from '../users/vu.ts'
import { compress } from './compression.ts'
import { goText } from './form.ts'
import { GoError } from './go-error.ts'
import { isToken } from './header-names.ts'
import { bodyBytes, bodyText, noBody, readBody } from './http-body.ts'
import { HttpCall } from './http-call.ts'
import { noParams, type RequestParams, readParams } from './http-params.ts'
import { NamedUrl } from './named-url.ts'
import type { Outgoing } from './redirect.ts'
import { RefusedRequest } from './refused-request.ts'
import { RefusedResponse } from './refused-response.ts'
import type { Response } from './response.ts'
import { defaultCallback } from './response-callback.ts'

export type SentResponse = Response

/** What a script asked for, read and checked. */
export interface Asked {
  request: Outgoing
  params: RequestParams
  /** Of `http.url`. */
  name: string | null
  /** Why it fails before it is sent. */
  fault: RequestFailure | null
}

/** The GET without anything else that was read last: scripts ask for the same URL again and again. */
let lastPlain: { url: unknown; asked: Asked | null } = { url: Symbol('none yet'), asked: null }

/**
 * @throws RefusedRequest, InvalidUrl where k6 makes no request
 * @throws NotProvided
 */
export function readRequest(user: VirtualUser, method: string, url: unknown, body: unknown, rawParams: unknown): Asked {
  const isPlain = rawParams === undefined && (body === undefined || body === null) && method === 'GET'
  if (isPlain && url === lastPlain.url) return lastPlain.asked!
  const name = url instanceof NamedUrl ? url.name : null
  const verb = method === '' ? 'GET' : method
  const endpoint = readEndpoint(url)
  const content = body === undefined || body === null ? noBody : readBody(body)
  if (isPlain) {
    const request = { method: verb, endpoint, body: noBody, headers: noParams.headers }
    lastPlain = { url, asked: { request, params: noParams, name, fault: endpoint.problem } }
    return lastPlain.asked!
  }
  const params = readParams(rawParams)
  const request = prepare(user, { method: verb, endpoint, body: content, headers: params.headers }, params)
  return { request, params, name, fault: faultOf(request, params) }
}

/** k6's order: the headers, the scheme, the method, the host, and the time that is left. */
function faultOf({ method, endpoint }: Outgoing, { fault, timeoutMs }: RequestParams): RequestFailure | null {
  if (fault !== null) return { message: fault, code: errorCodes.generic }
  if (endpoint.problem !== null) return endpoint.problem
  if (!isToken(method)) return { message: `net/http: invalid method ${quote(method)}`, code: errorCodes.generic }
  return timeoutMs <= 0 ? { message: 'request timeout', code: errorCodes.timeout } : null
}

function readEndpoint(url: unknown): Endpoint {
  const text = url instanceof NamedUrl ? url.url : url
  if (typeof text !== 'string') throw new InvalidUrl(`invalid URL: '#${goText(text)}'`, errorCodes.invalidUrl)
  try {
    return endpointOf(text)
  } catch (error) {
    if (error instanceof UnusableUrl) return error.endpoint
    throw error
  }
}

/** Compresses the body, and looks at what the script says about it. */
function prepare(user: VirtualUser, request: Outgoing, { compressions, headers }: RequestParams): Outgoing {
  const { context } = user
  const { body, method, endpoint } = request
  let prepared = request
  if (compressions.length > 0 && body !== noBody) {
    const packed = compress(bodyBytes(body), compressions)
    const encoding = compressions.join(', ')
    if (headers['Content-Encoding'] !== undefined && headers['Content-Encoding'] !== encoding)
      context.warnOnce(
        `There's a mismatch between the desired \`compression\` the manually set \`Content-Encoding\` header in the ${method} request for '${endpoint.href}', the custom header has precedence and won't be overwritten. This may result in invalid data being sent to the server.`,
        'compression mismatch',
      )
    prepared = {
      ...request,
      body: { content: packed, length: packed.byteLength, contentType: body.contentType },
      headers: headers['Content-Encoding'] ? headers : { ...headers, 'Content-Encoding': encoding },
      shownBody: bodyText(body),
    }
  }
  const length = headers['Content-Length']
  if (length !== undefined && Number(length) !== prepared.body.length)
    context.warnOnce(
      `The specified Content-Length header ${JSON.stringify(length)} in the ${method} request for ${endpoint.href} doesn't match the actual request body length of ${prepared.body.length}, so it will be ignored!`,
      'content length mismatch',
    )
  return prepared
}

/** Sends what was asked for; `settle` is told of the response, whatever came of it. */
export function sendAsked(
  user: VirtualUser,
  { request, params, name, fault }: Asked,
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
  const call = new HttpCall(user, name, params, callback, settle)
  if (fault !== null) call.startFailed(request, fault)
  else call.start(request)
}

/**
 * What k6 gives for a request that it did not make: a response with the error, unless the option `throw` is on.
 * @throws GoError, or `error` itself where it is none of the script's arguments
 */
export function refusal(user: VirtualUser, error: unknown): RefusedResponse {
  if (!(error instanceof RefusedRequest) && !(error instanceof InvalidUrl)) throw error
  if (user.context.options.throw) throw new GoError(error.message)
  user.context.warnOnce(`Request Failed error=${JSON.stringify(error.message)}`)
  return new RefusedResponse(error.message, error instanceof InvalidUrl ? error.code : 0)
}
