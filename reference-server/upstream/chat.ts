import { StringDecoder } from 'node:string_decoder'
import type { Dispatcher } from 'undici'
import type { Answer } from '../delivery/port.ts'
import { upstreamFailed } from '../gateway/problems.ts'
import { exchange } from './exchange.ts'
import type { ModelCall } from './port.ts'

const service = 'the model'

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

interface Completion {
  choices?: { message?: { content?: unknown } }[]
  usage?: { completion_tokens?: unknown }
}

const readWhole = (text: string): Answer => {
  const completion = parse<Completion | null>(text)
  const content = completion?.choices?.[0]?.message?.content
  const tokens = completion?.usage?.completion_tokens
  if (typeof content !== 'string' || typeof tokens !== 'number') throw malformed()
  return { content, tokens }
}

interface Chunk {
  choices?: { delta?: { content?: unknown } }[]
}

/** Reads server-sent events, which may be cut anywhere between two pieces. */
class StreamReader {
  readonly #onToken: (text: string) => void
  readonly #decoder = new StringDecoder('utf8')
  #rest = ''
  #content = ''
  #tokens = 0
  #done = false

  constructor(onToken: (text: string) => void) {
    this.#onToken = onToken
  }

  readonly take = (piece: Buffer): void => {
    this.#rest += this.#decoder.write(piece)
    for (let end = this.#rest.indexOf('\n\n'); end >= 0; end = this.#rest.indexOf('\n\n')) {
      const event = this.#rest.slice(0, end)
      this.#rest = this.#rest.slice(end + 2)
      if (event.startsWith('data: ')) this.#takeData(event.slice('data: '.length))
    }
  }

  finish(): Answer {
    if (!this.#done) throw upstreamFailed('the model ended its stream before it was done')
    return { content: this.#content, tokens: this.#tokens }
  }

  #takeData(data: string): void {
    if (data === '[DONE]') {
      this.#done = true
      return
    }
    const text = parse<Chunk | null>(data)?.choices?.[0]?.delta?.content
    if (typeof text !== 'string' || text === '') return
    this.#content += text
    this.#tokens += 1
    this.#onToken(text)
  }
}

const requestBody = ({ session, turn, messages, onToken }: ModelCall, model: string): string =>
  JSON.stringify({ model, stream: onToken !== undefined, messages, metadata: { session, turn: `${turn}` } })

/**
 * One chat completion, streamed where the call has `onToken`.
 * @throws Problem 502 or 504, or the signal's reason
 */
export const completeChat = async (dispatcher: Dispatcher, target: ChatTarget, call: ModelCall): Promise<Answer> => {
  const request = {
    service,
    method: 'POST' as const,
    path: `${target.basePath}/v1/chat/completions`,
    headers: { authorization: `Bearer ${call.apiKey}`, 'content-type': 'application/json' },
    body: requestBody(call, target.modelName),
    signal: call.signal,
    deadlineMs: target.deadlineMs,
  }
  if (!call.onToken) return readWhole(await exchange(dispatcher, request))
  const reader = new StreamReader(call.onToken)
  await exchange(dispatcher, { ...request, onData: reader.take })
  return reader.finish()
}

/** Asks the model's server whether it is well. */
export const checkHealth = async (dispatcher: Dispatcher, basePath: string, signal: AbortSignal): Promise<void> => {
  const request = { method: 'GET' as const, path: `${basePath}/healthz`, headers: {}, deadlineMs: 2_000 }
  await exchange(dispatcher, { service, signal, ...request })
}

/** The target that a base URL such as `https://host:8443/base/` stands for. */
export const chatTarget = (baseUrl: URL, modelName: string, deadlineMs: number): ChatTarget => ({
  basePath: baseUrl.pathname.replace(/\/$/, ''),
  modelName,
  deadlineMs,
})
