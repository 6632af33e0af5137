import {
  behindLine,
  CR,
  checkField,
  fieldValue,
  HTAB,
  hasBlankLine,
  headLineEnd,
  isHttp10,
  LF,
  lineEnd,
  nameIs,
  ParseError,
  readChunkSize,
  readStatusLine,
  rejectEarly,
  SP,
} from './http-lines.ts'

/**
 * An incremental parser of HTTP/1.1 responses (RFC 9112) for one connection that carries one exchange at a time. It is
 * strict, but takes the three faults that k6 (Go) takes too: lines of the head that end with a bare LF, Content-Length
 * beside chunks, and Transfer-Encoding in an HTTP/1.0 response, which is not heeded. It reads from a buffer that is shared by all sockets, so nothing of it may be kept: what must outlive the
 * call is copied. A response that arrives whole in one chunk, the usual case, is read without any copy but the text
 * of its head and body.
 */

/** `informational` responses (1xx) are swallowed; `upgraded` means 101: what follows is no longer HTTP. */
export type ParseState = 'head' | 'body' | 'complete' | 'upgraded'

/** Go's: heads of 1xx responses and of the final one together. */
const maxHeadBytes = 10 * 1024 * 1024
const headTooLong = `net/http: server response headers exceeded ${maxHeadBytes} bytes; aborted`
const maxChunkLineBytes = 4096
/** From here on a head is waited for until it is whole. */
const longHeadBytes = 8192

const enumBody = { none: 0, length: 1, chunked: 2, untilClose: 3 } as const
type BodyKind = (typeof enumBody)[keyof typeof enumBody]

/** All that is read from a head; the framing of the body follows from it and from the request. */
interface ReadHead {
  status: number
  http10: boolean
  text: string
  contentLength: number
  transferEncoding: boolean
  keepAlive: boolean
  contentEncoding: string
  setsCookie: boolean
}

/**
 * The head that was read last, of any connection. Heads of one server are often the same to the byte until the second
 * of their date is over, and comparing costs a tenth of reading: worth a sixth of the CPU of a plain request.
 */
const lastHead: { bytes: Buffer; words: Int32Array; length: number; read: ReadHead | null } = {
  ...bytesAndWords(Buffer.alloc(2048)),
  length: 0,
  read: null,
}

/** The buffer that was read from last, nearly always the one that all sockets share, as words. */
let lastBuffer: { bytes: Buffer; words: Int32Array } = bytesAndWords(Buffer.alloc(0))

function bytesAndWords(bytes: Buffer): { bytes: Buffer; words: Int32Array } {
  const isAligned = bytes.byteOffset % 4 === 0
  const words = new Int32Array(bytes.buffer, isAligned ? bytes.byteOffset : 0, isAligned ? bytes.length >> 2 : 0)
  return { bytes, words }
}

/** Words are compared right here: for a few hundred bytes a call into native code costs more than all of them. */
function isLastHead(buffer: Buffer, start: number, end: number): boolean {
  const { bytes, words, length, read } = lastHead
  if (read === null || end - start < length) return false
  if (lastBuffer.bytes !== buffer) lastBuffer = bytesAndWords(buffer)
  const there = lastBuffer.words
  const wordCount = length >> 2
  if (start !== 0 || there.length < wordCount) return bytes.compare(buffer, start, start + length, 0, length) === 0
  for (let index = 0; index < wordCount; index++) if (words[index] !== there[index]) return false
  for (let index = wordCount << 2; index < length; index++) if (bytes[index] !== buffer[index]) return false
  return true
}

/** Hears a body as it comes. */
export interface BodySink {
  /** Bytes [start, end) of a buffer that is used again as soon as this returns. The head has been read. */
  onBody(parser: ResponseParser, buffer: Buffer, start: number, end: number): void
}

export class ResponseParser {
  state: ParseState = 'head'
  status = 0
  /** Status line and header fields as they came, latin1, up to the blank line; each line ends with CRLF. */
  head = ''
  /** Value of Content-Encoding, lower case; empty if there was none. */
  contentEncoding = ''
  keepAlive = true
  /** A Set-Cookie field is among them. */
  setsCookie = false
  /** The body, in order; when `keepBody` is off only its length is counted. */
  readonly chunks: Buffer[] = []
  /** Set instead of `chunks` when the whole body lies in the chunk at hand; valid only during the call. */
  wholeBodyStart = -1
  wholeBodyEnd = -1
  bodyBytes = 0

