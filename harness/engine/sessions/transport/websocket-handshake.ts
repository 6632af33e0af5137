import { hash } from 'node:crypto'
import { UserError } from '../../../errors.ts'
import { WebSocketError } from './websocket-errors.ts'
import { copyRandom } from './websocket-frames.ts'

/** Where to connect and what to ask there. */
export interface HandshakeRequest {
  secure: boolean
  host: string
  port: number
  /** The request head with its closing empty line. */
  head: string
  /** What `Sec-WebSocket-Accept` must say. */
  accept: string
  /** The subprotocols offered. */
  protocols: string[]
}

/** A response head, taken apart. Names are lower-case; a field that came more than once has all its values. */
interface ResponseHead {
  status: number
  reason: string
  fields: Map<string, string[]>
}

/** More than this without an empty line is no response head. */
export const maxHeadBytes = 64 * 1024

// RFC 6455, section 1.3.
const acceptGuid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must not reach the wire
const unsafeValue = /[\0-\x08\x0a-\x1f\x7f]|[^\0-\xff]/

/** Headers that make the handshake what it is: the client writes them itself. */
const ownHeaders = new Set([
  'connection',
  'upgrade',
  'sec-websocket-key',
  'sec-websocket-version',
  'sec-websocket-extensions',
  'sec-websocket-accept',
  'content-length',
  'transfer-encoding',
])

/** The value of `Sec-WebSocket-Accept` that answers `key`. */
export const acceptOf = (key: string): string => hash('sha1', key + acceptGuid, 'base64')

/**
 * The opening request for `url`, with a fresh key. A header `Sec-WebSocket-Protocol` counts as `protocols`, since
 * scripts for k6 offer subprotocols so. Throws UserError for an URL, a header or a subprotocol that cannot be sent.
 */
export function buildRequest(
  url: string,
  protocols: string[] = [],
  headers: Record<string, string> = {},
): HandshakeRequest {
  const target = parseUrl(url)
  const key = freshKey()
  const extra = checkedHeaders(headers)
  const offered = checkedProtocols([...protocols, ...splitList(take(extra, 'sec-websocket-protocol') ?? '')])
  const first = [`GET ${target.pathname}${target.search} HTTP/1.1`, `Host: ${take(extra, 'host') ?? target.host}`]
  const userAgent = take(extra, 'user-agent')
  if (userAgent !== undefined) first.push(`User-Agent: ${userAgent}`)
  const rest = ['Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Key: ${key}`, 'Sec-WebSocket-Version: 13']
  if (offered.length > 0) rest.push(`Sec-WebSocket-Protocol: ${offered.join(', ')}`)
  const authorization = basicAuthorization(target)
  if (authorization !== null && !extra.has('authorization')) rest.push(authorization)
  for (const [name, value] of extra.values()) rest.push(`${name}: ${value}`)
  // The order of Go's net/http, which k6 sends: the two above, then by name.
  const lines = [...first, ...rest.sort()]
  const secure = target.protocol === 'wss:'
  return {
    secure,
    // An IPv6 address stands in brackets in an URL, and without them everywhere else.
    host: target.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: target.port === '' ? (secure ? 443 : 80) : Number(target.port),
    head: `${lines.join('\r\n')}\r\n\r\n`,
    accept: acceptOf(key),
    protocols: offered,
  }
}

/**
 * Checks the response head (without its closing empty line) against the request, as strictly as RFC 6455, section 4.1
 * asks, and gives the subprotocol, '' for none. Throws WebSocketError. A redirect is not followed: a load test must
 * know whom it measures.
 */
export function checkResponse(request: HandshakeRequest, head: string): { protocol: string; status: number } {
  const { status, reason, fields } = parseHead(head)
  if (status !== 101) throw refusal(status, reason, fields)
  const bad = (what: string) => new WebSocketError('WS_BAD_HANDSHAKE', `WebSocket handshake: ${what}`, { status })
  const only = (name: string) => single(fields, name, bad)
  if (only('upgrade')?.toLowerCase() !== 'websocket') throw bad('expected "Upgrade: websocket" in the response')
  const connection = splitList((fields.get('connection') ?? []).join(',')).map((option) => option.toLowerCase())
  if (!connection.includes('upgrade')) throw bad('expected "Connection: Upgrade" in the response')
  if (only('sec-websocket-accept') !== request.accept) throw bad('Sec-WebSocket-Accept does not answer the key sent')
  if (fields.has('sec-websocket-extensions')) throw bad('the server chose an extension, and none was offered')
  const protocol = only('sec-websocket-protocol')
  if (protocol !== undefined && !request.protocols.includes(protocol))
    throw bad(`the server chose the subprotocol "${protocol}", offered: ${request.protocols.join(', ') || 'none'}`)
  return { protocol: protocol ?? '', status }
}

function parseUrl(text: string): URL {
  const url = URL.parse(text)
  if (url === null || (url.protocol !== 'ws:' && url.protocol !== 'wss:'))
    throw new UserError(`WebSocket URL "${text}": expected an absolute URL that begins with ws:// or wss://`)
  if (url.hash !== '' || text.endsWith('#'))
    throw new UserError(`WebSocket URL "${text}": leave out the fragment, no server ever sees it`)
  return url
}

function freshKey(): string {
  const bytes = Buffer.allocUnsafe(16)
  copyRandom(bytes, 0, 16)
  return bytes.toString('base64')
}

/** The user's headers by lower-case name, the spelling kept. */
function checkedHeaders(headers: Record<string, string>): Map<string, [name: string, value: string]> {
  const checked = new Map<string, [string, string]>()
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase()
    if (!token.test(name)) throw new UserError(`WebSocket header "${name}": this is no header name`)
    if (unsafeValue.test(value))
      throw new UserError(`WebSocket header "${name}": leave out line breaks, control characters and non-Latin-1 text`)
    if (ownHeaders.has(lower))
      throw new UserError(`WebSocket header "${name}": leave it out, the handshake needs a value of its own`)
    checked.set(lower, [name, value])
  }
  return checked
}

