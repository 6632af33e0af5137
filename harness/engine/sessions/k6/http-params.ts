import { parseDurationMs } from '../../../metrics/duration.ts'
import type { ResponseType } from '../transport/exchange.ts'
import { readCompressions } from './compression.ts'
import { CookieJar } from './cookie-jar.ts'
import type { CookieStore } from './cookie-store.ts'
import { goType } from './form.ts'
import { canonicalName, isToken } from './header-names.ts'
import { NotProvided } from './not-provided.ts'
import { RefusedRequest } from './refused-request.ts'
import { matcherOf, type ResponseCallback } from './response-callback.ts'
import { checkTags } from './tags.ts'

/** A cookie of one request. `replace` keeps the jar's cookies of its name at home. */
export interface RequestCookie {
  name: string
  value: string
  replace: boolean
}

/** A request's settings, checked. */
export interface RequestParams {
  /** By their names as Go writes them (`Content-Type`). */
  headers: Readonly<Record<string, string>>
  cookies: RequestCookie[]
  /** Instead of the user's own cookies. */
  jar: CookieStore | null
  compressions: string[]
  tags: Record<string, string> | null
  timeoutMs: number
  responseType: ResponseType | null
  redirects: number | null
  /** undefined: the user's default. null: do not judge. */
  responseCallback: ResponseCallback | null | undefined
  /** undefined: as the option `throw` says. */
  throws: boolean | undefined
  /** Why a request with these settings fails before it is sent, in k6's words. */
  fault: string | null
}

const defaultTimeoutMs = 60_000

export const noParams: RequestParams = {
  headers: {},
  cookies: [],
  jar: null,
  compressions: [],
  tags: null,
  timeoutMs: defaultTimeoutMs,
  responseType: null,
  redirects: null,
  responseCallback: undefined,
  throws: undefined,
  fault: null,
}

type Reader = (raw: unknown, params: RequestParams) => void

/** What each parameter does; k6 passes over those that it does not know, `toString` among them. */
const readers: Record<string, Reader> = {
  __proto__: null as unknown as Reader,
  headers: readHeaders,
  cookies: readCookies,
  jar: (raw, params) => {
    params.jar = CookieJar.storeOf(raw)
  },
  compression: (raw, params) => {
    params.compressions = readCompressions(raw)
  },
  tags: (raw, params) => {
    if (typeof raw === 'object') params.tags = readTags(raw)
  },
  timeout: (raw, params) => {
    params.timeoutMs = readTimeoutMs(raw)
  },
  responseType: (raw, params) => {
    params.responseType = readResponseType(raw)
  },
  redirects: (raw, params) => {
    params.redirects = Math.trunc(Number(raw)) || 0
  },
  responseCallback: (raw, params) => {
    params.responseCallback = readCallback(raw)
  },
  throw: (raw, params) => {
    params.throws = Boolean(raw)
  },
  auth: checkAuth,
}

/**
 * @throws RefusedRequest for what k6 makes no request of
 * @throws NotProvided
 */
export function readParams(raw: unknown): RequestParams {
  if (typeof raw !== 'object' || raw === null) return noParams
  const params: RequestParams = { ...noParams, headers: Object.create(null) }
  for (const [name, value] of Object.entries(raw)) readers[name]?.(value, params)
  return params
}

const isNothing = (raw: unknown): raw is null | undefined => raw === null || raw === undefined

function readHeaders(raw: unknown, params: RequestParams): void {
  if (isNothing(raw)) return
  const headers: Record<string, string> = Object.create(null)
  for (const [name, value] of Object.entries(raw as Record<string, unknown>)) {
    const canonical = canonicalName(name)
    headers[canonical] = String(value)
    params.fault ??= faultOf(canonical, headers[canonical])
  }
  params.headers = headers
}

function faultOf(name: string, value: string): string | null {
  if (!isToken(name)) return `net/http: invalid header field name ${JSON.stringify(name)}`
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what may not be sent
  return /[\x00-\x08\x0a-\x1f\x7f]/.test(value)
    ? `net/http: invalid header field value for ${JSON.stringify(name)}`
    : null
}

function readCookies(raw: unknown, params: RequestParams): void {
  if (isNothing(raw)) return
  const given = Object.entries(raw as Record<string, unknown>).filter(([, value]) => !isNothing(value))
  params.cookies = given.map(([name, value]) => readCookie(name, value))
}

function readCookie(name: string, raw: unknown): RequestCookie {
  if (goType(raw) !== 'map[string]interface {}') return { name, value: String(raw), replace: false }
  const cookie: RequestCookie = { name, value: '', replace: false }
  for (const [key, value] of Object.entries(raw as Record<string, unknown>)) {
    if (key.toLowerCase() === 'replace') cookie.replace = Boolean(value)
    else if (key.toLowerCase() === 'value') cookie.value = String(value)
  }
  return cookie
}

function readTags(raw: object | null): Record<string, string> | null {
  if (raw === null) return null
  try {
    checkTags(raw as Record<string, unknown>)
  } catch (error) {
    throw new RefusedRequest(`invalid HTTP request metric tags: ${(error as Error).message}`)
  }
  return Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, String(value)]))
}

function readTimeoutMs(raw: unknown): number {
  if (typeof raw === 'number') return raw
  if (typeof raw !== 'string')
    throw new RefusedRequest(`invalid timeout value: unable to use type ${goType(raw)} as a duration value`)
  try {
    return parseDurationMs(raw)
  } catch {
    throw new RefusedRequest(`invalid timeout value: time: invalid duration ${JSON.stringify(raw)}`)
  }
}

function readResponseType(raw: unknown): ResponseType {
  if (raw === 'text' || raw === 'binary' || raw === 'none') return raw
  throw new RefusedRequest(`${raw} does not belong to ResponseType values`)
}

function readCallback(raw: unknown): ResponseCallback | null {
  if (isNothing(raw)) return null
  const matcher = matcherOf(raw)
  if (matcher === null) throw new RefusedRequest('unsupported responseCallback')
  return matcher
}

/** Basic is what a URL with a name and a password gets in any case. */
function checkAuth(raw: unknown): void {
  if (raw === 'digest' || raw === 'ntlm')
    throw new NotProvided(`params.auth: ${JSON.stringify(raw)}`, ' (it has: basic)')
}
