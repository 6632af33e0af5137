import type { Socket } from 'node:net'
import type { WebSocketClient, WebSocketHandlers, WebSocketOptions } from './websocket.ts'
import { WebSocketError } from './websocket-errors.ts'
import {
  closeCodes,
  encodeClosePayload,
  encodeFrame,
  isWireCloseCode,
  maxControlPayloadBytes,
  opcodes,
} from './websocket-frames.ts'
import { buildRequest, checkResponse, type HandshakeRequest, maxHeadBytes } from './websocket-handshake.ts'
import { FrameReader, type FrameSink } from './websocket-reader.ts'
import { openSocket, type SocketOwner } from './websocket-socket.ts'

/** What is kept only until the session is open. */
interface Opening {
  request: HandshakeRequest
  now: () => number
  stepStartMs: number
  /** The beginning of a response head that has not come whole. */
  head: Buffer | null
}

const defaults = { handshakeTimeoutMs: 60_000, closeTimeoutMs: 5_000, maxMessageBytes: 64 * 1024 * 1024 }
const headEnd = '\r\n\r\n'

const deaf: WebSocketHandlers = {
  onOpen() {},
  onMessage() {},
  onPing() {},
  onPong() {},
  onClose() {},
  onError() {},
}

/** One session, from the opening handshake to the end of its connection. */
export class Session implements WebSocketClient, SocketOwner, FrameSink {
  readyState: 0 | 1 | 2 | 3 = 0
  bytesSent = 0
  bytesReceived = 0
  readonly timings = { connectingMs: 0, tlsMs: 0, handshakeMs: 0 }
  readonly #socket: Socket
  readonly #reader: FrameReader
  readonly #closeTimeoutMs: number
  #handlers: WebSocketHandlers
  #opening: Opening | null
  /** Runs during the handshake and during the closing, never in between. */
  #timer: NodeJS.Timeout | null = null
  #hasFailed = false
  #isCloseSent = false
  /** From the server's close frame; null until it comes. */
  #closed: { code: number; reason: string } | null = null

