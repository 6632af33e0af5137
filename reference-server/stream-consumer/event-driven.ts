import type { StreamConsumer, TokenSink } from './port.ts'
import { type HoldingStream, knownStreams } from './streams.ts'
import { WaitingTokens } from './waiting-tokens.ts'

/** How long tokens are gathered under back-pressure: twice as long each time that it goes on. */
const backOffMs = { shortest: 10, longest: 50 }

/**
 * A token wakes the writer. As long as the client keeps up, tokens are written in the turn of the event loop in which
 * they came, those that came together in one write. A client that does not keep up gets nothing until it has taken what
 * it has; then a while goes by, and all that has gathered goes in one write.
 */
class EventDrivenStream implements HoldingStream {
  readonly #sink: TokenSink
  readonly #closed: () => void
  readonly #waiting = new WaitingTokens()
  readonly #ended = Promise.withResolvers<void>()
  #isWoken = false
  /** From a write that the client could not take until the end of the back-off that follows. */
  #isHeldBack = false
  #isDrained = true
  #isEnding = false
  #isClosed = false
  #backOffMs = 0
  #timer: NodeJS.Timeout | undefined

  constructor(sink: TokenSink, closed: () => void) {
    this.#sink = sink
    this.#closed = closed
  }

  get waitingText(): number {
    return this.#waiting.textLength
  }

  push(token: string): boolean {
    if (this.#isClosed) return true
    this.#waiting.add(token)
    if (!this.#isHeldBack && !this.#isWoken) {
      this.#isWoken = true
      queueMicrotask(this.#wake)
    }
    return this.#waiting.hasRoom
  }

  whenReady(resume: () => void): void {
    this.#waiting.whenRoom(resume)
  }

  end(): Promise<void> {
    this.#isEnding = true
    if (this.#waiting.isEmpty) this.#close()
    else if (this.#isDrained) this.#write()
    return this.#ended.promise
  }

  drop(): void {
    this.#close()
    this.#waiting.take()
  }

  readonly #wake = (): void => {
    this.#isWoken = false
    if (!this.#isHeldBack && !this.#waiting.isEmpty) this.#write()
  }

  #write(): void {
    const { tokens, firstIndex } = this.#waiting.take()
    this.#isDrained = this.#sink.write(tokens, firstIndex)
    this.#isHeldBack = !this.#isDrained
    if (this.#isDrained) this.#backOffMs = 0
    else this.#sink.onDrain(this.#onDrain)
    if (this.#isEnding) this.#close()
  }

  readonly #onDrain = (): void => {
    this.#isDrained = true
    if (this.#isClosed) return
    if (this.#isEnding) this.#write()
    else if (this.#waiting.isEmpty) this.#release()
    else this.#backOff()
  }

  /** The client has caught up with the maker. */
  #release(): void {
    this.#isHeldBack = false
    this.#backOffMs = 0
  }

  /** The client takes more, but each token by itself was too much for it. */
  #backOff(): void {
    const { shortest, longest } = backOffMs
    this.#backOffMs = Math.min(longest, Math.max(shortest, 2 * this.#backOffMs))
    this.#timer = setTimeout(() => this.#write(), this.#backOffMs)
  }

  #close(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
    this.#ended.resolve()
    this.#closed()
  }
}

export const eventDrivenStreams = (): StreamConsumer =>
  knownStreams((sink, closed) => new EventDrivenStream(sink, closed))
