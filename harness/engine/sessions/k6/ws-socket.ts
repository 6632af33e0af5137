import { connectWebSocket, type WebSocketClient, type WebSocketHandlers } from '../transport/websocket.ts'
import type { WebSocketFailure } from '../transport/websocket-errors.ts'
import type { VirtualUser } from '../vu.ts'
import { ownArrayBuffer } from './bytes.ts'
import { GoError } from './go-error.ts'
import { GoValueError } from './go-value-error.ts'
import { callInTurn, HandlerQueue } from './handler-queue.ts'
import { canonicalName } from './response.ts'
import type { SocketParams } from './socket-params.ts'
import { SocketSamples } from './socket-samples.ts'
import { SocketTimers } from './socket-timers.ts'
import { tlsFor } from './socket-tls.ts'
import { closeMessage, failureMessage, isErrorToK6 } from './websocket-words.ts'

/** What `ws.connect` gives when the session is over. */
export interface WsResponse {
  url: string
  status: number
  headers: Record<string, string>
  body: string
  error: string
}

type Handler = (...args: unknown[]) => unknown
export type SetUp = (socket: WsSocket) => unknown

/** How a blocking call ends. */
interface Settle {
  resolve(response: WsResponse): void
  reject(error: unknown): void
}

const goingAway = 1001

/** One session of `k6/ws`: from `ws.connect` on, its user does nothing else than what the session's handlers do. */
export class BlockingSocket implements WebSocketHandlers {
  readonly #user: VirtualUser
  readonly #url: string
  readonly #setUp: SetUp
  readonly #settle: Settle
  readonly #samples: SocketSamples
  readonly #queue: HandlerQueue
  readonly #timers: SocketTimers
  readonly #handlers = new Map<string, Handler[]>()
  #client: WebSocketClient | null = null
  #response: WsResponse | null = null
  #pings = 0
  #pingSentMs: Map<string, number> | null = null
  /** Closed by either side: what is still heard is not told any more. */
  #isClosed = false
  #isOver = false

  constructor(user: VirtualUser, url: string, params: SocketParams, setUp: SetUp, settle: Settle) {
    this.#user = user
    this.#url = url
    this.#setUp = setUp
    this.#settle = settle
    this.#samples = new SocketSamples(user, url, params.tags, { hasName: false })
    this.#queue = new HandlerQueue((error) => this.#breakOff(error))
    this.#timers = new SocketTimers(user.context.now, this.#queue)
    user.enterBlockingCall()
    user.hold(this)
    try {
      this.#client = connectWebSocket({ url, now: user.context.now, headers: params.headers, ...tlsFor(user) }, this)
    } catch {
      setImmediate(() => this.#fail('malformed ws or wss URL', null))
    }
  }

  // --- what the script calls ---

  on(event: string, handler: unknown): void {
    if (typeof handler !== 'function') return
    const list = this.#handlers.get(event)
    if (list) list.push(handler as Handler)
    else this.#handlers.set(event, [handler as Handler])
  }

  send(data: string | Uint8Array): void {
    this.#attempt((client) => client.send(data))
    this.#samples.sent()
  }

  ping(): void {
    const id = String(this.#pings)
    if (!this.#attempt((client) => client.ping(id))) return
    this.#pings++
    this.#pingSentMs ??= new Map()
    this.#pingSentMs.set(id, this.#user.context.now())
  }

  get timers(): SocketTimers {
    return this.#timers
  }

  /** As in k6, the handlers of `close` run before this returns. */
  close(code: number): void {
    if (this.#isClosed) return
    this.#isClosed = true
    try {
      this.#client?.close(code)
    } catch {
      // A code that no frame may hold: the session ends all the same.
      this.#client?.close()
    }
    this.#queue.runNow(() => this.#emit('close', code))
    this.#queue.push(() => this.#end())
  }

  // --- what the session hears ---

  onOpen({ status, protocol, headers }: { protocol: string; status: number; headers: string }): void {
    this.#samples.status = String(status)
    this.#samples.subprotocol = protocol
    this.#samples.connected()
    this.#user.context.counts.socketsOpen++
    this.#response = { url: this.#url, status, headers: readHeaders(headers), body: '', error: '' }
    this.#queue.push(() => callInTurn([() => this.#setUp(new WsSocket(this)), () => this.#emit('open')], []))
  }

  onMessage(data: string | Uint8Array): void {
    this.#hear(() => {
      this.#samples.received()
      if (typeof data === 'string') return this.#emit('message', data)
      return this.#emit('binaryMessage', ownArrayBuffer(data))
    })
  }

  onPing(): void {
    this.#hear(() => this.#emit('ping'))
  }

  onPong(data: Uint8Array): void {
    this.#hear(() => {
      const sentMs = this.#pingSentMs?.get(Buffer.from(data).toString('latin1'))
      if (sentMs !== undefined) this.#samples.ponged(sentMs)
      return this.#emit('pong')
    })
  }

