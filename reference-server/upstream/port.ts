import type { Answer } from '../delivery/port.ts'
import type { Message } from '../state/port.ts'

/** What the model is shown: the conversation, and what the gateway puts before it. */
export type PromptMessage = Message | { role: 'system'; content: string }

/** One call to the model. */
export interface ModelCall {
  /** The client's key: it pays for the call. */
  apiKey: string
  session: string
  turn: number
  messages: readonly PromptMessage[]
  signal: AbortSignal
  /** Where given, the answer is streamed and each token passed on as it comes. */
  onToken?: (text: string) => void
}

/** The model behind the gateway. */
export interface Upstream {
  /**
   * @throws Problem 502 when the model fails, 504 when its deadline passes
   * @throws the signal's reason when it aborts first; the call is then closed
   */
  complete(call: ModelCall): Promise<Answer>
  /** Resolves when the model can be reached over a trusted connection. */
  check(signal: AbortSignal): Promise<void>
  readonly callsInFlight: number
  /** TCP and TLS connections made so far. */
  readonly connectionsMade: number
  close(): Promise<void>
}
