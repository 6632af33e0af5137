/** Where a stream's tokens go: a WebSocket, or the body of an HTTP answer. */
export interface TokenSink {
  /**
   * Writes some tokens that follow one another, oldest first.
   * @param firstIndex the index of the first of them in the answer
   * @returns false where the client does not keep up: `onDrain` will be called when it does again
   */
  write(tokens: readonly string[], firstIndex: number): boolean
  onDrain(resume: () => void): void
}

/** What a turn's tokens are handed to, one by one and in order. */
export interface TokenStream {
  /** @returns false where the maker had better wait for `whenReady`, since too much is waiting to be written */
  push(token: string): boolean
  /** Calls back once, as soon as there is room again. */
  whenReady(resume: () => void): void
  /** Writes what is left; resolves when the sink took it, or the stream was dropped. */
  end(): Promise<void>
  /** Forgets what is left: the client is gone. */
  drop(): void
}

/** Decides when tokens are written to the client. */
export interface StreamConsumer {
  open(sink: TokenSink): TokenStream
  readonly openStreams: number
  /** Tokens written so far, and in how many writes: as many where each is written when it comes. */
  readonly tokensWritten: number
  readonly writes: number
  /** Of the writes, those that the client could not take at once: what follows each is held back for a while. */
  readonly writesHeldBack: number
  /** What all streams together hold for clients that do not take it yet, in UTF-16 units. */
  readonly waitingText: number
}
