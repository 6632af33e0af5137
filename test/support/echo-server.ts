import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Server, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type EchoRequest, endpointFor } from './echo-endpoints.ts'
import { acceptSockets } from './echo-sockets.ts'

/** What came over the wire, as it came: headers with their case and in their order. */
export interface ReceivedRequest {
  /** A method of HTTP; `message` and `close` are what a WebSocket client sent. */
  method: string
  path: string
  /** `Name: value`, in order. */
  headers: string[]
  body: Buffer
  /** Connections in the order in which they sent their first request, from 1. */
  connection: number
}

export interface EchoServer {
  port: number
  tlsPort: number
  /** In the order in which they were complete. */
  requests: ReceivedRequest[]
  close(): Promise<void>
}

/**
 * A server that answers by a list of endpoints (see echo-endpoints.ts and echo-sockets.ts) and keeps what it was asked.
 * @param certificate what its https port shows, in PEM
 */
export async function startEchoServer(certificate: { cert: string; key: string }): Promise<EchoServer> {
  const requests: ReceivedRequest[] = []
  const sockets = new Set<Socket>()
  const connections = new Map<Duplex, number>()
  const endpoint = endpointFor()

  const keep = (request: IncomingMessage, method: string, body: Buffer): ReceivedRequest => {
    const { socket } = request
    if (!connections.has(socket)) connections.set(socket, connections.size + 1)
    const received = { method, path: request.url!, headers: headerLines(request), body, connection: connections.get(socket)! }
    requests.push(received)
    return received
  } // biome-ignore format: one line a field would hide the story

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request).catch(() => null)
    if (body === null) return
    keep(request, request.method!, body)
    const url = new URL(request.url!, 'http://echo')
    const asked: EchoRequest = { request, url, path: url.pathname.split('/').slice(1).map(decodeURIComponent), body }
    await endpoint(asked, response)
  }

  const acceptSocket = acceptSockets(keep)
  const open = async (server: Server): Promise<number> => {
    server.on('request', (request, response) => void answer(request, response))
    server.on('upgrade', acceptSocket)
    server.on('connection', (socket: Socket) => {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket)).on('error', () => {})
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return (server.address() as AddressInfo).port
  }

  const settings = { keepAliveTimeout: 60_000 }
  const servers = [createServer(settings), createTlsServer({ ...settings, ...certificate })]
  const [port, tlsPort] = await Promise.all(servers.map(open))
  return {
    port: port!,
    tlsPort: tlsPort!,
    requests,
    async close() {
      for (const socket of sockets) socket.destroy()
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
    },
  }
}

function headerLines({ rawHeaders }: IncomingMessage): string[] {
  const lines: string[] = []
  for (let at = 0; at < rawHeaders.length; at += 2) lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`)
  return lines
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
