import * as net from 'node:net'
import * as tls from 'node:tls'
import type { Endpoint } from './endpoint.ts'
import type { Exchange } from './exchange.ts'
import { errorCodes, failureOf } from './failure.ts'
import { ParseError, ResponseParser } from './http-parser.ts'
import { cachedLookup } from './name-lookup.ts'

/**
 * One buffer for the reads of all sockets: what arrives is used up or copied inside the callback, so an idle
 * connection owns no read buffer.
 */
const sharedReadBuffer = Buffer.allocUnsafeSlow(64 * 1024)

export interface ConnectOptions {
  rejectUnauthorized: boolean
  /** Where the connection reports that it is free again or gone. */
  onFree(connection: HttpConnection): void
  onGone(connection: HttpConnection): void
}

/** One kept-alive connection that carries one exchange at a time. */
export class HttpConnection {
  readonly endpoint: Endpoint
  private readonly now: () => number
  private readonly options: ConnectOptions
  private readonly socket: net.Socket
  private readonly parser = new ResponseParser()
  private exchange: Exchange | null
  private isReady = false
  private isGone = false
  private connectStartMs = 0
  private connectedMs = 0
  /** Exchanges completed: a second one that finds the peer gone may be sent again. */
  private served = 0

  constructor(endpoint: Endpoint, first: Exchange, options: ConnectOptions, now: () => number) {
    this.endpoint = endpoint
    this.exchange = first
    this.options = options
    this.now = now
    this.socket = this.open()
    this.listen()
  }

  private open(): net.Socket {
    const onread = {
      buffer: sharedReadBuffer,
      callback: (size: number, buffer: Uint8Array) => this.onData(size, buffer),
    }
    const { hostname, port } = this.endpoint
    this.connectStartMs = this.now()
    if (!this.endpoint.isTls) return net.connect({ host: hostname, port, noDelay: true, lookup: cachedLookup, onread })
    const options = {
      host: hostname,
      port,
      lookup: cachedLookup,
      rejectUnauthorized: this.options.rejectUnauthorized,
      ALPNProtocols: ['http/1.1'],
      onread,
      ...(net.isIP(hostname) ? {} : { servername: hostname }),
    }
    const socket = tls.connect(options as tls.ConnectionOptions)
    socket.setNoDelay(true)
    return socket
  }

  private listen(): void {
    const { socket } = this
    socket.on('connect', () => this.onConnect())
    if (this.endpoint.isTls) socket.on('secureConnect', () => this.onSecureConnect())
    socket.on('error', (error: Error) => this.onError(error))
    socket.on('end', () => this.onEnd())
    socket.on('close', () => this.onClose())
  }

  /** Puts an exchange on the wire of a connection that is free. */
  send(exchange: Exchange): void {
    this.exchange = exchange
    this.write(exchange)
  }

  destroy(): void {
    this.isGone = true
    this.exchange = null
    this.socket.destroy()
  }

  private write(exchange: Exchange): void {
    this.parser.begin(exchange.method, exchange.responseType !== 'none')
    exchange.handedMs = this.now()
    if (exchange.body === null) this.socket.write(exchange.head, 'latin1')
    else if (typeof exchange.body === 'string') this.socket.write(exchange.head + exchange.body, 'latin1')
    else {
      this.socket.cork()
      this.socket.write(exchange.head, 'latin1')
      this.socket.write(exchange.body)
      this.socket.uncork()
    }
    exchange.sentMs = this.now()
  }

  private onConnect(): void {
    this.connectedMs = this.now()
    if (this.exchange) this.exchange.connectingMs = this.connectedMs - this.connectStartMs
    if (!this.endpoint.isTls) this.becomeReady()
  }

  private onSecureConnect(): void {
    if (this.exchange) this.exchange.tlsHandshakingMs = this.now() - this.connectedMs
    this.becomeReady()
  }

  private becomeReady(): void {
    this.isReady = true
    if (this.exchange) this.write(this.exchange)
  }

  private onData(size: number, bytes: Uint8Array): boolean {
    const { exchange } = this
    if (exchange === null) {
      // Nobody asked: a server that answers out of turn is not to be trusted with the next request.
      this.leave()
      this.socket.destroy()
      return false
    }
    const buffer = bytes as Buffer
    const arrivedMs = this.now()
    if (exchange.firstByteMs === 0) exchange.firstByteMs = arrivedMs
    exchange.receivedBytes += size
    try {
      const position = this.parser.execute(buffer, 0, size)
      if (this.parser.state === 'complete') this.complete(exchange, buffer, position < size, arrivedMs)
      else if (this.parser.state === 'upgraded')
        throw new ParseError('101 Switching Protocols to a request that did not ask for it')
    } catch (error) {
      if (!(error instanceof ParseError)) throw error
      this.fail(exchange, { message: `malformed HTTP response: ${error.message}`, code: errorCodes.generic })
      this.socket.destroy()
      return false
    }
    return true
  }

  private complete(exchange: Exchange, buffer: Buffer, hasSurplus: boolean, arrivedMs: number): void {
    const { parser } = this
    exchange.lastByteMs = arrivedMs
    exchange.takeResponse(parser, buffer)
    this.exchange = null
    this.served++
    if (parser.keepAlive && !hasSurplus) this.options.onFree(this)
    else {
      this.isGone = true
      this.options.onGone(this)
      this.socket.destroy()
    }
    exchange.finish()
  }

  private onError(error: Error & { code?: string }): void {
    const { exchange } = this
    if (exchange === null) return
    this.exchange = null
    this.leave()
    if (this.isStale(exchange)) exchange.sendAgain()
    else exchange.fail(failureOf(error, this.isReady))
  }

  /** The server says no more: an idle connection must not be given to the next request before it is closed. */
  private onEnd(): void {
    if (this.exchange === null) this.leave()
  }

  private onClose(): void {
    const { exchange } = this
    this.leave()
    if (exchange === null) return
    this.exchange = null
    if (this.parser.finishAtClose()) this.completeAtClose(exchange)
    else if (this.isStale(exchange)) exchange.sendAgain()
    else
      exchange.fail({
        message: this.isReady
          ? 'EOF: the server closed the connection before the response was whole'
          : 'the connection was closed while it was being set up',
        code: errorCodes.generic,
      })
  }

  private completeAtClose(exchange: Exchange): void {
    exchange.lastByteMs = this.now()
    exchange.takeResponse(this.parser, sharedReadBuffer)
    exchange.finish()
  }

  /** Go's rule: a reused connection that broke before any byte of the answer, and a method that may be repeated. */
  private isStale(exchange: Exchange): boolean {
    return this.served > 0 && exchange.firstByteMs === 0 && exchange.isIdempotent && !exchange.wasRetried
  }

  private fail(exchange: Exchange, failure: { message: string; code: number }): void {
    this.exchange = null
    this.leave()
    exchange.fail(failure)
  }

  private leave(): void {
    if (this.isGone) return
    this.isGone = true
    this.options.onGone(this)
  }
}
