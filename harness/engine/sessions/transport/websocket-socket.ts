import type { OnReadOpts, Socket } from 'node:net'
import type { Dialer } from './dialer.ts'

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
function onEnd(this: Socket): void {
  ;(this as OwnedSocket)[owner].onEnd()
}
function onError(this: Socket, error: Error): void {
  ;(this as OwnedSocket)[owner].onSocketError(firstOf(error))
}
function onClose(this: Socket): void {
  ;(this as OwnedSocket)[owner].onSocketClose()
}

/** Whose connection it is to be, and by which rules. */
export interface Caller {
  dialer: Dialer
  /** Of the user; from 1. */
  userId: number
}

/** Connects to a host by name or address, with TLS if `secure`, and leads all events to `session`. */
export function openSocket(
  { secure, host, port }: { secure: boolean; host: string; port: number },
  { dialer, userId }: Caller,
  session: SocketOwner,
): Socket {
  const onread: OnReadOpts = {
    buffer: readBuffer,
    callback(length) {
      session.onBytes(readBuffer, length)
      return true
    },
  }
  const socket = dialer.open({ hostname: host, port, isTls: secure, userId, onread })
  ;(socket as OwnedSocket)[owner] = session
  socket.once('connect', onConnect).once('end', onEnd).on('error', onError).on('close', onClose)
  if (secure) {
    socket.once('secureConnect', () => {
      const mistrust = dialer.mistrust(socket, host)
      if (mistrust) socket.destroy(mistrust)
      else session.onSecureConnect()
    })
  }
  return socket
}

/** A name with several addresses fails with all their errors under an empty message; the first one says what happened. */
function firstOf(error: Error): Error {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : undefined
  return first instanceof Error ? first : error
}
