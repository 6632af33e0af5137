import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'

export interface EchoRequest {
  request: IncomingMessage
  url: URL
  /** What stands between the slashes, decoded: `/status/404` is `['status', '404']`. */
  path: string[]
  body: Buffer
}

type Endpoint = (asked: EchoRequest, response: ServerResponse) => void | Promise<void>

/** One server's endpoints: `/items` remembers what it was given. */
export function endpointFor(): Endpoint {
  const table: Record<string, Endpoint> = { ...stateless, items: items() }
  return (asked, response) => {
    const endpoint = table[asked.path[0] ?? '']
    if (endpoint && Object.hasOwn(table, asked.path[0]!)) return endpoint(asked, response)
    sendJson(response, 404, { error: 'no such endpoint' })
  }
}

const stateless: Record<string, Endpoint> = {
  /** Says what it was asked, without what differs from client to client. */
  echo({ request, url, body }, response) {
    const { host: _, 'user-agent': __, ...headers } = request.headers
    const query = Object.fromEntries([...url.searchParams].sort())
    sendJson(response, 200, { method: request.method, path: url.pathname, query, headers, body: body.toString('latin1') })
  }, // biome-ignore format: one answer, one line
  json: (_, response) => sendJson(response, 200, { title: 'A page', items: [{ id: 1, tags: ['a', 'b'] }, { id: 2, tags: [] }], nested: { 'a.b': 1, deep: { flag: true, nothing: null } } }), // biome-ignore format: one answer, one line
  html: (_, response) => send(response, 200, '<html><head><title>Hello</title></head><body><p id="a">A</p></body></html>', { 'content-type': 'text/html; charset=utf-8' }), // biome-ignore format: one answer, one line
  text: ({ path }, response) => send(response, 200, path[1] ?? 'text'),
  status({ path }, response) {
    const status = Number(path[1])
    response.writeHead(status, { 'x-status': path[1] })
    response.end(status === 204 || status === 304 ? undefined : `status ${status}`)
  },
  /** `/headers?a=1&a=2` answers with these headers. */
  headers({ url }, response) {
    for (const name of new Set(url.searchParams.keys())) response.setHeader(name, url.searchParams.getAll(name))
    send(response, 200, 'headers')
  },
  /** `/redirect/3` leads over two more to `/echo`. */
  redirect({ path, url }, response) {
    const left = Number(path[1]) - 1
    redirectTo(response, Number(url.searchParams.get('status') ?? 302), left > 0 ? `/redirect/${left}${url.search}` : '/echo')
  }, // biome-ignore format: one answer, one line
  'redirect-to'({ url }, response) {
    redirectTo(response, Number(url.searchParams.get('status') ?? 302), url.searchParams.get('url')!)
  },
  /** `/cookies` says them; `/cookies/set?a=1&~Path=/x` sets one or more, all with the attributes that follow a tilde. */
  cookies({ request, path, url }, response) {
    if (path[1] !== 'set') return sendJson(response, 200, { cookie: request.headers.cookie ?? null })
    const pairs = [...url.searchParams]
    const attributes = pairs.filter(([name]) => name.startsWith('~')).map(([name, value]) => `; ${name.slice(1)}${value ? `=${value}` : ''}`)
    const set = pairs.filter(([name]) => !name.startsWith('~')).map(([name, value]) => `${name}=${value}${attributes.join('')}`)
    response.setHeader('set-cookie', set)
    if (path[2] === 'redirect') return redirectTo(response, 302, '/cookies')
    send(response, 200, 'set')
  }, // biome-ignore format: one answer, one line
  gzip: (_, response) => sendCompressed(response, 'gzip', gzipSync),
  deflate: (_, response) => sendCompressed(response, 'deflate', deflateSync),
  br: (_, response) => sendCompressed(response, 'br', brotliCompressSync),
  zstd: (_, response) => sendCompressed(response, 'zstd', zstdCompressSync),
  async delay({ path }, response) {
    await wait(Number(path[1]))
    send(response, 200, `after ${path[1]}`)
  },
  async chunked({ path }, response) {
    for (let chunk = 1; chunk <= Number(path[1]); chunk++) response.write(`chunk ${chunk}\n`)
    response.end()
  },
  bytes({ path }, response) {
    const bytes = Buffer.from(Array.from({ length: Number(path[1]) }, (_, at) => (at * 7) % 256))
    send(response, 200, bytes, { 'content-type': 'application/octet-stream' })
  },
  'basic-auth'({ request, path }, response) {
    const expected = `Basic ${Buffer.from(`${path[1]}:${path[2]}`).toString('base64')}`
    const isAllowed = request.headers.authorization === expected
    sendJson(response, isAllowed ? 200 : 401, { isAllowed }, isAllowed ? {} : { 'www-authenticate': 'Basic realm="echo"' })
  }, // biome-ignore format: one answer, one line
  /** Takes `user` and `password` as form or JSON; gives a token and a cookie. */
  login({ request, body }, response) {
    const isJson = request.headers['content-type']?.includes('json')
    const given = isJson ? JSON.parse(body.toString()) : Object.fromEntries(new URLSearchParams(body.toString()))
    if (given.password !== 'secret') return sendJson(response, 401, { error: 'wrong password' })
    sendJson(response, 200, { token: `token-of-${given.user}` }, { 'set-cookie': `session=${given.user}; Path=/; HttpOnly` })
  }, // biome-ignore format: one answer, one line
  sse({ path }, response) {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
    for (let event = 1; event <= Number(path[1]); event++)
      response.write(`id: ${event}\nevent: tick\ndata: {"number":${event}}\n\n`)
    response.end()
  },
  /** Ends the connection in place of an answer. */
  close: ({ request }) => void request.socket.destroy(),
  reset: ({ request }) => void (request.socket as Socket).resetAndDestroy(),
  truncated({ request }) {
    request.socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this')
  },
  garbage({ request }) {
    request.socket.end('this is no HTTP\r\n\r\n')
  },
  /** Takes the connection with it, in the way that HTTP has for that. */
  'connection-close': (_, response) => send(response, 200, 'closed', { connection: 'close' }),
}

