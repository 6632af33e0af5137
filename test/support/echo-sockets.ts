import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'

type Keep = (request: IncomingMessage, method: string, body: Buffer) => void

type Conversation = (socket: WebSocket, url: URL, everybody: Set<WebSocket>) => void

/** What the server says on a WebSocket, by the path under `/ws/`. */
const conversations: Record<string, Conversation> = {
  echo: (socket) => socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary })),
  /** Says hello, then goes with the code and reason it was asked for. */
  close(socket, url) {
    socket.send('hello')
    socket.close(Number(url.searchParams.get('code') ?? 1000), url.searchParams.get('reason') ?? '')
  },
  /** `/ws/push?count=3` sends three messages and goes. */
  push(socket, url) {
    for (let sent = 1; sent <= Number(url.searchParams.get('count')); sent++) socket.send(`message ${sent}`)
    socket.close(1000)
  },
  /** `/ws/binary?length=4` sends bytes 0, 1, 2, 3. */
  binary: (socket, url) => socket.send(Buffer.from(Array.from({ length: Number(url.searchParams.get('length')) }, (_, at) => at))), // biome-ignore format: one answer, one line
  ping(socket) {
    socket.on('pong', (data) => socket.send(`pong: ${data}`))
    socket.ping('are you there')
  },
  /** Everybody in the room hears everybody. */
  chat: (socket, _, everybody) =>
    socket.on('message', (data, isBinary) => {
      for (const each of everybody) each.send(data, { binary: isBinary })
    }),
  /** Drops the connection without a close frame. */
  drop: (socket) => socket.on('message', () => socket.terminate()),
}

/** @param keep is told of handshakes, of each message of a client, and of its close frame */
export function acceptSockets(keep: Keep): (request: IncomingMessage, socket: Duplex, head: Buffer) => void {
  const server = new WebSocketServer({ noServer: true, handleProtocols: (offered) => [...offered][0] ?? false })
  const everybody = new Set<WebSocket>()
  return (request, connection, head) => {
    keep(request, request.method!, Buffer.alloc(0))
    const url = new URL(request.url!, 'http://echo')
    const conversation = conversations[url.pathname.slice('/ws/'.length)]
    if (!conversation) return void connection.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 6\r\n\r\nno way')
    server.handleUpgrade(request, connection, head, (socket) => {
      everybody.add(socket)
      socket.on('message', (data) => keep(request, 'message', bytesOf(data)))
      socket.on('error', () => {})
      socket.once('close', (code, reason) => {
        everybody.delete(socket)
        keep(request, 'close', Buffer.from(`${code} ${reason}`))
      })
      conversation(socket, url, everybody)
    })
  }
}

const bytesOf = (data: RawData): Buffer =>
  Array.isArray(data) ? Buffer.concat(data) : data instanceof ArrayBuffer ? Buffer.from(data) : data
