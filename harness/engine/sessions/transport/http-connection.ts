import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { type Deadlines, Timed } from './deadlines.ts'
import type { Dialer } from './dialer.ts'
import type { Endpoint } from './endpoint.ts'
import type { Exchange, Peer } from './exchange.ts'
import { errorCodes, failureOf, type RequestFailure, switchesProtocols } from './failure.ts'
import { ParseError } from './http-lines.ts'
import { ResponseParser } from './http-parser.ts'

/**
 * One buffer for the reads of all sockets: what arrives is used up or copied inside the callback, so an idle
 * connection owns no read buffer.
 */
const sharedReadBuffer = Buffer.allocUnsafeSlow(64 * 1024)

/**
 * Most responses come whole, in one read: one parser serves them all, and only a connection of which more is to come
 * keeps it for so long. Thousands of connections touch, and own, that much less memory.
 */
let spareParser: ResponseParser | null = null

/** What k6 gives a connection to come about: name, TCP, not TLS. */
const dialTimeoutMs = 30_000

/**
 * A request that is as short as this fits into the buffer of a connection that was idle: a write of it that fails has
 * written nothing.
 */
const atomicWriteBytes = 16 * 1024

/** Whose the connection is: told when it is free again or gone, and asked for what its connections share. */
export interface ConnectionOwner {
  readonly dialer: Dialer
  readonly userId: number
  onFree(connection: HttpConnection): void
  onGone(connection: HttpConnection): void
  /** Of the connection before to the same server, to take TLS up again. */
  tlsSessionOf(origin: string): Buffer | undefined
  keepTlsSession(origin: string, session: Buffer): void
}

/** One kept-alive connection that carries one exchange at a time. */
export class HttpConnection extends Timed {
  readonly endpoint: Endpoint
  private readonly now: () => number
  private readonly deadlines: Deadlines
  private readonly owner: ConnectionOwner
  private readonly socket: Socket
  /** While a response is on its way of which some has come. */
  private parser: ResponseParser | null = null
  private exchange: Exchange | null
  private isReady = false
  private isGone = false
  private connectStartMs = 0
  private connectedMs = 0
  /** An exchange was completed: a second one that finds the peer gone may be sent again. */
  private isReused = false
  private knownPeer: Peer | null = null

  constructor(first: Exchange, owner: ConnectionOwner, deadlines: Deadlines, now: () => number) {
    super()
    this.endpoint = first.endpoint
    this.exchange = first
    this.owner = owner
    this.deadlines = deadlines
    this.now = now
    this.socket = this.open()
    this.listen()
    deadlines.arm(this, first.askedMs + first.timeoutMs)
  }

  get isIdle(): boolean {
    return this.exchange === null
  }

  carries(exchange: Exchange): boolean {
    return this.exchange === exchange
  }

  private open(): Socket {
    const { hostname, port, isTls, origin } = this.endpoint
    this.connectStartMs = this.now()
    return this.owner.dialer.open({
      hostname,
      port,
      isTls,
      userId: this.owner.userId,
      onread: {
        buffer: sharedReadBuffer,
        callback: (size: number, buffer: Uint8Array) => this.onData(size, buffer),
      },
      session: isTls ? this.owner.tlsSessionOf(origin) : undefined,
    })
  }

  private listen(): void {
    const { socket } = this
    const onTimeout = (): void => {
      socket.destroy(Object.assign(new Error('dial: i/o timeout'), { code: 'DIAL_TIMEOUT' }))
    }
    socket.setTimeout(dialTimeoutMs, onTimeout)
    socket.once('connect', () => {
      socket.setTimeout(0, onTimeout)
      this.onConnect()
    })
    if (this.endpoint.isTls) socket.once('secureConnect', () => this.onSecureConnect())
    socket.on('error', (error: Error) => this.onError(error))
    socket.on('end', () => this.onEnd())
    socket.on('close', () => this.onClose())
  }

