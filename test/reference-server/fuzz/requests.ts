import type { Dice } from './dice.ts'
import { anyBody, anyText, logMark } from './values.ts'

/** The bytes of one connection, and the methods of the requests in it as far as they are some. */
export interface HostileBytes {
  bytes: Buffer
  methods: string[]
}

/** Keys that the gateway knows; what is asked with `other` must never be seen by `own`. */
export interface FuzzKeys {
  own: string
  other: string
}

interface Route {
  method: string
  path: (id: string) => string
  body?: readonly string[]
}

const routes: readonly Route[] = [
  { method: 'POST', path: () => '/v1/sessions', body: ['device', 'agent', 'messages'] },
  { method: 'PUT', path: (id) => `/v1/sessions/${id}`, body: ['agent', 'device', 'messages'] },
  { method: 'GET', path: (id) => `/v1/sessions/${id}` },
  { method: 'DELETE', path: (id) => `/v1/sessions/${id}` },
  { method: 'POST', path: (id) => `/v1/sessions/${id}/interrupt`, body: ['turn'] },
  { method: 'POST', path: (id) => `/v1/sessions/${id}/turns`, body: ['turn', 'content', 'stream'] },
  { method: 'POST', path: (id) => `/v1/sessions/${id}/turns`, body: ['turn', 'content', 'stream'] },
  { method: 'POST', path: (id) => `/v1/tool-results/${id}`, body: ['content'] },
  { method: 'POST', path: () => '/v1/proxy/chat/completions', body: ['content', 'turn', 'messages', 'stream'] },
  { method: 'POST', path: (id) => `/v1/proxy/${id}`, body: ['content'] },
  { method: 'GET', path: () => '/v1/proxy/models' },
  { method: 'GET', path: (id) => `/v1/sessions/${id}/ws` },
  { method: 'GET', path: () => '/healthz' },
  { method: 'GET', path: () => '/metrics' },
  { method: 'GET', path: (id) => `/${id}` },
]

/** Few, so that what the gateway keeps of sessions in memory does not grow with the number of requests. */
const goodIds = ['s0', 's1', 's2', 'secret', 'x'.repeat(128), '__proto__', 'constructor', '..:-_', '1']

const badIds = [
  ...['%', '%zz', '%00', '%0d%0aX-Injected:%201', '%2e%2e%2f%2e%2e', '..%2f', '../..', '%c0%ae', '%ed%a0%80', '%F0%9F'],
  ...[`a%0a${logMark}`, '%27%20OR%201=1--', 'a%2fb', '*', 'a;b', 'a?b#c', '?', '?__proto__[x]=1', 'x'.repeat(129)],
  ...['x'.repeat(5_000), 'x'.repeat(20_000), '/', '//', '\\', '%5c..%5c', '{}', '~', 'é', '\x01', '%25%25', '%2500'],
]

const idOf = (dice: Dice): string => {
  if (dice.chance(0.65)) return dice.oneOf(goodIds)
  return dice.chance(0.8) ? dice.oneOf(badIds) : encodeURIComponent(anyText(dice).toWellFormed().slice(0, 300))
}

const methodOf = (dice: Dice, usual: string): string =>
  dice.chance(0.88) ? usual : dice.oneOf(['HEAD', 'OPTIONS', 'TRACE', 'PATCH', 'PUT', 'GET', 'POST', 'DELETE', 'LOCK'])

const contentType = (dice: Dice): string =>
  dice.chance(0.85)
    ? 'application/json'
    : dice.oneOf([
        ...['text/plain', 'application/json; charset=utf-16', 'multipart/form-data; boundary=x', 'application/xml', ''],
        ...['application/json;;;=', 'a/b/c', '*/*', 'application/x-www-form-urlencoded', 'x'.repeat(300)],
      ])

const keyHeader = (dice: Dice, { own }: FuzzKeys): string => {
  if (dice.chance(0.92)) return dice.chance(0.5) ? `x-api-key: ${own}` : `authorization: Bearer ${own}`
  return dice.oneOf([
    ...[
      'x-api-key: nobody',
      'authorization: Bearer',
      'authorization: Basic a2V5OmtleQ==',
      `x-api-key: ${'k'.repeat(9_000)}`,
    ],
    ...[
      `x-api-key: ${own}\r\nx-api-key: ${own}`,
      'x-api-key: \xff\xfe',
      `authorization: Bearer ${own} ${own}`,
      'x-none: 1',
    ],
  ])
}

