import type { Answer } from '../delivery/port.ts'

/** A tool call as the model is reminded of it: OpenAI's shape. */
export interface ToolCallPart {
  id: string
  type: 'function'
  function: { name: string; arguments: string }
}

/** What the model is shown: what the gateway puts before a conversation, the conversation, and results of tools. */
export type PromptMessage =
  | { role: 'system' | 'user'; content: string }
  | { role: 'assistant'; content: string; tool_calls?: readonly ToolCallPart[] }
  | { role: 'tool'; tool_call_id: string; content: string }

/** One call to the model. */
export interface ModelCall {
  /** The client's key: it pays for the call. */
  apiKey: string
  session: string
  turn: number
  messages: readonly PromptMessage[]
  /** What the model may ask for: JSON of `tools` in OpenAI's shape; empty for nothing. */
  toolsJson: string
  signal: AbortSignal
  /** Where given, the answer is streamed. */
  stream?: TokenReceiver
}

/** Takes a streamed answer's tokens as they come. */
export interface TokenReceiver {
  /** @returns false where no more are welcome until `whenReady` calls back: the call's connection is not read meanwhile */
  onToken(text: string): boolean
  whenReady(resume: () => void): void
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
