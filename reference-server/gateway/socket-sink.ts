import type { Answer } from '../delivery/port.ts'
import type { TokenSink } from '../stream-consumer/port.ts'
import type { ToolCall } from '../tools/port.ts'
import type { SocketWriter } from './socket-writer.ts'

/** The answer to a turn as messages of a WebSocket. */
export class SocketSink implements TokenSink {
  readonly #writer: SocketWriter
  readonly #turn: number

  /** @param writer the connection's, which its turns share */
  constructor(writer: SocketWriter, turn: number) {
    this.#writer = writer
    this.#turn = turn
  }

  write(tokens: readonly string[], firstIndex: number): boolean {
    let index = firstIndex
    for (const text of tokens) {
      const message = `{"type":"token","turn":${this.#turn},"index":${index++},"text":${JSON.stringify(text)}}`
      this.#writer.send(message)
    }
    return this.#writer.keepsUp
  }

  onDrain(resume: () => void): void {
    this.#writer.whenKeptUp(resume)
  }

  toolCall({ id, name, arguments: text }: ToolCall): void {
    this.#writer.send(JSON.stringify({ type: 'tool_call', turn: this.#turn, id, name, arguments: text }))
  }

  /**
   * @param timing what the header `Server-Timing` would say
   * @param sent called when the message has left, or cannot any more
   */
  done({ tokens, content }: Answer, timing: string, sent: () => void): void {
    this.#writer.send(JSON.stringify({ type: 'done', turn: this.#turn, tokens, content, timing }), sent)
  }
}