  constructor(options: WebSocketOptions, handlers: WebSocketHandlers) {
    const request = buildRequest(options.url, options.protocols, options.headers)
    const timeoutMs = options.handshakeTimeoutMs ?? defaults.handshakeTimeoutMs
    this.#handlers = handlers
    this.#closeTimeoutMs = options.closeTimeoutMs ?? defaults.closeTimeoutMs
    this.#reader = new FrameReader(this, options.maxMessageBytes ?? defaults.maxMessageBytes)
    this.#opening = { request, now: options.now, stepStartMs: options.now(), head: null }
    this.#socket = openSocket(request, { dialer: options.dialer, userId: options.userId ?? 1 }, this)
    this.#startTimer(timeoutMs, () => {
      this.#abandon(new WebSocketError('WS_HANDSHAKE_TIMEOUT', `WebSocket handshake: not open after ${timeoutMs} ms`))
    })
  }

  get bufferedAmount(): number {
    return this.#socket.writableLength
  }

  send(data: string | Uint8Array): void {
    this.#mustBeOpen('send')
    this.#write(encodeFrame(typeof data === 'string' ? opcodes.text : opcodes.binary, data))
  }

  ping(data: string | Uint8Array = ''): void {
    this.#mustBeOpen('ping')
    if (Buffer.byteLength(data) > maxControlPayloadBytes) throw new RangeError('WebSocket ping: more than 125 bytes')
    this.#write(encodeFrame(opcodes.ping, data))
  }

  close(code?: number, reason = ''): void {
    checkClose(code, reason)
    if (this.readyState === 0)
      this.#abandon(new WebSocketError('WS_CLOSED_BEFORE_OPEN', 'WebSocket: closed before the handshake ended'))
    if (this.readyState !== 1) return
    this.#sendClose(code, reason)
  }

  pause(): void {
    this.#reader.pause()
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
    this.#reader.resume()
  }

  destroy(): void {
    this.#handlers = deaf
    this.#end()
    this.#socket.destroy()
  }

  onConnect(): void {
    const { secure, head } = this.#opening!.request
    this.timings.connectingMs = this.#endStep()
    if (!secure) this.#write(head)
  }

  onSecureConnect(): void {
    this.timings.tlsMs = this.#endStep()
    this.#write(this.#opening!.request.head)
  }

  onBytes(buffer: Buffer, length: number): void {
    this.bytesReceived += length
    if (this.#opening === null) this.#reader.read(buffer, 0, length)
    else this.#readHead(this.#opening, buffer.subarray(0, length))
  }

  onEnd(): void {
    // Its own end follows by itself (allowHalfOpen is off), but only when the server has taken all that was written.
    this.#beginClosing()
  }

  onSocketError(error: Error): void {
    // Once the server has said goodbye, how its end of the connection goes is no failure of the session.
    if (this.#closed === null) this.#report(error)
  }

  onSocketClose(): void {
    if (this.#opening !== null)
      this.#report(new WebSocketError('WS_CLOSED_BEFORE_OPEN', 'WebSocket handshake: the server ended the connection'))
    const { code, reason } = this.#closed ?? { code: closeCodes.abnormal, reason: '' }
    this.#end()
    // Whoever has heard a close frame has sent one too.
    this.#handlers.onClose(code, reason, this.#closed !== null)
  }

  onText(text: string): void {
    if (this.readyState === 1) this.#handlers.onMessage(text)
  }

  onBinary(data: Uint8Array): void {
    if (this.readyState === 1) this.#handlers.onMessage(data)
  }

  onPing(data: Uint8Array): void {
    if (this.readyState !== 1) return
    this.#write(encodeFrame(opcodes.pong, data))
    this.#handlers.onPing(data)
  }

  onPong(data: Uint8Array): void {
    if (this.readyState === 1) this.#handlers.onPong(data)
  }

  onCloseFrame(code: number, reason: string): void {
    this.#closed = { code, reason }
    // The server ends the connection, not this side: the side that does keeps the port busy for a minute (TIME_WAIT).
    this.#sendClose(code === closeCodes.none ? undefined : code, '')
  }

  onViolation(closeCode: number, what: string): void {
    this.#sendClose(closeCode, '')
    this.#socket.end()
    this.#report(new WebSocketError('WS_PROTOCOL_ERROR', `WebSocket: ${what}`, { closeCode }))
  }

  #readHead(opening: Opening, fresh: Buffer): void {
    const bytes = opening.head === null ? fresh : Buffer.concat([opening.head, fresh])
    const headBytes = bytes.indexOf(headEnd)
    if (headBytes >= 0) {
      this.#open(opening.request, bytes.toString('latin1', 0, headBytes), bytes.subarray(headBytes + headEnd.length))
      this.#reader.read(bytes, headBytes + headEnd.length, bytes.length)
    } else if (bytes.length > maxHeadBytes) {
      const what = `WebSocket handshake: the response head is longer than ${maxHeadBytes} bytes`
      this.#abandon(new WebSocketError('WS_BAD_HANDSHAKE', what))
    } else opening.head = Buffer.from(bytes)
  }

  #open(request: HandshakeRequest, headers: string, rest: Buffer): void {
    let answer: { protocol: string; status: number }
    try {
      answer = checkResponse(request, headers)
    } catch (error) {
      const refusal = error as WebSocketError
      refusal.head = headers
      refusal.body = rest.toString('utf8')
      this.#abandon(refusal)
      return
    }
    this.timings.handshakeMs = this.#endStep()
    this.#stopTimer()
    this.#opening = null
    this.readyState = 1
    this.#handlers.onOpen({ ...answer, headers })
  }

  #sendClose(code: number | undefined, reason: string): void {
    if (!this.#isCloseSent) this.#write(encodeFrame(opcodes.close, encodeClosePayload(code, reason)))
    this.#isCloseSent = true
    this.#beginClosing()
  }

  /** From here on the server has `closeTimeoutMs` to end the connection. */
  #beginClosing(): void {
    if (this.readyState === 3) return
    this.readyState = 2
    this.#startTimer(this.#closeTimeoutMs, () => this.#socket.destroy())
  }

  /** Gives up at once; the error comes back through `onSocketError`, never during the call. */
  #abandon(error: WebSocketError): void {
    this.readyState = 2
    this.#stopTimer()
    this.#reader.stop()
    this.#socket.destroy(error)
  }

  #report(error: Error): void {
    if (this.#hasFailed) return
    this.#hasFailed = true
    if (this.readyState < 2) this.readyState = 2
    this.#handlers.onError(error)
  }

  /** Milliseconds since the last step of the opening ended. */
  #endStep(): number {
    const opening = this.#opening!
    const nowMs = opening.now()
    const tookMs = nowMs - opening.stepStartMs
    opening.stepStartMs = nowMs
    return tookMs
  }

  #write(bytes: Buffer | string): void {
    // The request head is ASCII or Latin-1, so a string has as many bytes as characters.
    this.bytesSent += bytes.length
    this.#socket.write(bytes, 'latin1')
  }

  #mustBeOpen(call: string): void {
    if (this.readyState === 1) return
    const state = ['still connecting', '', 'closing', 'closed'][this.readyState]
    throw Object.assign(new Error(`WebSocket ${call}: the session is ${state}`), { name: 'InvalidStateError' })
  }

  #startTimer(afterMs: number, callback: () => void): void {
    this.#stopTimer()
    this.#timer = setTimeout(callback, afterMs)
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }

  #end(): void {
    this.readyState = 3
    this.#opening = null
    this.#stopTimer()
    this.#reader.stop()
  }
}

function checkClose(code: number | undefined, reason: string): void {
  if (code !== undefined && !isWireCloseCode(code))
    throw new RangeError(`WebSocket close: ${code} is no code to send; expected 1000, or 3000 to 4999`)
  if (code === undefined && reason !== '') throw new RangeError('WebSocket close: a reason needs a code')
  if (Buffer.byteLength(reason) > maxControlPayloadBytes - 2)
    throw new RangeError('WebSocket close: the reason is longer than 123 bytes')
}
