import type { ToolCall } from '../tools/port.ts'

/** What the model said when it was called. */
export interface Answer {
  content: string
  tokens: number
  /** Tools that it wants run before it goes on. */
  toolCalls?: readonly ToolCall[]
}

/** A client that follows its turn while it is made. */
export interface TurnListener {
  /** @returns false where the client does not keep up: the maker had better wait for `whenReady` */
  onToken(text: string): boolean
  /** Calls back once, as soon as more tokens are welcome. */
  whenReady(resume: () => void): void
  /** The model wants a tool run that only the client has. */
  onToolCall(call: ToolCall): void
}

/**
 * Brings a turn's outcome from where it is made to the client that waits for it. The two sides know each other by the
 * turn's id only. A turn's channel exists from `receive` until its outcome is taken or its client is gone.
 */
export interface Delivery {
  /**
   * The waiting side. Opens the channel and resolves with the outcome; the listener is told of all that comes before.
   * @throws what the other side failed with, or the signal's reason when it aborts first
   */
  receive(id: number, signal: AbortSignal, listener?: TurnListener): Promise<Answer>
  /**
   * The making side. A token, a call or an outcome that nobody waits for any more is dropped.
   * @returns false where the client does not keep up
   */
  token(id: number, text: string): boolean
  /** Calls back once, when more tokens are welcome or nobody waits for them any more. */
  whenReady(id: number, resume: () => void): void
  toolCall(id: number, call: ToolCall): void
  complete(id: number, answer: Answer): void
  fail(id: number, error: unknown): void
  readonly openChannels: number
  /** How often the waiting side had to look whether anything has come; 0 where it is woken. */
  readonly looks: number
  /** Ends what runs in the background, when no turn is in flight any more. */
  close(): void
}
