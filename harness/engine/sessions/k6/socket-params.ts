import type { VirtualUser } from '../users/vu.ts'
import type { CookieStore } from './cookie-store.ts'
import { GoError } from './go-error.ts'
import { readParams } from './http-params.ts'
import { NotProvided } from './not-provided.ts'
import { cookiesToSend, endpointOfSocket } from './session-cookies.ts'
import { checkTags } from './tags.ts'

export interface SocketParams {
  headers: Record<string, string>
  tags: Record<string, unknown> | null
  /** null: the user's own. */
  jar: CookieStore | null
}

/**
 * The params of `ws.connect` and of `new WebSocket`.
 * @param strict whether a param of an unknown name is an error
 */
export function readSocketParams(user: VirtualUser, raw: unknown, what: string, strict = false): SocketParams {
  const headers: Record<string, string> = { 'User-Agent': user.context.options.userAgent }
  const params: SocketParams = { headers, tags: null, jar: null }
  if (raw === undefined || raw === null) return params
  for (const [name, value] of Object.entries(raw)) {
    if (name === 'headers') {
      if (value !== undefined && value !== null) putHeaders(headers, value)
    } else if (name === 'tags') {
      if (typeof value !== 'object' || value === null) continue
      checkTags(value)
      params.tags = value
    } else if (name === 'compression') checkCompression(String(value ?? '').trim(), what, strict)
    else if (name === 'jar') params.jar = readParams({ jar: value }).jar
    else if (strict) throw new GoError(`unknown WebSocket's option ${name}`)
  }
  return params
}

/** The headers of a handshake, with the cookies that go to its address. */
export function headersWithCookies(user: VirtualUser, url: string, params: SocketParams): Record<string, string> {
  const own = Object.keys(params.headers).find((name) => name.toLowerCase() === 'cookie')
  const cookies = cookiesToSend(user, params.jar, endpointOfSocket(url), own ? params.headers[own]! : '')
  return cookies === '' ? params.headers : { ...params.headers, [own ?? 'Cookie']: cookies }
}

/** A header that the script names replaces the engine's, however it is spelt. */
function putHeaders(into: Record<string, string>, raw: object): void {
  for (const [name, value] of Object.entries(raw)) {
    for (const known of Object.keys(into)) if (known.toLowerCase() === name.toLowerCase()) delete into[known]
    into[name] = String(value)
  }
}

function checkCompression(algorithm: string, what: string, strict: boolean): void {
  if (algorithm === '' && !strict) return
  if (algorithm !== 'deflate')
    throw new GoError(`unsupported compression algorithm '${algorithm}', supported algorithm is 'deflate'`)
  throw new NotProvided(`compression in ${what}`)
}
