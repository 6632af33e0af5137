import type { SampleTags } from '../../../metrics/registry.ts'
import { connectWebSocket, type WebSocketClient, type WebSocketHandlers } from '../transport/websocket.ts'
import type { VirtualUser } from '../vu.ts'
import { assertRunning } from './core.ts'
import { NotProvided } from './not-provided.ts'
import { lazyModule } from './port.ts'
import { putTags } from './tags.ts'

type Listener = (event: SocketEvent) => unknown
const eventTypes = ['open', 'message', 'error', 'close', 'ping', 'pong'] as const
type EventType = (typeof eventTypes)[number]

interface SocketEvent {
  type: EventType
  timestamp: number
  data?: string | ArrayBuffer
  error?: string
  code?: number
  reason?: string
}

interface SocketParams {
  headers?: Record<string, string>
  tags?: Record<string, string>
}

const knownParams = ['headers', 'tags']

/** The WHATWG-like WebSocket of `k6/websockets`: an iteration lasts until its sockets are closed. */
class ScriptSocket implements WebSocketHandlers {
  readonly url: string
  binaryType = 'arraybuffer'
  onopen: Listener | null = null
  onmessage: Listener | null = null
  onerror: Listener | null = null
  onclose: Listener | null = null
  onping: Listener | null = null
  onpong: Listener | null = null

  readonly #user: VirtualUser
  readonly #tags: Record<string, string> | null
  readonly #client: WebSocketClient
  #listeners: Map<EventType, Listener[]> | null = null
  #openedMs = 0
  #pingSentMs = 0
  #sentBytes = 0
  #receivedBytes = 0

