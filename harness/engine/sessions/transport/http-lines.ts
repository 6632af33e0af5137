/** Lines of HTTP/1.1 responses and what is wrong with them, in the words of Go (and so of k6). */

export class ParseError extends Error {
  override name = 'ParseError'
}

export const CR = 13
export const LF = 10
export const SP = 32
export const HTAB = 9
const COLON = 58

/** token characters of RFC 9110, by code. */
const isToken = new Uint8Array(256)
for (const char of "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") {
  isToken[char.charCodeAt(0)] = 1
}

/** Position of the CRLF or the LF that ends a line of the head, or -1. A bare CR is refused. */
export function headLineEnd(buffer: Buffer, start: number, end: number): number {
  for (let index = start; index < end; index++) {
    const byte = buffer[index]!
    if (byte === LF) return index
    if (byte === CR) {
      if (index + 1 >= end) return -1
      if (buffer[index + 1] !== LF) throw new ParseError(`malformed MIME header line: "${shown(buffer, start, end)}"`)
      return index
    }
  }
  return -1
}

export const hasBlankLine = (buffer: Buffer, from: number): boolean =>
  buffer.indexOf('\n\r\n', from) >= 0 || buffer.indexOf('\n\n', from) >= 0

export const behindLine = (buffer: Buffer, lineStop: number): number => lineStop + (buffer[lineStop] === LF ? 1 : 2)

/** Position of the CR of the CRLF that ends a line of chunk framing, or -1. A bare LF or a bare CR is refused. */
export function lineEnd(buffer: Buffer, start: number, end: number): number {
  for (let index = start; index < end; index++) {
    const byte = buffer[index]!
    if (byte === LF) throw new ParseError('chunked line ends with bare LF')
    if (byte === CR) {
      if (index + 1 >= end) return -1
      if (buffer[index + 1] !== LF) throw new ParseError('invalid CR in chunked line')
      return index
    }
  }
  return -1
}

/** Says at the first bytes that this is not HTTP, instead of waiting for a line end that never comes. */
export function rejectEarly(buffer: Buffer, start: number, end: number): void {
  const expected = 'HTTP/1.'
  for (let index = 0; index < expected.length && start + index < end; index++) {
    if (buffer[start + index] !== expected.charCodeAt(index)) {
      throw new ParseError(statusLineFault(shown(buffer, start, end)))
    }
  }
}

/** @returns the status of `HTTP/1.1 200`, with a space and a reason behind it or without */
export function readStatusLine(buffer: Buffer, start: number, end: number): number {
  const minor = buffer[start + 7]! - 48
  const wellFormed =
    end - start >= 12 &&
    buffer[start] === 72 &&
    buffer[start + 1] === 84 &&
    buffer[start + 2] === 84 &&
    buffer[start + 3] === 80 &&
    buffer[start + 4] === 47 &&
    buffer[start + 5] === 49 &&
    buffer[start + 6] === 46 &&
    (minor === 0 || minor === 1) &&
    buffer[start + 8] === SP &&
    (end - start === 12 || buffer[start + 12] === SP)
  const status = (buffer[start + 9]! - 48) * 100 + (buffer[start + 10]! - 48) * 10 + (buffer[start + 11]! - 48)
  if (!wellFormed || !isDigit(buffer[start + 9]!) || !isDigit(buffer[start + 10]!) || !isDigit(buffer[start + 11]!)) {
    throw new ParseError(statusLineFault(shown(buffer, start, end)))
  }
  if (status < 100) throw new ParseError(`malformed HTTP status code "${shown(buffer, start + 9, start + 12)}"`)
  return status
}

/** Of a line that has been read. */
export const isHttp10 = (buffer: Buffer, start: number): boolean => buffer[start + 7] === 48

/** The line that begins at `start`, as far as it is here, at most its first 60 characters. */
function shown(buffer: Buffer, start: number, end: number): string {
  return buffer.toString('latin1', start, Math.min(end, start + 60)).split(/\r?\n/, 1)[0]!
}

/** What Go says of a first line that is no status line. */
function statusLineFault(line: string): string {
  const [version = '', status] = line.split(' ')
  if (status === undefined) return `malformed HTTP response ${JSON.stringify(line)}`
  if (!/^HTTP\/1\.[01]$/.test(version)) return `malformed HTTP version ${JSON.stringify(version)}`
  return `malformed HTTP status code ${JSON.stringify(status)}`
}

const isDigit = (byte: number): boolean => byte >= 48 && byte <= 57

export function nameIs(buffer: Buffer, start: number, lowerCaseName: string): boolean {
  for (let index = 0; index < lowerCaseName.length; index++) {
    if ((buffer[start + index]! | 0x20) !== lowerCaseName.charCodeAt(index)) return false
  }
  return true
}

export const fieldValue = (buffer: Buffer, start: number, end: number): string =>
  buffer.toString('latin1', start, end).trim()

export function readChunkSize(buffer: Buffer, start: number, end: number): number {
  const line = buffer.toString('latin1', start, end)
  const match = /^([0-9a-fA-F]{1,13})[ \t]*(?:;.*)?$/.exec(line)
  if (!match)
    throw new ParseError(/^[0-9a-f]{14,}/i.test(line) ? 'http chunk length too large' : 'invalid byte in chunk length')
  return Number.parseInt(match[1]!, 16)
}

/** @returns position of the colon of a field line, of the head or of the trailers */
export function checkField(buffer: Buffer, start: number, end: number): number {
  let colon = start
  while (colon < end && isToken[buffer[colon]!] === 1) colon++
  if (colon === start || colon === end || buffer[colon] !== COLON) {
    const text = shown(buffer, start, end)
    const fault = text.includes(':') ? 'malformed MIME header line' : 'malformed MIME header: missing colon'
    throw new ParseError(`${fault}: ${JSON.stringify(text)}`)
  }
  for (let index = colon + 1; index < end; index++) {
    const byte = buffer[index]!
    if ((byte < SP && byte !== HTAB) || byte === 127)
      throw new ParseError(`malformed MIME header line: ${JSON.stringify(shown(buffer, start, end))}`)
  }
  return colon
}