const strangeHeaders: readonly string[] = [
  ...['expect: 100-continue', 'expect: a miracle', 'origin: null', `origin: https://evil.example`, 'te: trailers'],
  ...['connection: upgrade\r\nupgrade: h2c', 'connection: upgrade\r\nupgrade: websocket', 'x-forwarded-for: 127.0.0.1'],
  ...['content-encoding: gzip', 'content-encoding: br', 'accept: text/event-stream', 'accept: text/event-stream;q=0'],
  ...[
    'cookie: __proto__=1',
    '__proto__: 1',
    'constructor: 1',
    'range: bytes=0-1',
    'if-none-match: *',
    'max-forwards: 0',
  ],
  ...['transfer-encoding: gzip', 'transfer-encoding: chunked, chunked', 'content-length: -1', 'content-length: 1e3'],
  ...['content-length: 0', 'host: evil.example', 'no colon here', ': no name', 'two words: x', 'folded: a\r\n b'],
  ...['x-nul: a\0b', 'connection: x-api-key, authorization', 'access-control-request-method: TRACE', 'trailer: x'],
]

const headerLines = (dice: Dice): string[] => {
  const kind = dice.below(40)
  if (kind === 0) return Array.from({ length: 3_000 }, (_, at) => `x-${at}: y`)
  if (kind === 1) return [`x-long: ${'z'.repeat(dice.oneOf([8_000, 17_000, 100_000]))}`]
  return kind < 12 ? [dice.oneOf(strangeHeaders)] : []
}

const framed = (dice: Dice, body: string): { header: string; payload: string } => {
  const bytes = Buffer.byteLength(body)
  const kind = dice.below(14)
  if (kind === 0) return { header: `content-length: ${bytes + 10}`, payload: body }
  if (kind === 1) return { header: `content-length: ${Math.max(0, bytes - 3)}`, payload: body }
  const chunk = `${bytes.toString(16)}\r\n${body}\r\n`
  if (kind === 2)
    return { header: 'transfer-encoding: chunked', payload: bytes === 0 ? '0\r\n\r\n' : `${chunk}0\r\n\r\n` }
  if (kind === 3) return { header: 'transfer-encoding: chunked', payload: chunk }
  if (kind === 4) return { header: 'transfer-encoding: chunked', payload: `fffffffffffffffff\r\n${body}` }
  if (kind === 5)
    return { header: `content-length: ${bytes}\r\ntransfer-encoding: chunked`, payload: `${chunk}0\r\n\r\n` }
  return { header: `content-length: ${bytes}`, payload: body }
}

const request = (dice: Dice, keys: FuzzKeys, isLast: boolean, isOnly: boolean): { text: string; method: string } => {
  const route = dice.oneOf(routes)
  // Where several come, a HEAD that is not read as one would make it unclear which answer has a body.
  const method = isOnly ? methodOf(dice, route.method) : route.method
  const hasBody = route.body !== undefined || dice.chance(0.05)
  const { header, payload } = framed(dice, hasBody ? anyBody(dice, route.body ?? ['content']) : '')
  const lines = [
    `${method} ${route.path(idOf(dice))} HTTP/1.1`,
    ...['host: gateway', keyHeader(dice, keys), ...headerLines(dice)],
    ...(hasBody ? [`content-type: ${contentType(dice)}`, header] : []),
    ...(isLast ? ['connection: close'] : []),
  ]
  return { text: `${lines.join('\r\n')}\r\n\r\n${hasBody ? payload : ''}`, method }
}

const garbage = [
  '\r\n\r\n\r\n',
  'GET\r\n\r\n',
  'GET / HTTP/9.9\r\n\r\n',
  '\x16\x03\x01\x02\x00',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
]

/** A connection's worth of hostile bytes: one request, several in one go, or what is none. */
export const hostileBytes = (dice: Dice, keys: FuzzKeys): HostileBytes => {
  const count = dice.chance(0.9) ? 1 : 2 + dice.below(4)
  const requests = Array.from({ length: count }, (_, at) => request(dice, keys, at === count - 1, count === 1))
  let text = requests.map((each) => each.text).join('')
  if (dice.chance(0.03)) text = `${dice.oneOf(garbage)}${text}`
  if (dice.chance(0.03)) text += dice.oneOf(garbage)
  if (dice.chance(0.03)) text = text.slice(0, dice.below(Math.min(text.length, 600)))
  return {
    bytes: Buffer.from(text, dice.chance(0.5) ? 'latin1' : 'utf8'),
    methods: requests.map(({ method }) => method),
  }
}
