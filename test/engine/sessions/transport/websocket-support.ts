import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net'
import type { TestContext } from 'node:test'
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws'
import { readConnectRules } from '../../../../harness/engine/sessions/options/connections.ts'
import type { Raw } from '../../../../harness/engine/sessions/options/values.ts'
import { Dialer } from '../../../../harness/engine/sessions/transport/dialer.ts'
import {
  connectWebSocket,
  type WebSocketClient,
  type WebSocketOptions,
} from '../../../../harness/engine/sessions/transport/websocket.ts'
import type { WebSocketFailure } from '../../../../harness/engine/sessions/transport/websocket-errors.ts'
import { acceptOf } from '../../../../harness/engine/sessions/transport/websocket-handshake.ts'

/** @param options k6's, about connections */
export const dialerOf = (options: Raw): Dialer => new Dialer(readConnectRules(options), () => {})

/** What a session heard, in the words of its handlers. */
export type Heard =
  | ['open', { protocol: string; status: number; headers: string }]
  | ['message', string | Uint8Array]
  | ['ping' | 'pong', Uint8Array]
  | ['error', WebSocketFailure]
  | ['close', code: number, reason: string, wasClean: boolean]

/** A session that writes down all that it hears, in order. Ended with the test. */
export class RecordedSession {
  readonly client: WebSocketClient
  readonly heard: Heard[] = []
  /** Called for each thing heard, while the client waits for its handler. */
  react: (event: Heard) => void = () => {}
  #waiting: { isTrue: () => boolean; resolve: () => void }[] = []

  constructor(t: TestContext, url: string, options: Partial<WebSocketOptions> = {}) {
    this.client = connectWebSocket(
      { url, dialer: dialerOf({}), now: () => performance.now(), ...options },
      {
        onOpen: (info) => this.#note(['open', info]),
        onMessage: (data) => this.#note(['message', data]),
        onPing: (data) => this.#note(['ping', data]),
        onPong: (data) => this.#note(['pong', data]),
        onError: (error) => this.#note(['error', error]),
        onClose: (code, reason, wasClean) => this.#note(['close', code, reason, wasClean]),
      },
    )
    t.after(() => this.client.destroy())
  }

  get opened(): Promise<void> {
    return this.#until(() => this.kinds.includes('open'))
  }

  get closed(): Promise<void> {
    return this.#until(() => this.kinds.includes('close'))
  }

  get kinds(): Heard[0][] {
    return this.heard.map(([kind]) => kind)
  }

  get messages(): (string | Uint8Array)[] {
    return this.heard.filter((event) => event[0] === 'message').map((event) => event[1])
  }

  get error(): WebSocketFailure | undefined {
    return this.heard.find((event) => event[0] === 'error')?.[1]
  }

  /** Code, reason, clean or not. */
  get closing(): [number, string, boolean] | undefined {
    const event = this.heard.find((event) => event[0] === 'close')
    return event && [event[1], event[2], event[3]]
  }

  async count(kind: Heard[0], count: number): Promise<void> {
    await this.#until(() => this.kinds.filter((other) => other === kind).length >= count)
  }

  #note(event: Heard): void {
    this.heard.push(event)
    this.react(event)
    for (const { isTrue, resolve } of this.#waiting) if (isTrue()) resolve()
  }

  #until(isTrue: () => boolean): Promise<void> {
    return new Promise((resolve) => (isTrue() ? resolve() : this.#waiting.push({ isTrue, resolve })))
  }
}

/** The independent implementation as the server, on a free port; ended with the test. Gives its URL. */
export async function wsServer(
  t: TestContext,
  onSession: (session: WebSocket) => void,
  options: ServerOptions = {},
): Promise<string> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false, ...options })
  server.on('connection', onSession)
  t.after(() => {
    for (const session of server.clients) session.terminate()
    server.close()
  })
  await new Promise((resolve) => server.once('listening', resolve))
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

/** A server of bytes on a free port; ended with the test. Gives its URL. */
export async function rawServer(t: TestContext, onSocket: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createTcpServer({ noDelay: true }, (socket) => {
    sockets.add(socket.on('error', () => {}))
    onSocket(socket)
  })
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `ws://127.0.0.1:${await listen(server)}/`
}

/** Listens on a free port of the loopback, and gives it. */
export async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve))
  return (server.address() as AddressInfo).port
}

/** Calls back with the request head as soon as it is there; what comes later is left to the socket's listeners. */
export function onRequest(socket: Socket, callback: (head: string) => void): void {
  let head = ''
  const collect = (bytes: Buffer) => {
    head += bytes.toString('latin1')
    if (!head.includes('\r\n\r\n')) return
    socket.off('data', collect)
    callback(head)
  }
  socket.on('data', collect)
}

/** The response head that accepts `request`. */
export function accepting(request: string): string {
  const key = /^Sec-WebSocket-Key: (.*)\r$/m.exec(request)![1]!
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${acceptOf(key)}\r\n\r\n`
}

export interface FrameShape {
  isLast?: boolean
  reserved?: number
  /** Bytes that the length is written in, where not the fewest. */
  lengthBytes?: 0 | 2 | 8
  isMasked?: boolean
}

/** A frame of a server, built by hand so that it may break any rule. */
export function serverFrame(opcode: number, data: string | Uint8Array = '', shape: FrameShape = {}): Buffer {
  const payload = Buffer.from(data)
  const lengthBytes = shape.lengthBytes ?? (payload.length < 126 ? 0 : payload.length < 65_536 ? 2 : 8)
  const head = Buffer.alloc(2 + lengthBytes)
  head[0] = ((shape.isLast ?? true) ? 0x80 : 0) | ((shape.reserved ?? 0) << 4) | opcode
  head[1] = (shape.isMasked ? 0x80 : 0) | (lengthBytes === 0 ? payload.length : lengthBytes === 2 ? 126 : 127)
  if (lengthBytes > 0) head.writeUIntBE(payload.length, 2 + Math.max(lengthBytes - 6, 0), Math.min(lengthBytes, 6))
  return Buffer.concat([head, shape.isMasked ? Buffer.alloc(4) : '', payload].map((part) => Buffer.from(part)))
}

/** The payload of a close frame. */
export function closePayload(code: number, reason: string | Uint8Array = ''): Buffer {
  const head = Buffer.alloc(2)
  head.writeUInt16BE(code)
  return Buffer.concat([head, Buffer.from(reason)])
}
