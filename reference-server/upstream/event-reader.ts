import { StringDecoder } from 'node:string_decoder'
import { upstreamFailed } from '../gateway/problems.ts'

/** An event longer than this, in UTF-16 units, is no token of a model. */
const longestEvent = 1_000_000

/**
 * Reads server-sent events (the HTML standard's format), which may be cut anywhere between two pieces, inside a
 * character too. Lines end with LF, CRLF or CR; comments and other fields than `data` are passed over, and so is an
 * event whose end never comes. Every piece is looked through once, however small they are and however long the line.
 */
export class EventReader {
  readonly #onData: (data: string) => void
  readonly #decoder = new StringDecoder('utf8')
  readonly #lineEnd = /\r\n?|\n/g
  /** The beginning of a line whose end has not come yet. */
  #line = ''
  #data: string | undefined
  #isAtStart = true
  /** A CR ended the last piece: an LF at the start of the next one belongs to it. */
  #endedInReturn = false

  constructor(onData: (data: string) => void) {
    this.#onData = onData
  }

  /** @throws Problem 502 for an event without end, or what `onData` throws */
  take(piece: Buffer): void {
    const text = this.#decoder.write(piece)
    if (text === '') return
    let start = this.#skipped(text)
    this.#endedInReturn = text.endsWith('\r')
    for (this.#lineEnd.lastIndex = start; this.#lineEnd.test(text); start = this.#lineEnd.lastIndex) {
      this.#takeLine(this.#line + text.slice(start, beforeBreak(text, this.#lineEnd.lastIndex)))
      this.#line = ''
    }
    this.#line += text.slice(start)
    if (this.#line.length + (this.#data?.length ?? 0) > longestEvent)
      throw upstreamFailed('the model sent an event that does not end')
  }

  /** Characters at the start of a piece that belong to no line: a byte order mark, the second half of a CRLF. */
  #skipped(text: string): number {
    const isMark = this.#isAtStart && text[0] === '\uFEFF'
    this.#isAtStart = false
    return isMark || (this.#endedInReturn && text[0] === '\n') ? 1 : 0
  }

  #takeLine(line: string): void {
    if (line === '') this.#dispatch()
    if (!line.startsWith('data')) return
    const value = line === 'data' ? '' : line[4] === ':' ? line.slice(line[5] === ' ' ? 6 : 5) : undefined
    if (value !== undefined) this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`
  }

  #dispatch(): void {
    const data = this.#data
    this.#data = undefined
    if (data !== undefined) this.#onData(data)
  }
}

/** Where the line break begins that ends before `end`. */
const beforeBreak = (text: string, end: number): number =>
  text[end - 1] === '\n' && text[end - 2] === '\r' ? end - 2 : end - 1
