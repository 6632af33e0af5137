import type { Answer } from '../delivery/port.ts'
import { upstreamFailed } from '../gateway/problems.ts'
import { listOfCalls, malformed, mostToolCalls, parseObject, readToolCall, type ToolCallFields } from './completion.ts'
import { EventReader } from './event-reader.ts'
import type { BodyReceiver } from './exchange.ts'
import type { TokenReceiver } from './port.ts'

/** What is kept of an answer at most, in UTF-16 units; a model that goes on and on is cut off. */
const longestAnswer = 10_000_000

interface Chunk {
  choices?: { delta?: { content?: unknown; tool_calls?: unknown } | null }[]
  error?: unknown
}

/** Puts a streamed answer together, and passes its tokens on. */
export class StreamedAnswer implements BodyReceiver {
  readonly #receiver: TokenReceiver
  readonly #events = new EventReader((data) => this.#takeData(data))
  /** By their index; names and arguments come in pieces. */
  readonly #calls: { id: string; name: string; arguments: string }[] = []
  #content = ''
  #tokens = 0
  /** Of all that is kept. */
  #length = 0
  #done = false
  #isWelcome = true

  constructor(receiver: TokenReceiver) {
    this.#receiver = receiver
  }

  /** Passes on all tokens of the piece, also those behind the one with which the receiver had enough. */
  onData(piece: Buffer): boolean {
    this.#isWelcome = true
    this.#events.take(piece)
    return this.#isWelcome
  }

  whenReady(resume: () => void): void {
    this.#receiver.whenReady(resume)
  }

  /** @throws Problem 502 where the answer has no end, or a call in it is none */
  finish(): Answer {
    if (!this.#done) throw upstreamFailed('the model ended its stream before it was done')
    const answer = { content: this.#content, tokens: this.#tokens }
    if (this.#calls.length === 0) return answer
    return { ...answer, toolCalls: this.#calls.map(({ id, ...called }) => readToolCall({ id, function: called })) }
  }

  #takeData(data: string): void {
    // What comes behind the end is not the answer's.
    if (this.#done) return
    if (data === '[DONE]') {
      this.#done = true
      return
    }
    const { choices, error } = parseObject<Chunk>(data)
    if (error !== undefined && error !== null) throw upstreamFailed('the model told of an error in its stream')
    const { content, tool_calls: calls } = choices?.[0]?.delta ?? {}
    for (const call of listOfCalls(calls ?? [])) this.#takeCall(call)
    this.#takeContent(content ?? '')
  }

  #takeContent(content: unknown): void {
    if (typeof content !== 'string') throw malformed()
    if (content === '') return
    this.#keep(content)
    this.#content += content
    this.#tokens += 1
    if (!this.#receiver.onToken(content)) this.#isWelcome = false
  }

  #takeCall({ index: at = 0, id, function: called }: ToolCallFields): void {
    if (typeof at !== 'number' || !(at >= 0 && at < mostToolCalls && at <= this.#calls.length)) throw malformed()
    const call = (this.#calls[at] ??= { id: '', name: '', arguments: '' })
    if (typeof id === 'string') call.id = this.#keep(id)
    if (typeof called?.name === 'string') call.name += this.#keep(called.name)
    if (typeof called?.arguments === 'string') call.arguments += this.#keep(called.arguments)
  }

  #keep(text: string): string {
    this.#length += text.length
    if (this.#length > longestAnswer) throw upstreamFailed('the model sent an answer without end')
    return text
  }
}
