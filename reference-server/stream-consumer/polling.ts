import type { StreamConsumer, TokenSink } from './port.ts'
import { type HoldingStream, knownStreams } from './streams.ts'
import { WaitingTokens } from './waiting-tokens.ts'

const lookEveryMs = 50

/** The buffer is looked at every 50 ms, whether or not anything is in it; that the stream has ended is seen there too. */
class PolledStream implements HoldingStream {
  readonly #sink: TokenSink
  readonly #closed: () => void
  readonly #waiting = new WaitingTokens()
  readonly #ended = Promise.withResolvers<void>()
  readonly #timer: NodeJS.Timeout
  #isHeldBack = false
  #isEnding = false
  #isClosed = false

  constructor(sink: TokenSink, closed: () => void) {
    this.#sink = sink
    this.#closed = closed
    this.#timer = setInterval(() => this.#look(), lookEveryMs)
  }

  get waitingText(): number {
    return this.#waiting.textLength
  }

  push(token: string): boolean {
    if (this.#isClosed) return true
    this.#waiting.add(token)
    return this.#waiting.hasRoom
  }

  whenReady(resume: () => void): void {
    this.#waiting.whenRoom(resume)
  }

  end(): Promise<void> {
    this.#isEnding = true
    return this.#ended.promise
  }

  drop(): void {
    this.#close()
    this.#waiting.take()
  }

  #look(): void {
    if (!this.#waiting.isEmpty) {
      if (this.#isHeldBack) return
      this.#write()
    }
    if (this.#isEnding) this.#close()
  }

  #write(): void {
    const { tokens, firstIndex } = this.#waiting.take()
    this.#isHeldBack = !this.#sink.write(tokens, firstIndex)
    if (this.#isHeldBack) this.#sink.onDrain(() => (this.#isHeldBack = false))
  }

  #close(): void {
    this.#isClosed = true
    clearInterval(this.#timer)
    this.#ended.resolve()
    this.#closed()
  }
}

export const polledStreams = (): StreamConsumer => knownStreams((sink, closed) => new PolledStream(sink, closed))
