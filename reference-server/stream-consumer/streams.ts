import type { StreamConsumer, TokenSink, TokenStream } from './port.ts'

/** A stream that says what it holds. */
export interface HoldingStream extends TokenStream {
  /** In UTF-16 units. */
  readonly waitingText: number
}

/** Makes the stream of one turn; `closed` may be called more than once. */
export type OpenStream = (sink: TokenSink, closed: () => void) => HoldingStream

/** Knows the streams that are open. */
class KnownStreams implements StreamConsumer {
  readonly #make: OpenStream
  readonly #open = new Set<HoldingStream>()

  constructor(make: OpenStream) {
    this.#make = make
  }

  get openStreams(): number {
    return this.#open.size
  }

  get waitingText(): number {
    let sum = 0
    for (const { waitingText } of this.#open) sum += waitingText
    return sum
  }

  open(sink: TokenSink): TokenStream {
    const stream = this.#make(sink, () => this.#open.delete(stream))
    this.#open.add(stream)
    return stream
  }
}

export const knownStreams = (make: OpenStream): StreamConsumer => new KnownStreams(make)