  private keepBody = true
  private sink: BodySink | null = null
  private isHeadRequest = false
  /** The beginning of a head or of a line whose rest has not come; as long as `carryBytes`, or longer. */
  private carry: Buffer | null = null
  private carryBytes = 0
  private bodyKind: BodyKind = enumBody.none
  private remaining = 0
  private contentLength = -1
  private transferEncoding = false
  private http10 = false
  /** Of 1xx responses. */
  private earlyHeadBytes = 0
  private chunkState: 'size' | 'data' | 'data-end' | 'trailer' = 'size'

  /** Makes ready for the next response. A sink is given the body piece by piece, in place of its being kept. */
  begin(method: string, keepBody: boolean, sink: BodySink | null = null): void {
    this.state = 'head'
    this.keepBody = keepBody
    this.sink = sink
    this.isHeadRequest = method === 'HEAD'
    // Setting the length of an array is slow even where it changes nothing.
    if (this.chunks.length > 0) this.chunks.length = 0
    this.wholeBodyStart = -1
    this.wholeBodyEnd = -1
    this.bodyBytes = 0
    this.carry = null
    this.earlyHeadBytes = 0
  }

  /**
   * Reads bytes [start, end). Stops behind the last byte of the response and returns that position, so a result
   * below `end` with state `complete` means that the server sent more than was asked for.
   * @throws ParseError
   */
  execute(buffer: Buffer, start: number, end: number): number {
    if (this.carry === null) return this.run(buffer, start, end)
    const before = this.carryBytes
    const joined = this.joinCarry(buffer, start, end)
    if (joined === null) return end
    const stopped = this.run(joined, 0, joined.length)
    // The joined copy is ours, but the caller counts in its own buffer.
    if (this.wholeBodyStart >= 0) this.moveWholeBodyOut(joined)
    return start + Math.max(0, stopped - before)
  }

  /** The connection closed. @returns true when that ends the body regularly */
  finishAtClose(): boolean {
    if (this.state === 'body' && this.bodyKind === enumBody.untilClose) {
      this.state = 'complete'
      return true
    }
    return false
  }

  /** @returns null for a long head that is still not whole: reading it again with each piece would cost its square */
  private joinCarry(buffer: Buffer, start: number, end: number): Buffer | null {
    const before = this.carryBytes
    const length = before + end - start
    let carry = this.carry!
    if (length > carry.length) {
      carry = Buffer.allocUnsafeSlow(2 * length)
      this.carry!.copy(carry, 0, 0, before)
    }
    buffer.copy(carry, before, start, end)
    const joined = carry.subarray(0, length)
    if (this.state === 'head' && length > longHeadBytes && !hasBlankLine(joined, before - 3)) {
      if (length > this.headBytesLeft) throw new ParseError(headTooLong)
      this.carry = carry
      this.carryBytes = length
      return null
    }
    this.carry = null
    return joined
  }

  private get headBytesLeft(): number {
    return maxHeadBytes - this.earlyHeadBytes
  }

  private moveWholeBodyOut(buffer: Buffer): void {
    this.chunks.push(buffer.subarray(this.wholeBodyStart, this.wholeBodyEnd))
    this.wholeBodyStart = -1
    this.wholeBodyEnd = -1
  }

  private run(buffer: Buffer, start: number, end: number): number {
    let position = start
    while (position < end && (this.state === 'head' || this.state === 'body')) {
      if (this.state === 'head') {
        const next = this.readHead(buffer, position, end)
        if (next < 0) return this.keepForLater(buffer, position, end, this.headBytesLeft, headTooLong)
        position = next
      } else if (this.bodyKind === enumBody.chunked) {
        const next = this.readChunked(buffer, position, end)
        if (next < 0) return end
        position = next
      } else {
        position = this.readPlainBody(buffer, position, end)
      }
    }
    return position
  }

  private keepForLater(buffer: Buffer, start: number, end: number, limit: number, what: string): number {
    if (end - start > limit) throw new ParseError(what)
    this.carry = Buffer.from(buffer.subarray(start, end))
    this.carryBytes = end - start
    return end
  }