  /** Puts an exchange on the wire of a connection that is free. */
  send(exchange: Exchange): void {
    this.exchange = exchange
    this.deadlines.arm(this, exchange.askedMs + exchange.timeoutMs)
    // Nothing but this lies between: no need to look at the clock again.
    this.write(exchange, exchange.askedMs)
  }

  /** Takes no more bytes off the socket, so that the server notices. Only while the exchange is on the wire here. */
  pause(exchange: Exchange): void {
    if (this.exchange === exchange) this.socket.pause()
  }

  resume(exchange: Exchange): void {
    if (this.exchange === exchange) this.socket.resume()
  }

  /** The request takes longer than it may. */
  expire(): void {
    const { exchange } = this
    if (exchange === null) return
    this.leave()
    this.destroy()
    exchange.takePart(this.parser)
    exchange.fail({ message: 'request timeout', code: errorCodes.timeout })
  }

  /** At once, and nobody hears of it. */
  destroy(): void {
    this.isGone = true
    this.exchange = null
    this.close()
  }

  /** Who is at the other end. */
  get peer(): Peer {
    return this.knownPeer ?? this.rememberPeer()
  }

  /** A socket knows it only while it is open. */
  private rememberPeer(): Peer {
    this.knownPeer ??= peerOf(this.socket, this.endpoint.isTls)
    return this.knownPeer
  }

  private close(): void {
    this.deadlines.remove(this)
    if (this.endpoint.isTls && this.isReady) this.keepTlsSession()
    this.socket.destroy()
  }

  /** Asked for at the end, when the server's tickets have come; an idle connection keeps none. */
  private keepTlsSession(): void {
    const session = (this.socket as TLSSocket).getSession()
    if (session) this.owner.keepTlsSession(this.endpoint.origin, session)
  }

  private write(exchange: Exchange, handedMs: number): void {
    exchange.connection = this
    exchange.handedMs = handedMs
    if (exchange.body === null) this.socket.write(exchange.head, 'latin1')
    else this.writeWithBody(exchange, exchange.body)
    exchange.sentMs = this.now()
  }

  private writeWithBody(exchange: Exchange, body: string | Uint8Array): void {
    const { socket } = this
    if (typeof body === 'string') socket.write(exchange.head + body, 'latin1')
    else {
      socket.cork()
      socket.write(exchange.head, 'latin1')
      socket.write(body)
      socket.uncork()
    }
    // What the system does not take yet waits for the server to read: that is sending. Nothing is written behind it
    // but a question when it went.
    if (socket.writableLength > 0) socket.write('', () => this.onFlushed(exchange))
  }

  private onFlushed(exchange: Exchange): void {
    if (this.exchange === exchange) exchange.sentMs = this.now()
  }

  private onConnect(): void {
    this.connectedMs = this.now()
    if (this.exchange) this.exchange.connectingMs = this.connectedMs - this.connectStartMs
    if (!this.endpoint.isTls) this.becomeReady()
  }

  private onSecureConnect(): void {
    if (this.exchange) this.exchange.tlsHandshakingMs = this.now() - this.connectedMs
    const mistrust = this.owner.dialer.mistrust(this.socket, this.endpoint.hostname)
    if (mistrust) this.socket.destroy(mistrust)
    else this.becomeReady()
  }

  private becomeReady(): void {
    this.isReady = true
    if (this.exchange) this.write(this.exchange, this.now())
  }

  private onData(size: number, bytes: Uint8Array): boolean {
    const { exchange } = this
    if (exchange === null) {
      // Nobody asked: a server that answers out of turn is not to be trusted with the next request.
      this.leave()
      this.close()
      return false
    }
    const buffer = bytes as Buffer
    const arrivedMs = this.now()
    if (exchange.firstByteMs === 0) exchange.firstByteMs = arrivedMs
    exchange.receivedBytes += size
    try {
      const parser = this.parser ?? this.beginResponse(exchange)
      const position = parser.execute(buffer, 0, size)
      if (parser.state === 'complete') this.complete(exchange, parser, buffer, position < size, arrivedMs)
      else if (parser.state === 'upgraded') this.fail(exchange, switchesProtocols)
      else exchange.onProgress(parser)
    } catch (error) {
      if (!(error instanceof ParseError)) throw error
      this.fail(exchange, { message: error.message, code: errorCodes.generic })
      return false
    }
    return true
  }

