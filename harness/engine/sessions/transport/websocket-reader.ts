import { isUtf8 } from 'node:buffer'
import { closeCodes, isWireCloseCode, maxControlPayloadBytes, opcodes } from './websocket-frames.ts'

/** What a FrameReader finds. Byte arrays are the receiver's own: each is all of its own ArrayBuffer. */
export interface FrameSink {
  onText(text: string): void
  onBinary(data: Uint8Array): void
  onPing(data: Uint8Array): void
  onPong(data: Uint8Array): void
  /** The close frame; code 1005 when it held none. Nothing comes after it. */
  onCloseFrame(code: number, reason: string): void
  /** The server broke the protocol; `closeCode` is what to tell it. Nothing comes after it. */
  onViolation(closeCode: number, what: string): void
}

// A frame may claim any length before a byte of it is there; more than this is only reserved as it arrives.
const reserveBytes = 1024 * 1024

/**
 * Reads the frames of a server (RFC 6455, section 5) from a stream cut anywhere, strictly. A frame that lies whole in one chunk is
 * read in place. Between messages a reader keeps nothing but a few numbers, since there are ten thousand of them.
 */
export class FrameReader {
  readonly #sink: FrameSink
  readonly #maxMessageBytes: number
  #stopped = false
  #isPaused = false
  /** The first bytes of a frame whose head, or whose control payload, is not whole yet. */
  #leftover: Buffer | null = null
  /** The data frame that is being received: bytes still to come, and whether it ends its message. */
  #remaining = 0
  #isLast = true
  /** The message in progress: its opcode (0 for none) and what has come of it. */
  #message = 0
  #messageBytes = 0
  #assembly: Buffer | null = null

  constructor(sink: FrameSink, maxMessageBytes: number) {
    this.#sink = sink
    this.#maxMessageBytes = maxMessageBytes
  }

  /** Reads nothing more, even of the chunk at hand. */
  stop(): void {
    this.#stopped = true
    this.#leftover = null
    this.#assembly = null
  }

  /** Keeps what comes, and what is left of the chunk at hand, until it is resumed. */
  pause(): void {
    this.#isPaused = true
  }

  resume(): void {
    this.#isPaused = false
    const kept = this.#leftover
    this.#leftover = null
    if (kept !== null) this.read(kept, 0, kept.length)
  }

