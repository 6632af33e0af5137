import type { ServerResponse } from 'node:http'
import type { Answer } from '../delivery/port.ts'
import type { TokenSink } from '../stream-consumer/port.ts'
import type { ToolCall } from '../tools/port.ts'
import type { Problem } from './problems.ts'

const event = (name: string, data: string): string => `event: ${name}\ndata: ${data}\n\n`

/**
 * The answer to a turn as server-sent events. Its head goes out with the first of them, so that a turn which fails
 * before can still be answered with a status of its own.
 */
export class EventStream implements TokenSink {
  readonly #response: ServerResponse
  readonly #begin: () => Record<string, string>

  /** @param begin called once, before the head is written; gives headers that stand in it */
  constructor(response: ServerResponse, begin: () => Record<string, string>) {
    this.#response = response
    this.#begin = begin
  }

  get hasBegun(): boolean {
    return this.#response.headersSent
  }

  write(tokens: readonly string[], firstIndex: number): boolean {
    let events = ''
    let index = firstIndex
    for (const text of tokens) events += event('token', `{"index":${index++},"text":${JSON.stringify(text)}}`)
    return this.#send(events)
  }

  /** A connection that closes never drains; whoever waits for it goes on, and what it still writes is dropped. */
  onDrain(resume: () => void): void {
    const response = this.#response
    const goOn = (): void => {
      response.off('drain', goOn).off('close', goOn)
      resume()
    }
    if (response.destroyed) queueMicrotask(resume)
    else response.once('drain', goOn).once('close', goOn)
  }

  toolCall({ id, name, arguments: text }: ToolCall): void {
    this.#send(event('tool_call', JSON.stringify({ id, name, arguments: text })))
  }

  done(session: string, turn: number, { tokens, content }: Answer, timing: string): void {
    this.#send(event('done', JSON.stringify({ session, turn, tokens, content, timing })))
    this.#response.end()
  }

  fail({ details }: Problem): void {
    this.#send(event('error', JSON.stringify(details)))
    this.#response.end()
  }

  #send(text: string): boolean {
    if (!this.#response.headersSent) {
      const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-cache', ...this.#begin() }
      this.#response.writeHead(200, headers)
    }
    // Nobody reads what is left, and nothing is to be held back for it.
    return this.#response.destroyed || this.#response.write(text)
  }
}