  onError(error: WebSocketFailure): void {
    if (this.#response === null) this.#fail(failureMessage(error), error)
    else if (error.closeCode === undefined) this.#hear(() => this.#emit('error', new GoValueError(error.message)))
  }

  onClose(code: number, reason: string): void {
    if (this.#response === null) return
    if (isErrorToK6(code)) this.#hear(() => this.#emit('error', new GoValueError(closeMessage(code, reason))))
    this.#hear(() => this.close(code))
  }

  #hear(step: () => unknown): void {
    this.#queue.push(() => (this.#isClosed ? undefined : step()))
  }

  #emit(event: string, ...args: unknown[]): unknown {
    const handlers = this.#handlers.get(event)
    return handlers && callInTurn(handlers, args)
  }

  /** @returns whether the session took it */
  #attempt(call: (client: WebSocketClient) => void): boolean {
    try {
      if (this.#isClosed) throw new Error('websocket: close sent')
      call(this.#client!)
      return true
    } catch (error) {
      this.#queue.runNow(() => this.#emit('error', new GoValueError((error as Error).message)))
      return false
    }
  }

  // --- how it ends ---

  /** No session came about: the script learns of it from the response alone, since it has set nothing up yet. */
  #fail(message: string, error: WebSocketFailure | null): void {
    if (this.#isOver) return
    const status = error?.status ?? 0
    if (status > 0) this.#samples.status = String(status)
    this.#samples.connected()
    this.#user.context.warnOnce(
      `WebSocket to ${originOf(this.#url)}: ${message} (further ones like it are only counted)`,
    )
    if (this.#user.context.options.throw) this.#finish(() => this.#settle.reject(new GoError(message)))
    else if (status === 0) {
      this.#finish(() => this.#settle.resolve({ url: '', status, headers: {}, body: '', error: message }))
    } else {
      const response = { url: '', status, headers: readHeaders(error?.head ?? ''), body: error?.body ?? '', error: '' }
      this.#finish(() => this.#settle.resolve(response))
    }
  }

  /** A handler threw: the session ends, and the exception goes on behind `ws.connect`. */
  #breakOff(error: unknown): void {
    const finish = (): void => {
      this.#leave()
      this.#finish(() => this.#settle.reject(error))
    }
    const wasClosed = this.#isClosed
    this.#isClosed = true
    if (!wasClosed) this.#client?.close(goingAway)
    const closing = new Promise((resolve) => resolve(wasClosed ? undefined : this.#emit('close', goingAway)))
    closing.then(finish, finish)
  }

  #end(): void {
    this.#leave()
    this.#finish(() => this.#settle.resolve(this.#response!))
  }

  #leave(): void {
    if (this.#response !== null) this.#user.context.counts.socketsOpen--
  }

  #finish(settle: () => void): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#samples.ended()
    if (this.#client) this.#samples.countBytes(this.#client)
    this.#queue.end()
    this.#timers.clear()
    this.#user.leaveBlockingCall()
    settle()
    this.#user.letGo(this)
  }

  /** Dropped with its user: no close frame, no handler. */
  release(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#leave()
    this.#queue.end()
    this.#timers.clear()
    this.#client?.destroy()
    this.#user.leaveBlockingCall()
  }
}

/** The socket as the script sees it. */
class WsSocket {
  readonly #session: BlockingSocket
  constructor(session: BlockingSocket) {
    this.#session = session
  }

  on(event: unknown, handler: unknown): void {
    this.#session.on(String(event), handler)
  }

  send(message: unknown): void {
    this.#session.send(message === undefined || message === null ? '' : String(message))
  }

  sendBinary(...args: unknown[]): void {
    const [message] = args
    if (args.length === 0) throw new GoError('missing argument, expected ArrayBuffer')
    if (!(message instanceof ArrayBuffer))
      throw new GoError(`expected ArrayBuffer as argument, received: ${typeName(message)}`)
    this.#session.send(new Uint8Array(message))
  }

  ping(): void {
    this.#session.ping()
  }

  setTimeout(callback: unknown, delayMs: unknown): void {
    this.#session.timers.start(callback, delayMs, false)
  }

  setInterval(callback: unknown, periodMs: unknown): void {
    this.#session.timers.start(callback, periodMs, true)
  }

  close(code: unknown = goingAway): void {
    this.#session.close(Math.trunc(Number(code)))
  }
}

function typeName(value: unknown): string {
  if (value === undefined || value === null) return String(value)
  return (value as { constructor?: { name?: string } }).constructor?.name ?? 'Object'
}

const originOf = (url: string): string => (URL.canParse(url) ? new URL(url).origin : url)

/** By the names that Go gives them; a field that came more than once is one, with commas. */
function readHeaders(head: string): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const line of head.split('\r\n').slice(1)) {
    const colon = line.indexOf(':')
    if (colon <= 0) continue
    const name = canonicalName(line.slice(0, colon))
    const value = line.slice(colon + 1).trim()
    headers[name] = name in headers ? `${headers[name]}, ${value}` : value
  }
  return headers
}
