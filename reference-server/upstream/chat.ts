import type { Dispatcher } from 'undici'
import type { Answer } from '../delivery/port.ts'
import { upstreamFailed } from '../gateway/problems.ts'
import type { ToolCall } from '../tools/port.ts'
import { basePathOf } from './connections.ts'
import { EventReader } from './event-reader.ts'
import { type BodyReceiver, exchange } from './exchange.ts'
import type { ModelCall, TokenReceiver } from './port.ts'

const service = 'the model'
/** What is kept of an answer at most; a model that goes on and on is cut off. */
const longestAnswer = 10_000_000
const mostToolCalls = 64

/** What does not change from call to call. */
export interface ChatTarget {
  /** Path of the base URL, without a slash at its end. */
  basePath: string
  modelName: string
  deadlineMs: number
}

const malformed = (cause?: unknown) => upstreamFailed('the model sent an answer that is no chat completion', cause)

const parse = <T>(text: string): T => {
  try {
    return JSON.parse(text) as T
  } catch (error) {
    throw malformed(error)
  }
}

interface ToolCallField {
  id?: unknown
  index?: unknown
  function?: { name?: unknown; arguments?: unknown }
}

interface Completion {
  choices?: { message?: { content?: unknown; tool_calls?: ToolCallField[] } }[]
  usage?: { completion_tokens?: unknown }
}

const readToolCall = ({ id, function: called }: ToolCallField): ToolCall => {
  const { name, arguments: text = '' } = called ?? {}
  if (typeof id !== 'string' || typeof name !== 'string' || typeof text !== 'string') throw malformed()
  return { id, name, arguments: text }
}

const readWhole = (text: string): Answer => {
  const completion = parse<Completion | null>(text)
  const message = completion?.choices?.[0]?.message
  const tokens = completion?.usage?.completion_tokens
  const toolCalls = message?.tool_calls
  const content = message?.content ?? (toolCalls ? '' : undefined)
  if (typeof content !== 'string' || typeof tokens !== 'number') throw malformed()
  if (toolCalls === undefined) return { content, tokens }
  if (!Array.isArray(toolCalls) || toolCalls.length > mostToolCalls) throw malformed()
  return { content, tokens, toolCalls: toolCalls.map(readToolCall) }
}

interface Chunk {
  choices?: { delta?: { content?: unknown; tool_calls?: ToolCallField[] } }[]
}

/** Puts a streamed answer together, and passes its tokens on. */
class StreamedAnswer implements BodyReceiver {
  readonly #receiver: TokenReceiver
  readonly #events = new EventReader((data) => this.#takeData(data))
  /** By their index; names and arguments come in pieces. */
  readonly #calls: { id: string; name: string; arguments: string }[] = []
  #content = ''
  #tokens = 0
  #done = false
  #isWelcome = true

  constructor(receiver: TokenReceiver) {
    this.#receiver = receiver
  }

  onData(piece: Buffer): boolean {
    this.#isWelcome = true
    this.#events.take(piece)
    return this.#isWelcome
  }

  whenReady(resume: () => void): void {
    this.#receiver.whenReady(resume)
  }

  finish(): Answer {
    if (!this.#done) throw upstreamFailed('the model ended its stream before it was done')
    const answer = { content: this.#content, tokens: this.#tokens }
    return this.#calls.length === 0 ? answer : { ...answer, toolCalls: this.#calls }
  }

  #takeData(data: string): void {
    if (data === '[DONE]') {
      this.#done = true
      return
    }
    const { content, tool_calls: calls } = parse<Chunk | null>(data)?.choices?.[0]?.delta ?? {}
    if (Array.isArray(calls)) for (const call of calls) this.#takeCall(call)
    if (typeof content !== 'string' || content === '') return
    this.#content += content
    this.#tokens += 1
    if (this.#content.length > longestAnswer) throw upstreamFailed('the model sent an answer without end')
    if (!this.#receiver.onToken(content)) this.#isWelcome = false
  }

  #takeCall({ index, id, function: called }: ToolCallField): void {
    const at = index ?? 0
    if (typeof at !== 'number' || !(at >= 0 && at < mostToolCalls && at <= this.#calls.length)) throw malformed()
    const call = (this.#calls[at] ??= { id: '', name: '', arguments: '' })
    if (typeof id === 'string') call.id = id
    if (typeof called?.name === 'string') call.name += called.name
    if (typeof called?.arguments === 'string') call.arguments += called.arguments
  }
}

const requestBody = ({ session, turn, messages, stream }: ModelCall, model: string): string =>
  JSON.stringify({ model, stream: stream !== undefined, messages, metadata: { session, turn: `${turn}` } })

/**
 * One chat completion, streamed where the call says who takes the stream.
 * @throws Problem 502 or 504, or the signal's reason
 */
export const completeChat = async (dispatcher: Dispatcher, target: ChatTarget, call: ModelCall): Promise<Answer> => {
  const request = {
    service,
    method: 'POST' as const,
    path: `${target.basePath}/v1/chat/completions`,
    headers: { authorization: `Bearer ${call.apiKey}`, 'content-type': 'application/json' },
    payload: requestBody(call, target.modelName),
    signal: call.signal,
    deadlineMs: target.deadlineMs,
  }
  if (!call.stream) return readWhole(await exchange(dispatcher, request))
  const answer = new StreamedAnswer(call.stream)
  await exchange(dispatcher, { ...request, body: answer })
  return answer.finish()
}

/** Asks the model's server whether it is well. */
export const checkHealth = async (dispatcher: Dispatcher, basePath: string, signal: AbortSignal): Promise<void> => {
  const request = { method: 'GET' as const, path: `${basePath}/healthz`, headers: {}, deadlineMs: 2_000 }
  await exchange(dispatcher, { service, signal, ...request })
}

/** The target that a base URL such as `https://host:8443/base/` stands for. */
export const chatTarget = (baseUrl: URL, modelName: string, deadlineMs: number): ChatTarget => ({
  basePath: basePathOf(baseUrl),
  modelName,
  deadlineMs,
})
