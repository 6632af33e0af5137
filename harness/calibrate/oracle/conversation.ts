import { createHash } from 'node:crypto'
import type { Socket } from 'node:net'

/** One peer's side of the wire: how answers look on it. */
export interface Wire {
  /** @param index of the token, from 0 @param isLast after it nothing more comes */
  token(index: number, isLast: boolean): string | Buffer
}

/** One response with a length. */
export const wholeAnswer: Wire = {
  token: () => 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok',
}

/** One response in chunks. The head goes with the first token: who waits for the first byte waits for that. */
export const chunkedAnswer: Wire = {
  token(index, isLast) {
    const head = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n'
    return `${index === 0 ? head : ''}6\r\ntoken\n\r\n${isLast ? '0\r\n\r\n' : ''}`
  },
}

/** Text frames: `token`, and `last` for the last one. */
export const frames: Wire = {
  token: (_index, isLast) => textFrame(isLast ? 'last' : 'token'),
}

const textFrame = (text: string): Buffer => Buffer.concat([Buffer.from([0x81, text.length]), Buffer.from(text)])

/** The number that RFC 6455 appends to the key. */
const webSocketNumber = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

export function acceptWebSocket(socket: Socket, head: string): void {
  const key = /^sec-websocket-key: *(\S+)/im.exec(head)?.[1] ?? ''
  const accept = createHash('sha1').update(`${key}${webSocketNumber}`).digest('base64')
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  )
}

/**
 * Cuts one frame off the front: short (below 126 bytes), masked and whole in itself, which is all that a calibration
 * sends. Null while it is not all there.
 */
export function readFrame(bytes: Buffer): { opcode: number; text: string; length: number } | null {
  if (bytes.length < 6) return null
  const size = bytes[1]! & 0x7f
  const length = 6 + size
  if (bytes.length < length) return null
  const payload = Buffer.from(bytes.subarray(6, length))
  for (let index = 0; index < size; index++) payload[index]! ^= bytes[2 + (index & 3)]!
  return { opcode: bytes[0]! & 0x0f, text: payload.toString('latin1'), length }
}

/** The answer to a close frame: the same, unmasked and without a reason. */
export const closeFrame: Buffer = Buffer.from([0x88, 0])
