import type { StreamConsumer, TokenSink, TokenStream } from './port.ts'

/** Makes the stream of one turn; `closed` may be called more than once. */
export type OpenStream = (sink: TokenSink, closed: () => void) => TokenStream

/** Counts the streams that are open. */
class CountedStreams implements StreamConsumer {
  readonly #open: OpenStream
  #openStreams = 0

  constructor(open: OpenStream) {
    this.#open = open
  }

  get openStreams(): number {
    return this.#openStreams
  }

  open(sink: TokenSink): TokenStream {
    this.#openStreams += 1
    let isOpen = true
    return this.#open(sink, () => {
      if (isOpen) this.#openStreams -= 1
      isOpen = false
    })
  }
}

export const countedStreams = (open: OpenStream): StreamConsumer => new CountedStreams(open)