  private beginResponse({ method, responseType, sink }: Exchange): ResponseParser {
    const parser = spareParser ?? new ResponseParser()
    spareParser = null
    this.parser = parser
    parser.begin(method, responseType !== 'none', sink)
    return parser
  }

  private complete(
    exchange: Exchange,
    parser: ResponseParser,
    buffer: Buffer,
    hasSurplus: boolean,
    arrivedMs: number,
  ): void {
    exchange.lastByteMs = arrivedMs
    exchange.takeResponse(parser, buffer)
    this.parser = null
    spareParser = parser
    this.exchange = null
    this.isReused = true
    this.deadlines.disarm(this)
    if (parser.keepAlive && !hasSurplus && (exchange.body === null || this.socket.writableLength === 0))
      this.owner.onFree(this)
    else {
      this.leave()
      this.rememberPeer()
      this.close()
    }
    exchange.finish()
  }

  private onError(error: Error & { code?: string; syscall?: string }): void {
    const { exchange } = this
    if (exchange === null) return
    this.exchange = null
    this.leave()
    if (this.mayRetry(exchange, error.syscall === 'write')) exchange.sendAgain()
    else {
      exchange.takePart(this.parser)
      exchange.fail(failureOf(error, this.isReady))
    }
  }

  /** The server says no more. Nothing to write will change that: the request is over, well or not. */
  private onEnd(): void {
    const { exchange } = this
    this.leave()
    this.exchange = null
    this.rememberPeer()
    if (exchange !== null) this.endAtClose(exchange)
    this.close()
  }

  private onClose(): void {
    const { exchange } = this
    this.leave()
    this.exchange = null
    if (exchange !== null) this.endAtClose(exchange)
  }

  private endAtClose(exchange: Exchange): void {
    if (this.parser?.finishAtClose()) {
      exchange.lastByteMs = this.now()
      exchange.takeResponse(this.parser, sharedReadBuffer)
      exchange.finish()
    } else if (this.mayRetry(exchange, false)) exchange.sendAgain()
    else {
      exchange.takePart(this.parser)
      exchange.fail({ message: exchange.firstByteMs === 0 ? 'EOF' : 'unexpected EOF', code: errorCodes.generic })
    }
  }

  /**
   * Go's rules: of a connection that had served before and broke before any byte of the answer, what may be repeated
   * is, and what was not written at all. Once.
   */
  private mayRetry(exchange: Exchange, writeFailed: boolean): boolean {
    if (!this.isReused || exchange.firstByteMs !== 0 || exchange.wasRetried) return false
    return exchange.isReplayable || (writeFailed && exchange.sentBytes <= atomicWriteBytes)
  }

  private fail(exchange: Exchange, failure: RequestFailure): void {
    this.exchange = null
    this.leave()
    this.close()
    exchange.takePart(this.parser)
    exchange.fail(failure)
  }

  private leave(): void {
    if (this.isGone) return
    this.isGone = true
    this.deadlines.remove(this)
    this.owner.onGone(this)
  }
}

function peerOf(socket: Socket, isTls: boolean): Peer {
  const { remoteAddress: ip = '', remotePort: port = 0 } = socket
  if (!isTls) return { ip, port, tls: null }
  const { standardName } = (socket as TLSSocket).getCipher() ?? {}
  const version = (socket as TLSSocket).getProtocol() ?? ''
  return {
    ip,
    port,
    tls: { version: version.replace('TLSv', 'tls').replace(/^tls1$/, 'tls1.0'), cipherSuite: standardName ?? '' },
  }
}