  /** @returns position behind the blank line, or -1 when the head is not all here */
  private readHead(buffer: Buffer, start: number, end: number): number {
    if (isLastHead(buffer, start, end)) {
      this.takeHead(lastHead.read!)
      return start + lastHead.length
    }
    const statusEnd = headLineEnd(buffer, start, end)
    if (statusEnd < 0) {
      rejectEarly(buffer, start, end)
      return -1
    }
    this.status = readStatusLine(buffer, start, statusEnd)
    this.http10 = isHttp10(buffer, start)
    this.contentLength = -1
    this.transferEncoding = false
    this.keepAlive = !this.http10
    this.contentEncoding = ''
    this.setsCookie = false
    let lineStart = behindLine(buffer, statusEnd)
    let hasBareLf = lineStart === statusEnd + 1
    for (;;) {
      const lineStop = headLineEnd(buffer, lineStart, end)
      if (lineStop < 0) return -1
      const next = behindLine(buffer, lineStop)
      if (lineStop === lineStart) {
        this.head = buffer.toString('latin1', start, lineStart)
        if (hasBareLf) this.head = this.head.replace(/\r?\n/g, '\r\n')
        this.rememberHead(buffer, start, next)
        this.chooseBody()
        return next
      }
      // A line that begins with a blank goes on with the field before it (obs-fold, RFC 9112, 5.2).
      const following = buffer[next]
      if (next < end && (following === SP || following === HTAB)) return this.readFolded(buffer, start, end)
      if (next >= end) return -1
      this.readField(buffer, lineStart, lineStop)
      hasBareLf ||= next === lineStop + 1
      lineStart = next
    }
  }

  /** Unfolds the head and reads it again. Rare, so it may cost something. @returns as `readHead` */
  private readFolded(buffer: Buffer, start: number, end: number): number {
    const text = buffer.toString('latin1', start, end)
    const headEnd = /\r?\n\r?\n/.exec(text)
    if (headEnd === null) return -1
    const length = headEnd.index + headEnd[0].length
    const head = text.slice(0, length)
    const [statusLine = '', ...lines] = head.split(/(?<=\n)/)
    const unfolded = Buffer.from(statusLine + lines.join('').replace(/[ \t]*\r?\n[ \t]+/g, ' '), 'latin1')
    this.readHead(unfolded, 0, unfolded.length)
    return start + length
  }

  private rememberHead(buffer: Buffer, start: number, end: number): void {
    if (end - start > lastHead.bytes.length) return
    const { status, http10, head, contentLength, transferEncoding, keepAlive, contentEncoding, setsCookie } = this
    buffer.copy(lastHead.bytes, 0, start, end)
    lastHead.length = end - start
    lastHead.read = {
      status,
      http10,
      text: head,
      contentLength,
      transferEncoding,
      keepAlive,
      contentEncoding,
      setsCookie,
    }
  }

  private takeHead(read: ReadHead): void {
    this.status = read.status
    this.http10 = read.http10
    this.head = read.text
    this.contentLength = read.contentLength
    this.transferEncoding = read.transferEncoding
    this.keepAlive = read.keepAlive
    this.contentEncoding = read.contentEncoding
    this.setsCookie = read.setsCookie
    this.chooseBody()
  }

  private readField(buffer: Buffer, start: number, end: number): void {
    const colon = checkField(buffer, start, end)
    // Only these fields decide about framing and decoding; their lengths tell most others apart.
    switch (colon - start) {
      case 10:
        if (nameIs(buffer, start, 'connection')) this.readConnection(fieldValue(buffer, colon + 1, end))
        else if (nameIs(buffer, start, 'set-cookie')) this.setsCookie = true
        break
      case 14:
        if (nameIs(buffer, start, 'content-length')) this.readContentLength(fieldValue(buffer, colon + 1, end))
        break
      case 16:
        if (nameIs(buffer, start, 'content-encoding'))
          this.contentEncoding = fieldValue(buffer, colon + 1, end).toLowerCase()
        break
      case 17:
        if (nameIs(buffer, start, 'transfer-encoding')) this.readTransferEncoding(fieldValue(buffer, colon + 1, end))
        break
    }
  }

  private readConnection(value: string): void {
    for (const option of value.toLowerCase().split(',')) {
      const name = option.trim()
      if (name === 'close') this.keepAlive = false
      else if (name === 'keep-alive' && this.http10) this.keepAlive = true
    }
  }

