/** What the model said in one turn. */
export interface Answer {
  content: string
  tokens: number
}

export type OnToken = (text: string, index: number) => void

/**
 * Brings a turn's outcome from where it is made to the client that waits for it. The two sides know each other by the
 * turn's id only. A turn's channel exists from `receive` until its outcome is taken or its client is gone.
 */
export interface Delivery {
  /**
   * The waiting side. Opens the channel and resolves with the outcome; `onToken` is called with each token before.
   * @throws what the other side failed with, or the signal's reason when it aborts first
   */
  receive(id: number, signal: AbortSignal, onToken?: OnToken): Promise<Answer>
  /** The making side. A token or an outcome that nobody waits for any more is dropped. */
  token(id: number, text: string): void
  complete(id: number, answer: Answer): void
  fail(id: number, error: unknown): void
  readonly openChannels: number
  /** Ends what runs in the background, when no turn is in flight any more. */
  close(): void
}
