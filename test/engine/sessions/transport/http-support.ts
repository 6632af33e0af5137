import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import type { TestContext } from 'node:test'
import { readConnectRules, readReuseRules } from '../../../../harness/engine/sessions/options/connections.ts'
import type { Raw } from '../../../../harness/engine/sessions/options/values.ts'
import { type BodyLimits, usualLimits } from '../../../../harness/engine/sessions/transport/body-limits.ts'
import { Deadlines } from '../../../../harness/engine/sessions/transport/deadlines.ts'
import { Dialer } from '../../../../harness/engine/sessions/transport/dialer.ts'
import { endpointOf } from '../../../../harness/engine/sessions/transport/endpoint.ts'
import { Exchange, type ResponseType } from '../../../../harness/engine/sessions/transport/exchange.ts'
import { HttpPool } from '../../../../harness/engine/sessions/transport/http-pool.ts'

export interface Ask {
  method?: string
  body?: string | Uint8Array
  responseType?: ResponseType
  timeoutMs?: number
  headers?: string
  limits?: BodyLimits
  /** Is handed the exchange before it is sent. */
  use?: (exchange: Exchange) => void
}

/** An exchange with limits of its own. */
class LimitedExchange extends Exchange {
  ownLimits = usualLimits

  protected override get limits(): BodyLimits {
    return this.ownLimits
  }
}

/** The connections of one user, with requests as promises. Dropped with the test. */
export class Client {
  readonly pool: HttpPool
  readonly warnings: string[] = []

  /** @param options k6's, about connections */
  constructor(t: TestContext, options: Raw = {}, userId = 1) {
    const now = (): number => performance.now()
    const deadlines = new Deadlines(now)
    const dialer = new Dialer(readConnectRules(options), (message) => this.warnings.push(message))
    const idle = { maxIdlePerHost: 6, maxIdle: 20 }
    this.pool = new HttpPool({ dialer, ...readReuseRules(options), ...idle }, userId, deadlines, now)
    t.after(() => {
      this.pool.destroy()
      deadlines.stop()
    })
  }

  /** Resolves when the exchange has ended, well or not. */
  ask(
    url: string,
    {
      method = 'GET',
      body,
      responseType = 'text',
      timeoutMs = 5000,
      headers = '',
      limits = usualLimits,
      use,
    }: Ask = {},
  ) {
    return new Promise<Exchange>((resolve) => {
      const endpoint = endpointOf(url)
      const length = body === undefined ? '' : `Content-Length: ${body.length}\r\n`
      const head = `${method} ${endpoint.path} HTTP/1.1\r\nHost: ${endpoint.host}\r\n${headers}${length}\r\n`
      const exchange = new LimitedExchange(endpoint, method, head, body ?? null, responseType, this.pool, {
        onEnd: resolve,
      })
      exchange.ownLimits = limits
      use?.(exchange)
      exchange.askedMs = performance.now()
      exchange.intendedMs = exchange.askedMs
      this.pool.send(exchange, timeoutMs)
    })
  }
}

/** A server of raw bytes, closed with the test. */
export interface RawServer {
  url: string
  port: number
  /** Connections so far, in order. */
  sockets: Socket[]
}

/**
 * @param onRequest called for each request that has come whole (bodies: Content-Length), with its number on its
 *   connection (from 0)
 */
export async function rawServer(
  t: TestContext,
  onRequest: (socket: Socket, request: string, number: number) => void,
  host = '127.0.0.1',
): Promise<RawServer> {
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => {})
    let number = 0
    eachRequest(socket, (request) => onRequest(socket, request, number++))
  })
  await listen(t, server, sockets, host)
  const { port } = server.address() as AddressInfo
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`, port, sockets }
}

function eachRequest(socket: Socket, onRequest: (request: string) => void): void {
  let text = ''
  socket.on('data', (bytes: Buffer) => {
    text += bytes.toString('latin1')
    for (;;) {
      const headEnd = text.indexOf('\r\n\r\n') + 4
      const end = headEnd + Number(/\r\nContent-Length: (\d+)/i.exec(text.slice(0, headEnd))?.[1] ?? 0)
      if (headEnd < 4 || text.length < end) return
      const request = text.slice(0, end)
      text = text.slice(end)
      onRequest(request)
    }
  })
}

async function listen(t: TestContext, server: Server, sockets: Socket[], host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, host, resolve)
  })
  t.after(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
}

/** A whole response with a Content-Length. */
export const answer = (body: string, fields = '', status = '200 OK'): string =>
  `HTTP/1.1 ${status}\r\n${fields}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