  constructor(user: VirtualUser, url: string, protocols: unknown, params: SocketParams) {
    assertRunning(user, 'new WebSocket()')
    for (const name of Object.keys(params)) {
      if (!knownParams.includes(name))
        throw new NotProvided(`WebSocket params.${name}`, ` (it has: ${knownParams.join(', ')})`)
    }
    this.#user = user
    this.url = url
    this.#tags = params.tags ?? null
    this.#client = connectWebSocket(
      {
        url,
        now: user.context.now,
        headers: { 'User-Agent': user.context.options.userAgent, ...params.headers },
        ...(protocols ? { protocols: Array.isArray(protocols) ? protocols.map(String) : [String(protocols)] } : {}),
        dialer: user.pool.dialer,
        userId: user.id,
      },
      this,
    )
    user.hold(this)
  }

  get readyState(): number {
    return this.#client.readyState
  }

  get bufferedAmount(): number {
    return this.#client.bufferedAmount
  }

  get protocol(): string {
    return ''
  }

  addEventListener(type: EventType, listener: Listener): void {
    if (!eventTypes.includes(type))
      throw new Error(`unsupported event type "${type}": a WebSocket has ${eventTypes.join(', ')}`)
    this.#listeners ??= new Map()
    const list = this.#listeners.get(type)
    if (list) list.push(listener)
    else this.#listeners.set(type, [listener])
  }

  send(data: string | ArrayBuffer | ArrayBufferView): void {
    const message =
      typeof data === 'string'
        ? data
        : ArrayBuffer.isView(data)
          ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
          : new Uint8Array(data)
    this.#client.send(message)
    this.#countSent()
  }

  ping(): void {
    this.#pingSentMs = this.#user.context.now()
    this.#client.ping()
    this.#countSent()
  }

  /** k6 says 1000, a normal end, where the script says nothing. */
  close(code = 1000, reason?: string): void {
    if (this.readyState === 1) this.#countSent()
    this.#client.close(code, reason)
  }

  /** k6 counts every frame that the script causes: messages, pings and the close. */
  #countSent(): void {
    this.#user.context.metrics.ws_msgs_sent.add(1, this.#user.scenarioIndex, this)
  }

  /** Dropped with its user: no close frame, no event. */
  release(): void {
    this.#leave()
    this.#client.destroy()
  }

  tag(name: string): string | undefined {
    if (this.#user.context.options.systemTags.has(name)) {
      const value = this.#systemTag(name)
      if (value !== undefined) return value
    }
    return this.#tags?.[name] ?? this.#user.tag(name)
  }

  collect(into: SampleTags): void {
    this.#user.collect(into)
    if (this.#tags) putTags(into.tags, this.#tags)
    for (const name of this.#user.context.options.systemTags) {
      const value = this.#systemTag(name)
      if (value !== undefined) into.tags[name] = value
    }
  }

  #systemTag(name: string): string | undefined {
    switch (name) {
      case 'url':
        return this.#tags?.name ?? this.url
      case 'name':
        return this.#tags?.name ?? this.url
      case 'status':
        return '101'
      case 'subproto':
        return this.protocol
      default:
        return undefined
    }
  }

  onOpen(): void {
    const { metrics, now } = this.#user.context
    this.#openedMs = now()
    this.#user.context.counts.socketsOpen++
    const { connectingMs, tlsMs, handshakeMs } = this.#client.timings
    metrics.ws_sessions.add(1, this.#user.scenarioIndex, this)
    metrics.ws_connecting.add(connectingMs + tlsMs + handshakeMs, this.#user.scenarioIndex, this)
    this.#emit('open', this.onopen, {})
  }

  onMessage(data: string | Uint8Array): void {
    this.#user.context.metrics.ws_msgs_received.add(1, this.#user.scenarioIndex, this)
    this.#countBytes()
    this.#emit('message', this.onmessage, { data: typeof data === 'string' ? data : (data.buffer as ArrayBuffer) })
  }

  onPing(): void {
    this.#emit('ping', this.onping, {})
  }

  onPong(): void {
    const { metrics, now } = this.#user.context
    if (this.#pingSentMs > 0) metrics.ws_ping.add(now() - this.#pingSentMs, this.#user.scenarioIndex, this)
    this.#emit('pong', this.onpong, {})
  }

  onError(error: Error): void {
    this.#user.context.warnOnce(
      `WebSocket to ${originOf(this.url)}: ${error.message} (further ones like it are only counted)`,
    )
    this.#emit('error', this.onerror, { error: error.message })
  }

  onClose(code: number, reason: string): void {
    const { metrics, now } = this.#user.context
    if (this.#openedMs > 0) metrics.ws_session_duration.add(now() - this.#openedMs, this.#user.scenarioIndex, this)
    this.#leave()
    this.#emit('close', this.onclose, { code, reason })
    this.#user.dispatch(() => this.#user.letGo(this))
  }

  #leave(): void {
    if (this.#openedMs > 0) this.#user.context.counts.socketsOpen--
    this.#countBytes()
  }

  #countBytes(): void {
    const { metrics } = this.#user.context
    const { bytesSent, bytesReceived } = this.#client
    metrics.data_sent.add(bytesSent - this.#sentBytes, this.#user.scenarioIndex, this.#user)
    metrics.data_received.add(bytesReceived - this.#receivedBytes, this.#user.scenarioIndex, this.#user)
    this.#sentBytes = bytesSent
    this.#receivedBytes = bytesReceived
  }

  #emit(type: EventType, handler: Listener | null, detail: Partial<SocketEvent>): void {
    const listeners = this.#listeners?.get(type)
    if (handler === null && listeners === undefined) return
    const event: SocketEvent = { type, timestamp: Date.now(), ...detail }
    if (handler !== null) this.#user.dispatch(() => handler(event))
    if (listeners) for (const listener of listeners) this.#user.dispatch(() => listener(event))
  }
}

const originOf = (url: string): string => (URL.canParse(url) ? new URL(url).origin : url)

function constructorFor(user: VirtualUser): unknown {
  function WebSocket(url: string, protocols?: unknown, params?: SocketParams): ScriptSocket {
    return new ScriptSocket(user, String(url), protocols, params ?? {})
  }
  WebSocket.prototype = ScriptSocket.prototype
  return Object.assign(WebSocket, { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 })
}

/** Module `k6/websockets`, and its old name `k6/experimental/websockets`. */
export const websocketsModule = lazyModule({
  WebSocket: constructorFor,
  Blob: () => {
    throw new NotProvided('Blob', ' (use an ArrayBuffer)')
  },
})
