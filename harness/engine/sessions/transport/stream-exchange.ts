import type { Endpoint } from './endpoint.ts'
import { Exchange, type ExchangeListener, type ExchangeOwner } from './exchange.ts'
import type { BodySink, ResponseParser } from './http-parser.ts'

/** Who asked for a stream. */
export interface StreamListener extends ExchangeListener {
  /** `status` and `responseHead` are there. Comes before `onBody`, and may not touch the connection. */
  onHead(exchange: StreamExchange): void
  /**
   * Bytes [start, end) of a buffer that is used again as soon as this returns. They are being read: nothing that may
   * touch the connection is to be done yet.
   */
  onBody(bytes: Buffer, start: number, end: number): void
  /** All that has come so far was told; `onEnd` says it for the last time. */
  onRead(): void
}

/** An exchange whose response is heard as it comes, and not kept. */
export class StreamExchange extends Exchange implements BodySink {
  override readonly sink: BodySink = this
  private readonly stream: StreamListener
  private hasHead = false

  constructor(
    endpoint: Endpoint,
    method: string,
    head: string,
    body: string | Uint8Array | null,
    owner: ExchangeOwner,
    stream: StreamListener,
  ) {
    super(endpoint, method, head, body, 'none', owner, stream)
    this.stream = stream
  }

  onBody(parser: ResponseParser, buffer: Buffer, start: number, end: number): void {
    this.tellHead(parser)
    this.stream.onBody(buffer, start, end)
  }

  override onProgress(parser: ResponseParser): void {
    if (parser.state === 'head') return
    this.tellHead(parser)
    this.stream.onRead()
  }

  override takeResponse(parser: ResponseParser): void {
    this.tellHead(parser)
  }

  private tellHead(parser: ResponseParser): void {
    if (this.hasHead) return
    this.hasHead = true
    this.status = parser.status
    this.responseHead = parser.head
    this.stream.onHead(this)
  }
}
