import type { Dialer } from './dialer.ts'
import type { WebSocketFailure } from './websocket-errors.ts'
import { Session } from './websocket-session.ts'

/**
 * What a session hears. None of it is called before `connectWebSocket` has returned, and nothing after `onClose`.
 * A handler must not throw: it is called while bytes are being read, and what it throws becomes an uncaught exception.
 */
export interface WebSocketHandlers {
  /** `headers` is the raw response head, without its closing empty line. */
  onOpen(info: { protocol: string; status: number; headers: string }): void
  /** A text message as a string, a binary one as bytes that are all of an ArrayBuffer of their own. Only while open. */
  onMessage(data: string | Uint8Array): void
  /** The pong has been sent already. */
  onPing(data: Uint8Array): void
  onPong(data: Uint8Array): void
  /**
   * Exactly once, last. The code and the reason are those of the server's close frame: 1005 when it held no code, 1006 when there was
   * no such frame. Clean: both sides sent theirs.
   */
  onClose(code: number, reason: string, wasClean: boolean): void
  /**
   * At most once, before `onClose`. `code` is the system's (ECONNREFUSED) or a WebSocketErrorCode; `status` is that of
   * the handshake's answer.
   */
  onError(error: WebSocketFailure): void
}

export interface WebSocketOptions {
  /** ws: or wss:, no fragment; user and password in it become basic authorization. */
  url: string
  protocols?: string[]
  headers?: Record<string, string>
  /** From the call until open; 60 s unless given. */
  handshakeTimeoutMs?: number
  /** How long the server may take to end the connection once closing has begun; 5 s unless given. */
  closeTimeoutMs?: number
  /** By whose rules to connect. */
  dialer: Dialer
  /** Of the user whose session it is; from 1, 1 unless given. Local addresses go by it. */
  userId?: number
  /** A longer message fails the connection with 1009; 64 MiB unless given. */
  maxMessageBytes?: number
  /** Timestamps in ms for `timings`. */
  now(): number
}

export interface WebSocketClient {
  /** 0 connecting, 1 open, 2 closing, 3 closed. */
  readonly readyState: 0 | 1 | 2 | 3
  /** Bytes given to `send` (frame heads counted) that the system has not taken yet. */
  readonly bufferedAmount: number
  /** 0 for a step that has not ended, or that there was none of; `connectingMs` includes the name look-up. */
  readonly timings: { connectingMs: number; tlsMs: number; handshakeMs: number }
  /** Bytes of the handshake and of frames, before encryption. */
  readonly bytesSent: number
  readonly bytesReceived: number
  /** Throws an Error named InvalidStateError unless open. */
  send(data: string | Uint8Array): void
  /** At most 125 bytes, or RangeError. Throws an Error named InvalidStateError unless open. */
  ping(data?: string | Uint8Array): void
  /** Begins to close; fails the connection if it is not open yet, does nothing if it is closing. RangeError for a code or a reason that no close frame can hold. */
  close(code?: number, reason?: string): void
  /** Hears nothing more, not even a ping or a close frame, and takes no bytes off the connection, until it is resumed. */
  pause(): void
  resume(): void
  /** Ends the connection at once, without a close frame; no handler is called any more. */
  destroy(): void
}

/**
 * Opens a WebSocket session (RFC 6455; no extensions, redirects not followed). Throws UserError, before there is a
 * socket, for options that no handshake can be made of; everything later comes through `handlers`.
 */
export function connectWebSocket(options: WebSocketOptions, handlers: WebSocketHandlers): WebSocketClient {
  return new Session(options, handlers)
}
