import type { IncomingHttpHeaders, OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Lifecycle } from '../gateway/lifecycle.ts'

/** Headers that are between two neighbours and say nothing to those behind them (RFC 9110, 7.6.1). */
const hopByHop = new Set([
  ...['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te', 'trailer'],
  ...['transfer-encoding', 'upgrade', 'host', 'expect'],
])

/** What the model's server must not see of a client: its key is the gateway's business, and so are cookies of ours. */
const ours = new Set(['authorization', 'x-api-key', 'cookie', 'origin', 'content-length'])

const namedByConnection = (headers: IncomingHttpHeaders): Set<string> =>
  new Set((headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase()))

/** The headers that a client's request reaches the model with; the body's length follows from the body. */
export const requestHeaders = (headers: IncomingHttpHeaders, apiKey: string): Record<string, string | string[]> => {
  const named = namedByConnection(headers)
  const passed = Object.entries(headers).filter(
    (entry): entry is [string, string | string[]] =>
      entry[1] !== undefined && !hopByHop.has(entry[0]) && !ours.has(entry[0]) && !named.has(entry[0]),
  )
  return { ...Object.fromEntries(passed), authorization: `Bearer ${apiKey}` }
}

/**
 * The head of the model's answer for the client: with what its request has been through so far, behind what the model says of
 * itself, and with what the gateway's own answers vary by, too.
 */
export const headFor = (
  response: Pick<ServerResponse, 'getHeader'>,
  headers: OutgoingHttpHeaders,
  lifecycle: Lifecycle,
): OutgoingHttpHeaders => {
  const vary = [...textsOf(headers.vary), ...textsOf(response.getHeader('vary'))]
  return {
    ...headers,
    ...(vary.length === 0 ? {} : { vary: vary.join(', ') }),
    'server-timing': [...textsOf(headers['server-timing']), lifecycle.serverTiming()],
  }
}

const textsOf = (value: OutgoingHttpHeader | undefined): string[] => [value ?? []].flat().map(String)

/** The headers that the model's answer reaches the client with. Which pages may read it is not the model's to say. */
export const responseHeaders = (headers: IncomingHttpHeaders): OutgoingHttpHeaders => {
  const named = namedByConnection(headers)
  const isPassed = (name: string): boolean =>
    !hopByHop.has(name) && !named.has(name) && !name.startsWith('access-control-')
  return Object.fromEntries(Object.entries(headers).filter(([name]) => isPassed(name)))
}
