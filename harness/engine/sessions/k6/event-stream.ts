/** One event of a stream, as scripts get it. */
export interface StreamEvent {
  id: string
  name: string
  data: string
  comment: string
}

const LF = 10
const CR = 13

/**
 * Reads a stream of server-sent events (WHATWG HTML, 9.2.5 and 9.2.6) that comes in pieces cut anywhere. Between
 * pieces it keeps only what has come of a line and of an event, since there are thousands of streams.
 *
 * Two things are as in the extension of k6 whose scripts run here, and not as in browsers: comments are told, also
 * where an event has no data; and an event has its own id, not the last one that the stream has named.
 */
export class EventStreamReader {
  readonly #onEvent: (event: StreamEvent) => void
  /** The beginning of a line whose end has not come. */
  #rest: Buffer[] | null = null
  #isFirstLine = true
  /** The last piece ended with CR: an LF at the beginning of the next belongs to it. */
  #skipsLf = false
  #id = ''
  #name = ''
  #comment = ''
  /** null: the event has no field `data` yet. */
  #data: string | null = null

  constructor(onEvent: (event: StreamEvent) => void) {
    this.#onEvent = onEvent
  }

  /** Reads bytes [start, end) of `bytes` and keeps no reference to them. */
  read(bytes: Buffer, start: number, end: number): void {
    const piece = bytes.subarray(this.#skipsLf && bytes[start] === LF ? start + 1 : start, end)
    if (start < end) this.#skipsLf = false
    const lastEnd = Math.max(piece.lastIndexOf(LF), piece.lastIndexOf(CR))
    if (lastEnd < 0) {
      if (piece.length > 0) this.#keep(piece)
      return
    }
    this.#skipsLf = lastEnd === piece.length - 1 && piece[lastEnd] === CR
    const text = this.#joined(piece.subarray(0, lastEnd + 1))
    if (lastEnd + 1 < piece.length) this.#keep(piece.subarray(lastEnd + 1))
    this.#readLines(text)
  }

  #keep(bytes: Buffer): void {
    this.#rest ??= []
    this.#rest.push(Buffer.from(bytes))
  }

  #joined(bytes: Buffer): string {
    const rest = this.#rest
    this.#rest = null
    return (rest === null ? bytes : Buffer.concat([...rest, bytes])).toString('utf8')
  }

  /** Whole lines, each with its end. */
  #readLines(text: string): void {
    const lines = text.split(/\r\n|\n|\r/)
    lines.pop()
    for (const line of lines) this.#readLine(line)
  }

  #readLine(raw: string): void {
    const line = this.#isFirstLine && raw.startsWith('\ufeff') ? raw.slice(1) : raw
    this.#isFirstLine = false
    if (line === '') {
      this.#dispatch()
      return
    }
    const colon = line.indexOf(':')
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(line.charAt(colon + 1) === ' ' ? colon + 2 : colon + 1)
    this.#take(field, value)
  }

  /** `retry` says when to connect again, which a load test never does by itself; unknown fields mean nothing. */
  #take(field: string, value: string): void {
    if (field === 'data') this.#data = this.#data === null ? value : `${this.#data}\n${value}`
    else if (field === 'event') this.#name = value
    else if (field === 'id') {
      if (!value.includes('\0')) this.#id = value
    } else if (field === '') this.#comment = value
  }

  #dispatch(): void {
    const event: StreamEvent = { id: this.#id, name: this.#name, data: this.#data ?? '', comment: this.#comment }
    const isEmpty = this.#data === null && event.id === '' && event.name === '' && event.comment === ''
    this.#id = ''
    this.#name = ''
    this.#comment = ''
    this.#data = null
    if (!isEmpty) this.#onEvent(event)
  }
}
