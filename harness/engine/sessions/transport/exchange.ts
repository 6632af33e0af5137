import { type DecodedBody, decodeAside, decodeBody } from './body-decoding.ts'
import { type BodyLimits, tooLong, usualLimits } from './body-limits.ts'
import type { Endpoint } from './endpoint.ts'
import type { RequestFailure } from './failure.ts'
import { ParseError } from './http-lines.ts'
import type { BodySink, ResponseParser } from './http-parser.ts'

export type ResponseType = 'text' | 'binary' | 'none'

/** What owns the connections: asked to send an exchange again. */
export interface ExchangeOwner {
  sendAgain(exchange: Exchange): void
}

/** Who asked for the exchange. */
export interface ExchangeListener {
  onEnd(exchange: Exchange): void
}

/** The other end of a connection. */
export interface Peer {
  ip: string
  port: number
  /** By the names that k6 has for them: `tls1.3`, `TLS_AES_128_GCM_SHA256`. */
  tls: { version: string; cipherSuite: string } | null
}

const idempotent = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])
const idempotencyKey = /\r\n(x-)?idempotency-key:/i

/** One request and what came of it. All times are CLOCK_MONOTONIC ms; 0 means it did not happen. */
export class Exchange {
  readonly endpoint: Endpoint
  readonly method: string
  /** Request line and header fields with the final blank line. */
  readonly head: string
  /** A string holds latin1 only. */
  readonly body: string | Uint8Array | null
  readonly responseType: ResponseType
  /** Where the body goes as it comes, with the response type `none`. */
  readonly sink: BodySink | null = null
  private readonly owner: ExchangeOwner

  /** When the script asked. */
  askedMs = 0
  /** When it should have been asked: the schedule's time, or the end of the sleep; else the same as `askedMs`. */
  intendedMs = 0
  handedMs = 0
  sentMs = 0
  firstByteMs = 0
  lastByteMs = 0
  connectingMs = 0
  tlsHandshakingMs = 0
  wasRetried = false
  /** From `askedMs` on. */
  timeoutMs = 0
  /** What carried it. */
  connection: { readonly peer: Peer } | null = null

  status = 0
  responseHead = ''
  setsCookie = false
  responseText = ''
  responseBytes: Buffer | null = null
  receivedBytes = 0
  failure: RequestFailure | null = null
  /** A body that is unpacked before the exchange ends. */
  private packed: { raw: Buffer; contentEncoding: string } | null = null
  private readonly listener: ExchangeListener

  constructor(
    endpoint: Endpoint,
    method: string,
    head: string,
    body: string | Uint8Array | null,
    responseType: ResponseType,
    owner: ExchangeOwner,
    listener: ExchangeListener,
  ) {
    this.endpoint = endpoint
    this.method = method
    this.head = head
    this.body = body
    this.responseType = responseType
    this.owner = owner
    this.listener = listener
  }

  /** Who answered; null where no connection came about. */
  get peer(): Peer | null {
    return this.connection === null ? null : this.connection.peer
  }

  /** Go's rule for what may be sent twice: methods that change nothing, and what the script gave a key for it. */
  get isReplayable(): boolean {
    return idempotent.has(this.method) || idempotencyKey.test(this.head)
  }

  /** 0 where no connection came about. */
  get sentBytes(): number {
    return this.handedMs === 0 ? 0 : this.head.length + (this.body?.length ?? 0)
  }

  /** Copies out of the parser, and out of the buffer that all sockets share, what came back. */
  takeResponse(parser: ResponseParser, buffer: Buffer): void {
    this.status = parser.status
    this.responseHead = parser.head
    this.setsCookie = parser.setsCookie
    this.takeBody(parser, buffer)
  }

  /** Of a response that broke off: as much of its body as had come. */
  takePart(parser: ResponseParser | null): void {
    if (parser?.state !== 'body' || this.responseType === 'none' || parser.contentEncoding !== '') return
    if (parser.bodyBytes > this.longestBody) return
    this.responseBytes = Buffer.concat(parser.chunks)
    if (this.responseType === 'text') this.responseText = this.responseBytes.toString('utf8')
  }

  /** Failed or not, there is a body: all of it, or the part that came. */
  get hasBody(): boolean {
    return this.failure === null || this.responseBytes !== null
  }

  private takeBody(parser: ResponseParser, buffer: Buffer): void {
    if (this.responseType === 'none') return
    if (parser.wholeBodyStart >= 0 && parser.contentEncoding === '' && this.responseType === 'text') {
      this.responseText = buffer.toString('utf8', parser.wholeBodyStart, parser.wholeBodyEnd)
      return
    }
    const raw =
      parser.wholeBodyStart >= 0
        ? Buffer.from(buffer.subarray(parser.wholeBodyStart, parser.wholeBodyEnd))
        : Buffer.concat(parser.chunks)
    this.keepBody(raw, parser.contentEncoding)
  }

  private keepBody(raw: Buffer, contentEncoding: string): void {
    const decoded = decodeBody(raw, contentEncoding, this.limits.atOnce)
    if (decoded === null) this.packed = { raw, contentEncoding }
    else this.keepDecoded(decoded)
  }

  private keepDecoded({ bytes, failure }: DecodedBody): void {
    const isTooLong = bytes !== null && bytes.length > this.longestBody
    this.failure = isTooLong ? this.tooLong : failure
    if (isTooLong) return
    // Of a broken body the bytes are kept for a text too: that there are any says that there is a body.
    if (this.responseType === 'binary' || failure !== null) this.responseBytes = bytes
    if (this.responseType === 'text' && bytes !== null) this.responseText = bytes.toString('utf8')
  }

  /** The event loop turns meanwhile. */
  private async unpack(raw: Buffer, contentEncoding: string): Promise<void> {
    this.packed = null
    const decoded = await decodeAside(raw, contentEncoding, this.longestBody)
    if (decoded === null) this.failure = this.tooLong
    else this.keepDecoded(decoded)
  }

  protected get limits(): BodyLimits {
    return usualLimits
  }

  /** Bytes. */
  private get longestBody(): number {
    return this.responseType === 'none' ? Number.POSITIVE_INFINITY : this.limits[this.responseType]
  }

  private get tooLong(): RequestFailure {
    return tooLong(this.responseType === 'text' ? 'text' : 'binary', this.longestBody)
  }

  /**
   * Part of the response has come, and not all of it. Nothing is done with the connection behind this.
   * @throws ParseError for a body that is too long to be kept, which may never end
   */
  onProgress(parser: ResponseParser): void {
    if (parser.state === 'body' && parser.bodyBytes > this.longestBody) throw new ParseError(this.tooLong.message)
  }

  finish(): void {
    if (this.packed === null) this.listener.onEnd(this)
    else void this.unpack(this.packed.raw, this.packed.contentEncoding).then(() => this.listener.onEnd(this))
  }

  fail(failure: RequestFailure): void {
    this.failure = failure
    this.finish()
  }

  sendAgain(): void {
    this.wasRetried = true
    this.owner.sendAgain(this)
  }
}
