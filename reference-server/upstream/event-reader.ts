import { StringDecoder } from 'node:string_decoder'
import { upstreamFailed } from '../gateway/problems.ts'

/** An event longer than this is no token of a model. */
const longestEvent = 1_000_000

/**
 * Reads server-sent events (the HTML standard's format), which may be cut anywhere between two pieces, inside a
 * character too. Lines end with LF, CRLF or CR; comments and other fields than `data` are passed over.
 */
export class EventReader {
  readonly #onData: (data: string) => void
  readonly #decoder = new StringDecoder('utf8')
  #rest = ''
  #data: string | undefined

  constructor(onData: (data: string) => void) {
    this.#onData = onData
  }

  /** @throws Problem 502 for an event without end */
  take(piece: Buffer): void {
    const text = this.#rest + this.#decoder.write(piece)
    let start = 0
    for (let at = nextBreak(text, 0); at >= 0; at = nextBreak(text, start)) {
      // A CR at the very end may be the first half of a CRLF.
      if (text[at] === '\r' && at === text.length - 1) break
      this.#takeLine(text.slice(start, at))
      start = at + (text[at] === '\r' && text[at + 1] === '\n' ? 2 : 1)
    }
    this.#rest = text.slice(start)
    if (this.#rest.length + (this.#data?.length ?? 0) > longestEvent)
      throw upstreamFailed('the model sent an event that does not end')
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

const nextBreak = (text: string, from: number): number => {
  const lf = text.indexOf('\n', from)
  const cr = text.indexOf('\r', from)
  if (cr < 0) return lf
  return lf < 0 ? cr : Math.min(lf, cr)
}
