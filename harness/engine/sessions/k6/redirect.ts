import { type Endpoint, endpointOf, InvalidUrl } from '../transport/endpoint.ts'
import { errorCodes } from '../transport/failure.ts'
import { noBody, type RequestBody } from './http-params.ts'

/** A request as the script or a redirect wants it. */
export interface Outgoing {
  method: string
  endpoint: Endpoint
  body: RequestBody
  /** Beside those that the engine adds. */
  headers: Readonly<Record<string, string>>
}

const redirects = new Set([301, 302, 303, 307, 308])
const ofBody = ['Content-Encoding', 'Content-Language', 'Content-Location', 'Content-Type']
const secrets = ['Authorization', 'Cookie', 'Www-Authenticate']

/**
 * The request that a response asks for next, as Go's client (and so k6) makes it: at 301, 302 and 303 anything but
 * HEAD becomes a GET without body; Authorization and Cookie stay with the host that the script named, and a Host of
 * the script's own with relative locations; the page before is named as Referer.
 *
 * @param sent what was answered
 * @param first what the script asked for
 * @param head status line and header fields of the answer
 * @returns null where it asks for none
 * @throws InvalidUrl for a location that cannot be followed
 */
export function redirectOf(sent: Outgoing, first: Outgoing, status: number, head: string): Outgoing | null {
  if (!redirects.has(status)) return null
  const location = /\r\nlocation:[ \t]*(.*?)[ \t]*(?:\r\n|$)/i.exec(head)?.[1]
  if (!location) return null
  if (!URL.canParse(location, sent.endpoint.href)) {
    throw new InvalidUrl(`failed to parse Location header ${JSON.stringify(location)}`, errorCodes.generic)
  }
  const endpoint = endpointOf(new URL(location, sent.endpoint.href).href)
  const losesBody = status <= 303 && sent.method !== 'GET' && sent.method !== 'HEAD'
  const dropped = [
    ...(losesBody ? ofBody : []),
    ...(isWithin(endpoint.hostname, first.endpoint.hostname) ? [] : secrets),
    ...(URL.canParse(location) ? ['Host'] : []),
  ]
  return {
    method: losesBody ? 'GET' : sent.method,
    endpoint,
    body: losesBody ? noBody : sent.body,
    headers: { ...without(sent.headers, dropped), ...refererOf(sent, first, endpoint) },
  }
}

/** The same host, or one below it. */
const isWithin = (hostname: string, parent: string): boolean => hostname === parent || hostname.endsWith(`.${parent}`)

const without = (headers: Readonly<Record<string, string>>, dropped: string[]): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !dropped.includes(name)))

/** A Referer that the script gave stays; none goes from https to http, nor any password. */
function refererOf(sent: Outgoing, first: Outgoing, to: Endpoint): Record<string, string> {
  if ('Referer' in first.headers || (sent.endpoint.isTls && !to.isTls)) return {}
  const { href, username } = sent.endpoint
  if (username === '') return { Referer: href }
  const url = new URL(href)
  url.username = ''
  url.password = ''
  return { Referer: url.href }
}
