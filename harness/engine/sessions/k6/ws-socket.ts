import { withoutServersWords } from '../transport/failure.ts'
import { connectWebSocket, type WebSocketClient, type WebSocketHandlers } from '../transport/websocket.ts'
import type { WebSocketFailure } from '../transport/websocket-errors.ts'
import type { VirtualUser } from '../users/vu.ts'
import { BlockingSession, type Settle } from './blocking-session.ts'
import { ownArrayBuffer } from './bytes.ts'
import { GoError } from './go-error.ts'
import { GoValueError } from './go-value-error.ts'
import { goHeaders } from './head.ts'
import { endpointOfSocket, keepCookies } from './session-cookies.ts'
import { headersWithCookies, type SocketParams } from './socket-params.ts'
import { SocketSamples } from './socket-samples.ts'
import { SocketTimers } from './socket-timers.ts'
import { closeMessage, failureMessage, isErrorToK6 } from './websocket-words.ts'

/** What `ws.connect` gives when the session is over. */
export interface WsResponse {
  url: string
  status: number
  headers: Record<string, string>
  body: string
  error: string
}

export type SetUp = (socket: WsSocket) => unknown

const goingAway = 1001

/** One session of `k6/ws`. */
export class WsSession extends BlockingSession<WsResponse> implements WebSocketHandlers {
  readonly timers: SocketTimers
  readonly #url: string
  readonly #params: SocketParams
  readonly #setUp: SetUp
  readonly #samples: SocketSamples
  #client: WebSocketClient | null = null
  #response: WsResponse | null = null
  #pings = 0
  #pingSentMs: Map<string, number> | null = null
  protected override readonly closeArguments = [goingAway]

  constructor(user: VirtualUser, url: string, params: SocketParams, setUp: SetUp, settle: Settle<WsResponse>) {
    super(user, settle, 'ws.connect()')
    this.#url = url
    this.#setUp = setUp
    this.#samples = new SocketSamples(user, url, params.tags, { hasName: false })
    this.timers = new SocketTimers(user.context.now, this.queue)
    this.#params = params
    this.queue.onIdle = () => this.#client?.resume()
    try {
      const headers = headersWithCookies(user, url, params)
      const rules = { now: user.context.now, dialer: user.pool.dialer, userId: user.id }
      this.#client = connectWebSocket({ url, headers, ...rules }, this)
    } catch {
      setImmediate(() => this.#fail('malformed ws or wss URL', null))
    }
  }

  // --- what the script calls ---

  send(data: string | Uint8Array): void {
    this.#attempt((client) => client.send(data))
    this.#samples.sent()
  }

  ping(): void {
    const id = String(this.#pings)
    if (!this.#attempt((client) => client.ping(id))) return
    this.#pings++
    this.#pingSentMs ??= new Map()
    this.#pingSentMs.set(id, this.user.context.now())
  }

  /** As in k6, the handlers of `close` run before this returns. */
  close(code: number): void {
    if (this.isClosed) return
    this.isClosed = true
    try {
      this.#client?.close(code)
    } catch {
      // A code that no frame may hold: the session ends all the same.
      this.#client?.close()
    }
    this.queue.runNow(() => this.emit('close', code))
    this.endWith(() => this.#response!)
  }

  /** @returns whether the session took it */
  #attempt(call: (client: WebSocketClient) => void): boolean {
    try {
      if (this.isClosed) throw new Error('websocket: close sent')
      call(this.#client!)
      return true
    } catch (error) {
      this.queue.runNow(() => this.emit('error', new GoValueError((error as Error).message)))
      return false
    }
  }

  // --- what the session hears ---

  onOpen({ status, protocol, headers }: { protocol: string; status: number; headers: string }): void {
    this.#samples.status = String(status)
    this.#samples.subprotocol = protocol
    this.#samples.connected()
    keepCookies(this.user, this.#params.jar, endpointOfSocket(this.#url), headers)
    this.#response = { url: this.#url, status, headers: goHeaders(headers), body: '', error: '' }
    this.open(() => this.#setUp(new WsSocket(this)))
    this.#waitForHandlers()
  }

  /** As in k6, nothing is read while a handler is at work: the server notices that its messages are not taken. */
  #waitForHandlers(): void {
    if (this.queue.isBusy) this.#client?.pause()
  }

  protected override hear(step: () => unknown): void {
    super.hear(step)
    this.#waitForHandlers()
  }

  onMessage(data: string | Uint8Array): void {
    this.hear(() => {
      this.#samples.received()
      if (typeof data === 'string') return this.emit('message', data)
      return this.emit('binaryMessage', ownArrayBuffer(data))
    })
  }

  onPing(): void {
    this.hear(() => this.emit('ping'))
  }

  onPong(data: Uint8Array): void {
    this.hear(() => {
      const sentMs = this.#pingSentMs?.get(Buffer.from(data).toString('latin1'))
      if (sentMs !== undefined) this.#samples.ponged(sentMs)
      return this.emit('pong')
    })
  }

  onError(error: WebSocketFailure): void {
    if (this.#response === null) this.#fail(failureMessage(error), error)
    else if (error.closeCode === undefined) this.hear(() => this.emit('error', new GoValueError(error.message)))
  }

  onClose(code: number, reason: string): void {
    if (this.#response === null) return
    if (isErrorToK6(code)) this.hear(() => this.emit('error', new GoValueError(closeMessage(code, reason))))
    this.hear(() => this.close(code))
  }

  // --- how it ends ---

  /** No session came about: the script learns of it from the response alone, since it has set nothing up yet. */
  #fail(message: string, error: WebSocketFailure | null): void {
    const { context } = this.user
    const status = error?.status ?? 0
    if (status > 0) this.#samples.status = String(status)
    this.#samples.connected()
    const said = `WebSocket to ${originOf(this.#url)}: ${message}`
    context.warnOnce(`${said} (further ones like it are only counted)`, withoutServersWords(said))
    if (context.options.throw) this.endUnopened(null, new GoError(message))
    else if (status === 0) this.endUnopened({ url: '', status, headers: {}, body: '', error: message }, null)
    else {
      const headers = goHeaders(error?.head ?? '')
      this.endUnopened({ url: '', status, headers, body: error?.body ?? '', error: '' }, null)
    }
  }

  protected closeConnection(): void {
    this.#client?.close(goingAway)
  }

  protected destroyConnection(): void {
    this.timers.clear()
    this.#client?.destroy()
  }

  protected record(): void {
    this.timers.clear()
    this.#client?.resume()
    this.#samples.ended()
    if (this.#client) this.#samples.countBytes(this.#client)
  }
}

/** The socket as the script sees it. */
class WsSocket {
  readonly #session: WsSession
  constructor(session: WsSession) {
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
