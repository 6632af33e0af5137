import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { type WebSocket, WebSocketServer } from 'ws'

export interface SeenRequest {
  method: string
  url: string
  headers: Record<string, string | string[] | undefined>
  body: string
}

export interface LocalServer {
  url: string
  wsUrl: string
  /** Requests so far, in the order in which they came whole. */
  requests: SeenRequest[]
  /** The most requests that were open at one time. */
  mostAtOnce: number
  /** Headers of the requests that became WebSockets. */
  handshakes: IncomingMessage['headers'][]
  /** WebSockets that are open. */
  sockets: Set<WebSocket>
  /** Is handed every WebSocket. */
  onSocket: (socket: WebSocket) => void
  /** Connections that are open. */
  connections(): number
}

/**
 * A server for scripts, closed with the test. `/echo` answers with what was asked, as JSON; `/status/404` with that
 * status; `/slow/50` after so many ms; `/to/PATH` redirects there; `/never` does not answer. WebSockets echo; `/refuse`
 * opens none.
 */
export async function localServer(t: TestContext): Promise<LocalServer> {
  let open = 0
  let connections = 0
  const seen: LocalServer = {
    url: '',
    wsUrl: '',
    requests: [],
    mostAtOnce: 0,
    handshakes: [],
    sockets: new Set(),
    onSocket: () => {},
    connections: () => connections,
  }
  const server = createServer(async (request, response) => {
    seen.mostAtOnce = Math.max(seen.mostAtOnce, ++open)
    response.on('close', () => open--)
    const asked = await readRequest(request)
    seen.requests.push(asked)
    reply(asked, response)
  })
  server.on('connection', (socket) => {
    connections++
    socket.on('close', () => connections--)
  })
  const sockets = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request, socket, head) => {
    if (request.url === '/refuse') socket.end('HTTP/1.1 403 Forbidden\r\nX-Why: no\r\nContent-Length: 7\r\n\r\nrefused')
    else sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened, request))
  })
  sockets.on('connection', (socket, request) => {
    seen.handshakes.push(request.headers)
    seen.sockets.add(socket)
    seen.onSocket(socket)
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }))
    socket.on('close', () => seen.sockets.delete(socket))
    socket.on('error', () => {})
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    for (const socket of sockets.clients) socket.terminate()
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  const { port } = server.address() as AddressInfo
  return Object.assign(seen, { url: `http://127.0.0.1:${port}`, wsUrl: `ws://127.0.0.1:${port}` })
}

async function readRequest(request: IncomingMessage): Promise<SeenRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return {
    method: request.method!,
    url: request.url!,
    headers: request.headers,
    body: Buffer.concat(chunks).toString('latin1'),
  }
}

function reply(asked: SeenRequest, response: ServerResponse): void {
  const [, route, ...rest] = asked.url.split('?')[0]!.split('/')
  switch (route) {
    case 'status':
      response.writeHead(Number(rest[0])).end('status')
      break
    case 'slow':
      setTimeout(() => response.end('slow'), Number(rest[0]))
      break
    case 'to':
      response.writeHead(302, { location: `/${rest.join('/')}` }).end('moved')
      break
    case 'never':
      break
    case 'cookie':
      response.setHeader('set-cookie', 'id=1').end('cookie')
      break
    default:
      response.setHeader('content-type', 'application/json').end(JSON.stringify(asked))
  }
}