  private readContentLength(value: string): void {
    if (!/^\d{1,15}$/.test(value)) throw new ParseError(`bad Content-Length ${JSON.stringify(value)}`)
    const length = Number(value)
    // The same value twice is one value (RFC 9110, 8.6).
    if (this.contentLength >= 0 && this.contentLength !== length) {
      throw new ParseError(
        `http: message cannot contain multiple Content-Length headers; got ["${this.contentLength}" "${value}"]`,
      )
    }
    this.contentLength = length
  }

  private readTransferEncoding(value: string): void {
    // HTTP/1.0 knows no chunks: the body ends with the connection, as Go has it.
    if (this.http10) return
    if (this.transferEncoding) throw new ParseError(`too many transfer encodings: ["chunked" ${JSON.stringify(value)}]`)
    this.transferEncoding = true
    if (value.toLowerCase() !== 'chunked')
      throw new ParseError(`unsupported transfer encoding: ${JSON.stringify(value)}`)
  }

  private chooseBody(): void {
    if (this.status === 101) {
      this.state = 'upgraded'
      return
    }
    if (this.status < 200) {
      // 100 Continue, 103 Early Hints: the final response follows.
      this.state = 'head'
      this.earlyHeadBytes += this.head.length + 2
      if (this.headBytesLeft < 0) throw new ParseError(headTooLong)
      return
    }
    this.state = 'body'
    if (this.isHeadRequest || this.status === 204 || this.status === 304) this.state = 'complete'
    else if (this.transferEncoding) {
      // Where two lengths are given the chunks count, and the connection is not trusted with more (RFC 9112, 6.3).
      if (this.contentLength >= 0) this.keepAlive = false
      this.bodyKind = enumBody.chunked
      this.chunkState = 'size'
    } else if (this.contentLength >= 0) {
      this.bodyKind = enumBody.length
      this.remaining = this.contentLength
      if (this.remaining === 0) this.state = 'complete'
    } else {
      this.bodyKind = enumBody.untilClose
      this.keepAlive = false
    }
  }

  private readPlainBody(buffer: Buffer, start: number, end: number): number {
    if (this.bodyKind === enumBody.untilClose) {
      this.takeBody(buffer, start, end, false)
      return end
    }
    const stop = Math.min(end, start + this.remaining)
    const isWhole = this.bodyBytes === 0 && stop - start === this.remaining
    this.remaining -= stop - start
    this.takeBody(buffer, start, stop, isWhole)
    if (this.remaining === 0) this.state = 'complete'
    return stop
  }

  private takeBody(buffer: Buffer, start: number, end: number, isWhole: boolean): void {
    this.bodyBytes += end - start
    if (!this.keepBody) {
      this.sink?.onBody(this, buffer, start, end)
      return
    }
    if (isWhole) {
      this.wholeBodyStart = start
      this.wholeBodyEnd = end
    } else {
      this.chunks.push(Buffer.from(buffer.subarray(start, end)))
    }
  }

  /** @returns next position, or -1 when the rest was kept for later */
  private readChunked(buffer: Buffer, start: number, end: number): number {
    switch (this.chunkState) {
      case 'data': {
        const stop = Math.min(end, start + this.remaining)
        this.takeBody(buffer, start, stop, false)
        this.remaining -= stop - start
        if (this.remaining === 0) this.chunkState = 'data-end'
        return stop
      }
      case 'data-end': {
        if (buffer[start] !== CR || (end - start > 1 && buffer[start + 1] !== LF))
          throw new ParseError('malformed chunked encoding')
        if (end - start < 2) return this.carryLine(buffer, start, end)
        this.chunkState = 'size'
        return start + 2
      }
      case 'size': {
        const stop = lineEnd(buffer, start, end)
        if (stop < 0) return this.carryLine(buffer, start, end)
        this.remaining = readChunkSize(buffer, start, stop)
        this.chunkState = this.remaining === 0 ? 'trailer' : 'data'
        return stop + 2
      }
      case 'trailer': {
        const stop = lineEnd(buffer, start, end)
        if (stop < 0) return this.carryLine(buffer, start, end)
        if (stop === start) this.state = 'complete'
        else checkField(buffer, start, stop)
        return stop + 2
      }
    }
  }

  private carryLine(buffer: Buffer, start: number, end: number): number {
    this.keepForLater(buffer, start, end, maxChunkLineBytes, 'header line too long')
    return -1
  }
}
