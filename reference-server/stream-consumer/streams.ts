import type { StreamConsumer, TokenSink, TokenStream } from './port.ts'

/** A stream that says what it holds. */
export interface HoldingStream extends TokenStream {
  /** In UTF-16 units. */
  readonly waitingText: number
}

/** Makes the stream of one turn; `closed` may be called more than once. */
export type OpenStream = (sink: TokenSink, closed: () => void) => HoldingStream

/** Knows the streams that are open, and counts what they write. */
class KnownStreams implements StreamConsumer {
  readonly #make: OpenStream
  readonly #open = new Set<HoldingStream>()
  tokensWritten = 0
  writes = 0
  writesHeldBack = 0

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
    const stream = this.#make(this.#counted(sink), () => this.#open.delete(stream))
    this.#open.add(stream)
    return stream
  }

  #counted(sink: TokenSink): TokenSink {
    return {
      write: (tokens, firstIndex) => {
        this.tokensWritten += tokens.length
        this.writes += 1
        const isTaken = sink.write(tokens, firstIndex)
        if (!isTaken) this.writesHeldBack += 1
        return isTaken
      },
      onDrain: (resume) => sink.onDrain(resume),
    }
  }
}

export const knownStreams = (make: OpenStream): StreamConsumer => new KnownStreams(make)
