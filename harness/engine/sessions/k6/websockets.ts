import { withoutServersWords } from '../transport/failure.ts'
import { connectWebSocket, type WebSocketClient, type WebSocketHandlers } from '../transport/websocket.ts'
import type { WebSocketFailure } from '../transport/websocket-errors.ts'
import type { VirtualUser } from '../users/vu.ts'
import { Blob } from './blob.ts'
import { goTypeOf } from './bytes.ts'
import type { CookieStore } from './cookie-store.ts'
import { assertRunning } from './core.ts'
import { GoError } from './go-error.ts'
import { callInTurn } from './handler-queue.ts'
import { lazyModule } from './port.ts'
import { endpointOfSocket, keepCookies } from './session-cookies.ts'
import {
  type SocketEvent,
  type SocketEventType,
  type SocketListener,
  SocketListeners,
  socketEvents,
} from './socket-events.ts'
import { headersWithCookies, readSocketParams, type SocketParams } from './socket-params.ts'
import { SocketSamples } from './socket-samples.ts'
import { closeMessage, failureMessage, isErrorToK6 } from './websocket-words.ts'

const states = { connecting: 0, open: 1, closing: 2, closed: 3 } as const
const binaryTypes = ['blob', 'arraybuffer']

/**
 * The WebSocket of `k6/websockets`, nearly that of browsers: an iteration lasts until its sockets are closed. What the
 * script sees of it, its state as well, changes only when the user's event loop has come to it.
 */
class ScriptSocket implements WebSocketHandlers {
  readonly url: string
  declare onopen: SocketListener | null
  declare onmessage: SocketListener | null
  declare onerror: SocketListener | null
  declare onclose: SocketListener | null
  declare onping: SocketListener | null
  declare onpong: SocketListener | null

  readonly #user: VirtualUser
  readonly #samples: SocketSamples
  readonly #client: WebSocketClient
  readonly #jar: CookieStore | null
  readonly #listeners = new SocketListeners()
  #state: number = states.connecting
  #binaryType = 'blob'
  #wasOpen = false
  /** What the script said before there was a connection to say it on. */
  #closeWanted: { code: number; reason: string } | null = null
  #freshBytes = 0
  #pings = 0
  #pingSentMs: Map<string, number> | null = null

  constructor(user: VirtualUser, url: string, protocols: string[], params: SocketParams) {
    this.#user = user
    this.url = url
    this.#samples = new SocketSamples(user, url, params.tags, { hasName: true })
    this.#jar = params.jar
    const headers = headersWithCookies(user, url, params)
    const rules = { now: user.context.now, dialer: user.pool.dialer, userId: user.id }
    this.#client = connectWebSocket({ url, headers, protocols, ...rules }, this)
    user.hold(this)
  }

  static listenersOf(socket: ScriptSocket): SocketListeners {
    return socket.#listeners
  }

  get readyState(): number {
    return this.#state
  }

  /** What was sent since the event loop came by counts as buffered, whatever the system has taken of it. */
  get bufferedAmount(): number {
    return Math.max(this.#freshBytes, this.#client.bufferedAmount)
  }

  get protocol(): string {
    return this.#samples.subprotocol
  }

  get extensions(): string[] {
    return []
  }

  get binaryType(): string {
    return this.#binaryType
  }

  set binaryType(type: unknown) {
    if (!binaryTypes.includes(String(type)))
      throw new GoError(`unknown binaryType ${String(type)}, the supported ones are "blob" and "arraybuffer"`)
    this.#binaryType = String(type)
  }

  addEventListener(type: unknown, listener: unknown): void {
    if (typeof listener !== 'function')
      throw new TypeError(`could not convert function call parameter 1: ${String(listener)} is no function`)
    if (socketEvents.includes(type as SocketEventType))
      this.#listeners.add(type as SocketEventType, listener as SocketListener)
    else this.#user.context.log('warn', `can't add event handler: unknown event type: ${String(type)}`)
  }

  send(data: unknown): void {
    this.#assertOpen()
    const message = messageOf(data)
    this.#client.send(message)
    if (this.#freshBytes === 0) setImmediate(() => void (this.#freshBytes = 0))
    this.#freshBytes += Buffer.byteLength(message)
    this.#samples.sent()
  }

  ping(): void {
    this.#assertOpen()
    const id = String(this.#pings++)
    this.#pingSentMs ??= new Map()
    this.#pingSentMs.set(id, this.#user.context.now())
    this.#client.ping(id)
    // k6 counts every frame that the script causes: messages, pings and the close.
    this.#samples.sent()
  }

  /** k6 says 1000, a normal end, where the script says nothing. */
  close(rawCode?: unknown, rawReason?: unknown): void {
    if (this.#state >= states.closing) return
    const code = Math.trunc(Number(rawCode ?? 0)) || 1000
    const reason = rawReason === undefined ? '' : String(rawReason)
    checkClose(code, reason)
    const wasConnecting = this.#state === states.connecting
    this.#state = states.closing
    if (wasConnecting && this.#client.readyState === states.connecting) this.#closeWanted = { code, reason }
    else this.#sendClose(code, reason)
  }

  #sendClose(code: number, reason: string): void {
    this.#samples.sent()
    this.#client.close(code, reason)
  }

  #assertOpen(): void {
    if (this.#state !== states.open) throw new GoError('InvalidStateError')
  }

  /** Dropped with its user: no close frame, no event. */
  release(): void {
    this.#leave()
    this.#client.destroy()
  }

  // --- what the session hears ---

  onOpen({ status, protocol, headers }: { protocol: string; status: number; headers: string }): void {
    keepCookies(this.#user, this.#jar, endpointOfSocket(this.url), headers)
    this.#samples.status = String(status)
    this.#samples.subprotocol = protocol
    this.#samples.connected()
    this.#wasOpen = true
    this.#user.context.counts.socketsOpen++
    if (this.#closeWanted !== null) this.#sendClose(this.#closeWanted.code, this.#closeWanted.reason)
    this.#user.dispatch(() => {
      if (this.#state !== states.connecting) return undefined
      this.#state = states.open
      return this.#call('open', {})
    })
  }

  onMessage(data: string | Uint8Array): void {
    this.#user.dispatch(() => {
      if (this.#state !== states.open) return undefined
      this.#samples.received()
      this.#samples.countBytes(this.#client)
      return this.#call('message', { data: this.#dataOf(data), origin: this.url })
    })
  }

  #dataOf(data: string | Uint8Array): unknown {
    if (typeof data === 'string') return data
    return this.#binaryType === 'blob' ? new Blob([data]) : data.buffer
  }

  onPing(): void {
    this.#user.dispatch(() => this.#call('ping', {}))
  }

  onPong(data: Uint8Array): void {
    this.#user.dispatch(() => {
      const sentMs = this.#pingSentMs?.get(Buffer.from(data).toString('latin1'))
      if (sentMs !== undefined) this.#samples.ponged(sentMs)
      return this.#call('pong', {})
    })
  }

  onError(error: WebSocketFailure): void {
    if (this.#wasOpen) return
    const message = failureMessage(error)
    if (error.status !== undefined) this.#samples.status = String(error.status)
    this.#samples.connected()
    const said = `WebSocket to ${originOf(this.url)}: ${message}`
    this.#user.context.warnOnce(`${said} (further ones like it are only counted)`, withoutServersWords(said))
    this.#user.dispatch(() => {
      this.#state = states.closed
      return this.#call('error', { error: message })
    })
  }

