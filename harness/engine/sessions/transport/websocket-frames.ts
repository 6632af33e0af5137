import { randomFillSync } from 'node:crypto'

/** RFC 6455, section 5.2. */
export const opcodes = { continuation: 0x0, text: 0x1, binary: 0x2, close: 0x8, ping: 0x9, pong: 0xa } as const

/** RFC 6455, section 7.4.1: the codes that this client itself gives. */
export const closeCodes = {
  normal: 1000,
  protocolError: 1002,
  /** The close frame held no code; never sent. */
  none: 1005,
  /** The connection ended without a close frame; never sent. */
  abnormal: 1006,
  invalidData: 1007,
  tooBig: 1009,
} as const

export const maxControlPayloadBytes = 125

/**
 * True for the codes that may stand in a close frame: RFC 6455, section 7.4, and those that IANA has registered since
 * (1012 to 1014). 1004 is reserved; 1005, 1006 and 1015 only ever mean that there was no frame.
 */
export const isWireCloseCode = (code: number): boolean =>
  (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999)

/**
 * One unfragmented client frame, head and masked payload in one buffer, ready for one write.
 * A string is sent as UTF-8.
 */
export function encodeFrame(opcode: number, data: string | Uint8Array): Buffer {
  const length = typeof data === 'string' ? Buffer.byteLength(data) : data.byteLength
  const headBytes = length <= 125 ? 6 : length <= 0xffff ? 8 : 14
  const frame = Buffer.allocUnsafe(headBytes + length)
  frame[0] = 0x80 | opcode
  writeLength(frame, length)
  if (typeof data === 'string') frame.write(data, headBytes)
  else frame.set(data, headBytes)
  mask(frame, headBytes)
  return frame
}

/** The payload of a close frame: nothing, or the code and the reason. */
export function encodeClosePayload(code: number | undefined, reason: string): Buffer {
  if (code === undefined) return Buffer.alloc(0)
  const payload = Buffer.allocUnsafe(2 + Buffer.byteLength(reason))
  payload.writeUInt16BE(code, 0)
  payload.write(reason, 2)
  return payload
}

function writeLength(frame: Buffer, length: number): void {
  if (length <= 125) {
    frame[1] = 0x80 | length
  } else if (length <= 0xffff) {
    frame[1] = 0x80 | 126
    frame.writeUInt16BE(length, 2)
  } else {
    frame[1] = 0x80 | 127
    frame.writeBigUInt64BE(BigInt(length), 2)
  }
}

/** Writes a fresh key in front of the payload, and the payload over with it (RFC 6455, section 5.3). */
function mask(frame: Buffer, payloadAt: number): void {
  const keyAt = payloadAt - 4
  copyRandom(frame, keyAt, 4)
  for (let i = payloadAt, k = 0; i < frame.length; i++, k = (k + 1) & 3) frame[i]! ^= frame[keyAt + k]!
}

// Drawing four bytes from the system for every frame would cost more than the frame; one draw serves 2,048 frames.
const randomPool = Buffer.allocUnsafeSlow(8192)
let randomAt = randomPool.length

/** Puts `count` bytes of a cryptographically strong source, each given out once, into `into` from `at` on. */
export function copyRandom(into: Buffer, at: number, count: number): void {
  if (randomAt + count > randomPool.length) {
    randomFillSync(randomPool)
    randomAt = 0
  }
  for (let i = 0; i < count; i++) into[at + i] = randomPool[randomAt + i]!
  randomAt += count
}
