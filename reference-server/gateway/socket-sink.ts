import type { WebSocket } from 'ws'
import type { Answer } from '../delivery/port.ts'
import type { TokenSink } from '../stream-consumer/port.ts'
import type { ToolCall } from '../tools/port.ts'

/** What may wait in a connection's own buffer before it counts as one that does not keep up. */
const mostBufferedBytes = 16_384

/** The answer to a turn as messages of a WebSocket. */
export class SocketSink implements TokenSink {
  readonly #socket: WebSocket
  readonly #turn: number
  #resume: (() => void) | undefined

  constructor(socket: WebSocket, turn: number) {
    this.#socket = socket
    this.#turn = turn
  }

  write(tokens: readonly string[], firstIndex: number): boolean {
    let index = firstIndex
    for (const text of tokens) {
      const message = `{"type":"token","turn":${this.#turn},"index":${index++},"text":${JSON.stringify(text)}}`
      this.#socket.send(message, this.#written)
    }
    return this.#socket.bufferedAmount <= mostBufferedBytes
  }

  onDrain(resume: () => void): void {
    this.#resume = resume
  }

  toolCall({ id, name, arguments: text }: ToolCall): void {
    this.#socket.send(JSON.stringify({ type: 'tool_call', turn: this.#turn, id, name, arguments: text }))
  }

  /**
   * @param timing what the header `Server-Timing` would say
   * @param sent called when the message has left, or cannot any more
   */
  done({ tokens, content }: Answer, timing: string, sent: () => void): void {
    this.#socket.send(JSON.stringify({ type: 'done', turn: this.#turn, tokens, content, timing }), sent)
  }

  /** A message has left the buffer, or the connection is gone. One function for all messages: none is made for each. */
  readonly #written = (): void => {
    if (!this.#resume || this.#socket.bufferedAmount > mostBufferedBytes) return
    const resume = this.#resume
    this.#resume = undefined
    resume()
  }
}