function checkedProtocols(protocols: string[]): string[] {
  const bad = protocols.find((protocol, at) => !token.test(protocol) || protocols.indexOf(protocol) !== at)
  if (bad !== undefined)
    throw new UserError(`WebSocket subprotocol "${bad}": expected names without spaces and commas, each once`)
  return protocols
}

function basicAuthorization(url: URL): string | null {
  if (url.username === '' && url.password === '') return null
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
  return `Authorization: Basic ${Buffer.from(credentials).toString('base64')}`
}

function take(headers: Map<string, [string, string]>, name: string): string | undefined {
  const value = headers.get(name)?.[1]
  headers.delete(name)
  return value
}

const splitList = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')

function parseHead(head: string): ResponseHead {
  const [statusLine = '', ...lines] = head.split('\r\n')
  const status = /^HTTP\/1\.1 ([1-9]\d\d)(?: (.*))?$/.exec(statusLine)
  if (status === null) throw notHttp(`expected "HTTP/1.1 <status>", got ${JSON.stringify(statusLine.slice(0, 80))}`)
  const fields = new Map<string, string[]>()
  for (const line of lines) {
    const colon = line.indexOf(':')
    const name = line.slice(0, Math.max(colon, 0))
    if (!token.test(name) || unsafeValue.test(line))
      throw notHttp(`this is no header line: ${JSON.stringify(line.slice(0, 80))}`)
    const values = fields.get(name.toLowerCase())
    const value = line.slice(colon + 1).trim()
    if (values === undefined) fields.set(name.toLowerCase(), [value])
    else values.push(value)
  }
  return { status: Number(status[1]), reason: status[2] ?? '', fields }
}

const notHttp = (what: string) => new WebSocketError('WS_BAD_HANDSHAKE', `WebSocket handshake: ${what}`)

function single(fields: Map<string, string[]>, name: string, bad: (what: string) => Error): string | undefined {
  const values = fields.get(name)
  if (values !== undefined && values.length > 1) throw bad(`the response has ${name} ${values.length} times`)
  return values?.[0]
}

function refusal(status: number, reason: string, fields: Map<string, string[]>): WebSocketError {
  const location = status >= 300 && status < 400 ? fields.get('location')?.[0] : undefined
  const redirect = location === undefined ? '' : ` to ${location}; redirects are not followed, use that address`
  const answer = `${status} ${reason}`.trimEnd()
  return new WebSocketError('WS_HANDSHAKE_REFUSED', `WebSocket handshake refused: ${answer}${redirect}`, { status })
}
