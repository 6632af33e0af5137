import { connect as connectTcp, isIP, type OnReadOpts, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls, createSecureContext, type SecureContext } from 'node:tls'
import { cachedLookup } from './name-lookup.ts'

/** What a session does with its socket. */
export interface SocketOwner {
  onConnect(): void
  onSecureConnect(): void
  /** The first `length` bytes of `buffer` have come; the buffer is used again as soon as this returns. */
  onBytes(buffer: Buffer, length: number): void
  /** The server sends nothing more. */
  onEnd(): void
  onSocketError(error: Error): void
  /** Once, after everything else. */
  onSocketClose(): void
}

// One buffer for all sockets of the process: what is read is used up before the next read, so a session that waits
// holds none.
const readBuffer = Buffer.allocUnsafeSlow(64 * 1024)

type OwnedSocket = Socket & { [owner]: SocketOwner }
const owner = Symbol('owner')

// Listeners shared by all sockets find their session through the socket: a closure each would be paid for per session.
function onConnect(this: Socket): void {
  ;(this as OwnedSocket)[owner].onConnect()
}
function onSecureConnect(this: Socket): void {
  ;(this as OwnedSocket)[owner].onSecureConnect()
}
function onEnd(this: Socket): void {
  ;(this as OwnedSocket)[owner].onEnd()
}
function onError(this: Socket, error: Error): void {
  ;(this as OwnedSocket)[owner].onSocketError(firstOf(error))
}
function onClose(this: Socket): void {
  ;(this as OwnedSocket)[owner].onSocketClose()
}

/** Connects to a host by name or address, with TLS if `secure`, and leads all events to `session`. */
export function openSocket(
  address: { secure: boolean; host: string; port: number },
  tls: ConnectionOptions | undefined,
  session: SocketOwner,
): Socket {
  const onread: OnReadOpts = {
    buffer: readBuffer,
    callback(length) {
      session.onBytes(readBuffer, length)
      return true
    },
  }
  const where = { host: address.host, port: address.port, noDelay: true, onread }
  const socket = address.secure
    ? connectTls({ lookup: cachedLookup, ...tlsOptions(address.host, tls), ...where })
    : connectTcp({ lookup: cachedLookup, ...where })
  ;(socket as OwnedSocket)[owner] = session
  socket.once('connect', onConnect).once('end', onEnd).on('error', onError).on('close', onClose)
  if (address.secure) socket.once('secureConnect', onSecureConnect)
  return socket
}

// Reading certificates into a context costs more than a whole session; sessions given the same options share one.
const contexts = new WeakMap<ConnectionOptions, SecureContext>()
const noOptions: ConnectionOptions = {}

function tlsOptions(host: string, options = noOptions): ConnectionOptions {
  let secureContext = options.secureContext ?? contexts.get(options)
  if (secureContext === undefined) {
    secureContext = createSecureContext(options)
    contexts.set(options, secureContext)
  }
  // An address is no server name (RFC 6066, section 3).
  const serverName = isIP(host) === 0 ? { servername: host } : {}
  return { ...serverName, ...options, secureContext }
}

/** A name with several addresses fails with all their errors under an empty message; the first one says what happened. */
function firstOf(error: Error): Error {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : undefined
  return first instanceof Error ? first : error
}