  /** Reads `chunk` from `start` to `end`, and keeps no reference to it. */
  read(chunk: Buffer, start: number, end: number): void {
    if (this.#leftover !== null) {
      chunk = Buffer.concat([this.#leftover, chunk.subarray(start, end)])
      this.#leftover = null
      start = 0
      end = chunk.length
    }
    let at = start
    while (at < end && !this.#stopped && !this.#isPaused) {
      const next = this.#remaining > 0 ? this.#readPart(chunk, at, end) : this.#readFrame(chunk, at, end)
      if (next === at) {
        if (!this.#stopped) this.#leftover = Buffer.from(chunk.subarray(at, end))
        return
      }
      at = next
    }
    if (at < end && this.#isPaused && !this.#stopped) this.#leftover = Buffer.from(chunk.subarray(at, end))
  }

  /** Reads a frame or its beginning; gives the place after what it used, which is `at` when more bytes are needed. */
  #readFrame(chunk: Buffer, at: number, end: number): number {
    if (end - at < 2) return at
    const first = chunk[at]!
    const second = chunk[at + 1]!
    const problem = this.#headProblem(first, second)
    if (problem !== null) return this.#violation(closeCodes.protocolError, problem, end)
    const payloadAt = at + (second === 127 ? 10 : second === 126 ? 4 : 2)
    if (end < payloadAt) return at
    const length = payloadLength(chunk, at, second)
    if (length === null) return this.#violation(closeCodes.protocolError, 'a length is not in its shortest form', end)
    const opcode = first & 0x0f
    const isWhole = end - payloadAt >= length
    if (opcode >= opcodes.close) {
      if (!isWhole) return at
      this.#control(opcode, chunk, payloadAt, payloadAt + length)
      return payloadAt + length
    }
    if (this.#messageBytes + length > this.#maxMessageBytes)
      return this.#violation(closeCodes.tooBig, `a message is longer than ${this.#maxMessageBytes} bytes`, end)
    if (isWhole && opcode !== opcodes.continuation && first >= 0x80) {
      this.#deliver(opcode, chunk, payloadAt, payloadAt + length)
      return payloadAt + length
    }
    this.#beginPart(opcode, first >= 0x80, length)
    return this.#readPart(chunk, payloadAt, end)
  }

  #headProblem(first: number, second: number): string | null {
    const opcode = first & 0x0f
    if ((first & 0x70) !== 0) return 'a reserved bit is set, and no extension was agreed'
    if (second >= 0x80) return 'a frame of the server is masked'
    if (opcode > opcodes.pong || (opcode > opcodes.binary && opcode < opcodes.close))
      return `opcode ${opcode} is unknown`
    if (opcode >= opcodes.close) {
      if (first < 0x80) return 'a control frame is fragmented'
      return second > maxControlPayloadBytes ? 'a control frame is longer than 125 bytes' : null
    }
    if (opcode === opcodes.continuation) return this.#message === 0 ? 'a continuation without a message' : null
    return this.#message === 0 ? null : 'a message begins before the last one has ended'
  }

  #beginPart(opcode: number, isLast: boolean, length: number): void {
    if (opcode !== opcodes.continuation) this.#message = opcode
    this.#isLast = isLast
    this.#remaining = length
    this.#makeRoom(Math.min(length, reserveBytes))
  }

  /** Takes what the chunk has of the data frame in progress. */
  #readPart(chunk: Buffer, at: number, end: number): number {
    const partEnd = Math.min(end, at + this.#remaining)
    this.#makeRoom(partEnd - at)
    chunk.copy(this.#assembly!, this.#messageBytes, at, partEnd)
    this.#messageBytes += partEnd - at
    this.#remaining -= partEnd - at
    if (this.#remaining === 0 && this.#isLast) this.#endMessage()
    return partEnd
  }

  #makeRoom(bytes: number): void {
    const needed = this.#messageBytes + bytes
    const assembly = this.#assembly
    if (assembly !== null && assembly.length >= needed) return
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * (assembly?.length ?? 0)))
    assembly?.copy(larger, 0, 0, this.#messageBytes)
    this.#assembly = larger
  }

  #endMessage(): void {
    const opcode = this.#message
    const length = this.#messageBytes
    const whole = this.#assembly!
    this.#message = 0
    this.#messageBytes = 0
    this.#assembly = null
    this.#deliver(opcode, whole, 0, length)
  }

  #deliver(opcode: number, bytes: Buffer, start: number, end: number): void {
    if (opcode === opcodes.binary) {
      this.#sink.onBinary(copy(bytes, start, end))
      return
    }
    const text = decodeText(bytes, start, end)
    if (text === null) this.#violation(closeCodes.invalidData, 'a text message is not UTF-8', end)
    else this.#sink.onText(text)
  }

  #control(opcode: number, bytes: Buffer, start: number, end: number): void {
    if (opcode === opcodes.ping) this.#sink.onPing(copy(bytes, start, end))
    else if (opcode === opcodes.pong) this.#sink.onPong(copy(bytes, start, end))
    else this.#close(bytes, start, end)
  }

  #close(bytes: Buffer, start: number, end: number): void {
    const code = end - start >= 2 ? bytes.readUInt16BE(start) : closeCodes.none
    if (end - start === 1 || (end > start && !isWireCloseCode(code))) {
      this.#violation(closeCodes.protocolError, 'a close frame has no valid code', end)
      return
    }
    const reason = decodeText(bytes, Math.min(start + 2, end), end)
    if (reason === null) {
      this.#violation(closeCodes.invalidData, 'the reason in a close frame is not UTF-8', end)
      return
    }
    this.stop()
    this.#sink.onCloseFrame(code, reason)
  }

  /** Ends the reading; gives `end`, so that a caller can return it as the place after what it used. */
  #violation(closeCode: number, what: string, end: number): number {
    this.stop()
    this.#sink.onViolation(closeCode, what)
    return end
  }
}

/** The payload's length in bytes from a whole head; null when it is not written in its shortest form. */
function payloadLength(chunk: Buffer, at: number, second: number): number | null {
  if (second < 126) return second
  // A double is exact to 2^53 bytes, and any message that long is refused for its length.
  const length =
    second === 126 ? chunk.readUInt16BE(at + 2) : chunk.readUInt32BE(at + 2) * 2 ** 32 + chunk.readUInt32BE(at + 6)
  return length < (second === 126 ? 126 : 65_536) ? null : length
}

/**
 * UTF-8 to a string, null when it is none. Decoding puts U+FFFD for every fault, and looking for that in the string is
 * cheaper than a separate check of the bytes, which needs a view of them; only a string that has one is checked.
 */
function decodeText(bytes: Buffer, start: number, end: number): string | null {
  const text = bytes.toString('utf8', start, end)
  return text.includes('\ufffd') && !isUtf8(bytes.subarray(start, end)) ? null : text
}

const copy = (bytes: Buffer, start: number, end: number): Uint8Array => new Uint8Array(bytes.subarray(start, end))
