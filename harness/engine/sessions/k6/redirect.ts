import { type Endpoint, InvalidUrl, toEndpoint } from '../transport/endpoint.ts'
import { errorCodes } from '../transport/failure.ts'
import { formatUrl, parseUrl, quote, resolveUrl, type UrlParts, UrlSyntaxError } from '../transport/url.ts'
import { noBody, type RequestBody } from './http-body.ts'

/** A request as the script or a redirect wants it. */
export interface Outgoing {
  method: string
  endpoint: Endpoint
  body: RequestBody
  /** Beside those that the engine adds. */
  headers: Readonly<Record<string, string>>
  /** What the script shows as the body where it is not what is sent: before its compression. */
  shownBody?: string
}

const redirects = new Set([301, 302, 303, 307, 308])
const ofBody = ['Content-Encoding', 'Content-Language', 'Content-Location', 'Content-Type']
const secrets = ['Authorization', 'Www-Authenticate', 'Cookie2', 'Proxy-Authorization', 'Proxy-Authenticate']

/**
 * The request that a response asks for next, as Go's client (and so k6) makes it: at 301, 302 and 303 anything but
 * HEAD becomes a GET without body; Authorization stays with the host that the script named, and a Host of the script's
 * own with relative locations; a Cookie header of the script's own goes with the first request only; the page before
 * is named as Referer.
 *
 * @param sent what was answered
 * @param first what the script asked for
 * @param head status line and header fields of the answer
 * @returns null where it asks for none
 * @throws InvalidUrl for a location that cannot be read
 */
export function redirectOf(sent: Outgoing, first: Outgoing, status: number, head: string): Outgoing | null {
  if (!redirects.has(status)) return null
  const location = /\r\nlocation:[ \t]*(.*?)[ \t]*(?:\r\n|$)/i.exec(head)?.[1]
  if (!location) return null
  const reference = readLocation(location)
  const parts = resolveUrl(sent.endpoint.parts, reference)
  const endpoint = toEndpoint(parts, formatUrl(parts))
  const losesBody = status <= 303
  const dropped = [
    'Cookie',
    ...(losesBody ? ofBody : []),
    ...(isWithin(endpoint.hostname, first.endpoint.hostname) ? [] : secrets),
    ...(reference.scheme === '' ? [] : ['Host']),
  ]
  return {
    method: losesBody && sent.method !== 'HEAD' ? 'GET' : sent.method,
    endpoint,
    body: losesBody ? noBody : sent.body,
    headers: { ...without(sent.headers, dropped), ...refererOf(sent, first, endpoint) },
  }
}

/** @param location the header's value, one character a byte */
function readLocation(location: string): UrlParts {
  const text = location.replace(/[\x80-\xff]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
  try {
    return parseUrl(text)
  } catch (error) {
    if (!(error instanceof UrlSyntaxError)) throw error
    throw new InvalidUrl(`failed to parse Location header ${quote(location)}: ${error.message}`, errorCodes.generic)
  }
}

/** The same host, or one below it. */
const isWithin = (hostname: string, parent: string): boolean => hostname === parent || hostname.endsWith(`.${parent}`)

const without = (headers: Readonly<Record<string, string>>, dropped: string[]): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !dropped.includes(name)))

/** A Referer that the script gave stays; none goes from https to http, nor any password. */
function refererOf(sent: Outgoing, first: Outgoing, to: Endpoint): Record<string, string> {
  if ('Referer' in first.headers || (sent.endpoint.isTls && !to.isTls)) return {}
  return { Referer: formatUrl({ ...sent.endpoint.parts, userinfo: null }) }
}
