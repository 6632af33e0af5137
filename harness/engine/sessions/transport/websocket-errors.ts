/** What a failed session hands to `onError`: one of the codes below, or an error of the system as it came. */
export type WebSocketFailure = Error & {
  code?: string
  status?: number
  closeCode?: number
  head?: string
  body?: string
}

export type WebSocketErrorCode =
  /** The server answered with another status than 101. */
  | 'WS_HANDSHAKE_REFUSED'
  /** The server's answer is not the one that RFC 6455 asks for. */
  | 'WS_BAD_HANDSHAKE'
  | 'WS_HANDSHAKE_TIMEOUT'
  /** Either side ended the connection before the session was open. */
  | 'WS_CLOSED_BEFORE_OPEN'
  /** The server sent what no frame may be; `closeCode` is what it was told (1002, 1007, 1009). */
  | 'WS_PROTOCOL_ERROR'

export class WebSocketError extends Error {
  override name = 'WebSocketError'
  readonly code: WebSocketErrorCode
  /** Of the server's answer, where there was one. */
  readonly status?: number
  readonly closeCode?: number
  /** The answer that refused the handshake: its head as it came, and what of its body came along with it. */
  head?: string
  body?: string

  constructor(code: WebSocketErrorCode, message: string, facts: { status?: number; closeCode?: number } = {}) {
    super(message)
    this.code = code
    if (facts.status !== undefined) this.status = facts.status
    if (facts.closeCode !== undefined) this.closeCode = facts.closeCode
  }
}