/** What a shop's back end would keep: `POST /items`, then `GET`, `PUT`, `PATCH`, `DELETE /items/1`. */
function items(): Endpoint {
  const kept = new Map<string, unknown>()
  let made = 0
  return ({ request: { method }, path: [, id], body }, response) => {
    if (method === 'POST') {
      const item = { id: ++made, ...JSON.parse(body.toString()) }
      kept.set(String(made), item)
      return sendJson(response, 201, item, { location: `/items/${made}` })
    }
    if (id === undefined) return sendJson(response, 200, [...kept.values()])
    if (!kept.has(id)) return sendJson(response, 404, { error: `no item ${id}` })
    if (method === 'DELETE') {
      kept.delete(id)
      return void response.writeHead(204).end()
    }
    if (method === 'PUT') kept.set(id, { id: Number(id), ...JSON.parse(body.toString()) })
    if (method === 'PATCH') kept.set(id, { ...(kept.get(id) as object), ...JSON.parse(body.toString()) })
    sendJson(response, 200, kept.get(id))
  }
}

/** Fixed, so that clients that print headers print the same. */
const date = 'Thu, 01 Jan 2026 00:00:00 GMT'

function send(response: ServerResponse, status: number, body: string | Buffer, headers: Record<string, string> = {}): void {
  response.writeHead(status, { date, 'content-type': 'text/plain', 'content-length': Buffer.byteLength(body), ...headers })
  response.end(body)
} // biome-ignore format: one answer, one line

const sendJson = (
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Record<string, string> = {},
): void => send(response, status, JSON.stringify(value), { 'content-type': 'application/json', ...headers })

const sendCompressed = (response: ServerResponse, encoding: string, compress: (text: string) => Buffer): void =>
  send(response, 200, compress(JSON.stringify({ encoding, text: 'text '.repeat(50) })), {
    'content-type': 'application/json',
    'content-encoding': encoding,
  })

const redirectTo = (response: ServerResponse, status: number, location: string): void =>
  send(response, status, 'elsewhere', { location })