  onClose(code: number, reason: string): void {
    if (this.#wasOpen) this.#samples.ended()
    const detail = this.#wasOpen ? { code, reason: code === 1006 ? 'unexpected EOF' : reason } : { reason: '' }
    this.#leave()
    this.#user.dispatch(() => {
      this.#state = states.closed
      return this.#wasOpen && isErrorToK6(code) ? this.#call('error', { error: closeMessage(code, reason) }) : undefined
    })
    this.#user.dispatch(() => this.#call('close', detail))
    this.#user.dispatch(() => this.#user.letGo(this))
  }

  #leave(): void {
    if (this.#wasOpen) this.#user.context.counts.socketsOpen--
    this.#samples.countBytes(this.#client)
  }

  #call(type: SocketEventType, detail: Partial<SocketEvent>): unknown {
    const listeners = this.#listeners.of(type)
    if (listeners.length === 0) return undefined
    return callInTurn(listeners as ((event: unknown) => unknown)[], [
      { type, target: this, timestamp: Date.now(), ...detail },
    ])
  }
}

for (const type of socketEvents) {
  Object.defineProperty(ScriptSocket.prototype, `on${type}`, {
    get(this: ScriptSocket) {
      return ScriptSocket.listenersOf(this).get(type)
    },
    set(this: ScriptSocket, listener: unknown) {
      ScriptSocket.listenersOf(this).set(type, listener)
    },
  })
}

/** @throws GoError for what is no message */
function messageOf(data: unknown): string | Uint8Array {
  if (typeof data === 'string') return data
  if (data instanceof ArrayBuffer) return new Uint8Array(data)
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  if (data instanceof Blob) return Blob.bytesOf(data)
  throw new GoError(`unsupported send type ${goTypeOf(data)}`)
}

function checkClose(code: number, reason: string): void {
  if (code !== 1000 && !(code >= 3000 && code <= 4999))
    throw new GoError(
      `InvalidAccessError: Failed to execute 'close' on 'WebSocket': The close code must be either 1000, or between 3000 and 4999. ${code} is neither`,
    )
  if (Buffer.byteLength(reason) > 123)
    throw new GoError(
      "SyntaxError: Failed to execute 'close' on 'WebSocket': The message must not be greater than 123 bytes",
    )
}

const originOf = (url: string): string => (URL.canParse(url) ? new URL(url).origin : url)

/** @throws GoError as k6 does */
function checkUrl(raw: unknown): string {
  if (raw === undefined || raw === null) throw new GoError('WebSocket requires a url')
  const text = String(raw)
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase() ?? ''
  if (scheme !== 'ws' && scheme !== 'wss')
    throw new GoError(`WebSocket requires url with scheme ws or wss, but got ${JSON.stringify(scheme)}`)
  if (!URL.canParse(text)) throw new GoError(`WebSocket requires valid url, but got ${JSON.stringify(text)}`)
  const fragment = new URL(text).hash.slice(1)
  if (fragment !== '') throw new GoError(`WebSocket requires no url fragment, but got ${JSON.stringify(fragment)}`)
  return text
}

const protocolsOf = (raw: unknown): string[] =>
  Array.isArray(raw) ? raw.map(String) : typeof raw === 'string' ? [raw] : []

function constructorFor(user: VirtualUser): unknown {
  function WebSocket(url?: unknown, protocols?: unknown, params?: unknown): ScriptSocket {
    assertRunning(user, 'new WebSocket()')
    const address = checkUrl(url)
    return new ScriptSocket(user, address, protocolsOf(protocols), readSocketParams(user, params, 'WebSocket', true))
  }
  WebSocket.prototype = ScriptSocket.prototype
  return Object.assign(WebSocket, { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 })
}

/** Module `k6/websockets`, and its old name `k6/experimental/websockets`. */
export const websocketsModule = lazyModule({
  WebSocket: constructorFor,
  Blob: () => Blob,
})
