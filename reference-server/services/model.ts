import type { IncomingMessage, ServerResponse } from 'node:http'
import { planAnswer } from './answers.ts'
import { type Alarm, monotonicMs, ringAt } from './clock.ts'
import { chunkPrefix, completionBody, lastChunks, tokenChunk } from './completion.ts'
import { type Fault, faultOf } from './faults.ts'
import { parseJson, readBody, sendError } from './http.ts'
import type { Lateness } from './lateness.ts'

interface ChatRequest {
  model: string
  stream: boolean
  session: string
  turn: string
  content: string
}

interface Answer extends ChatRequest {
  id: string
  arrivedMs: number
  totalMs: number
  tokens: string[]
  fault: Fault
}

/** The request's fields, or undefined where it is no chat completion. Session and turn come as `metadata`. */
const readChat = (text: string): ChatRequest | undefined => {
  const body = parseJson(text) as Record<string, unknown> | null | undefined
  const messages = body?.messages
  const last: unknown = Array.isArray(messages) ? messages.at(-1)?.content : undefined
  if (!body || typeof last !== 'string' || typeof body.model !== 'string') return undefined
  const { session = '', turn = '' } = (body.metadata ?? {}) as Record<string, unknown>
  return { model: body.model, stream: body.stream === true, session: `${session}`, turn: `${turn}`, content: last }
}

/** The model stub: OpenAI-compatible chat completions whose text and pace follow from session and turn alone. */
export class ModelStub {
  readonly #lateness: Lateness
  #inFlight = 0

  constructor(lateness: Lateness) {
    this.#lateness = lateness
  }

  /** Answers begun and neither finished nor given up by the client. */
  get inFlight(): number {
    return this.#inFlight
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    const arrivedMs = monotonicMs()
    readBody(request, (text) => {
      if (!/^Bearer \S/.test(request.headers.authorization ?? '')) return sendError(response, 401, 'API key missing')
      const chat = readChat(text)
      if (!chat) return sendError(response, 400, 'expected JSON with model and messages')
      const planned = planAnswer(chat.session, chat.turn)
      const fault = faultOf(chat.content)
      const totalMs = fault.kind === 'take' ? fault.totalMs : planned.totalMs
      const id = `chatcmpl-${chat.session}-${chat.turn}`
      this.#answer({ ...chat, id, arrivedMs, totalMs, tokens: planned.tokens, fault }, response)
    })
  }

  #answer(answer: Answer, response: ServerResponse): void {
    this.#inFlight += 1
    const alarm = this.#start(answer, response)
    response.once('close', () => {
      this.#inFlight -= 1
      alarm?.stop()
    })
  }

  #start(answer: Answer, response: ServerResponse): Alarm | undefined {
    const { fault } = answer
    if (fault.kind === 'hang') return undefined
    if (fault.kind === 'none' || fault.kind === 'take' || fault.kind === 'cut') {
      return answer.stream ? this.#stream(answer, response) : this.#whole(answer, response)
    }
    if (fault.kind === 'reset') response.destroy()
    else if (fault.kind === 'status') sendError(response, fault.status, 'the stub was told to fail')
    else response.end(answer.stream ? 'data: {"choices":\n\n' : '{"choices":')
    return undefined
  }

  #whole({ id, model, arrivedMs, totalMs, tokens, fault }: Answer, response: ServerResponse): Alarm {
    const scheduledMs = arrivedMs + totalMs
    return ringAt(scheduledMs, () => {
      if (fault.kind === 'cut') return void response.destroy()
      const emittedMs = monotonicMs()
      const text = completionBody(id, model, tokens, { scheduledMs, emittedMs })
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
      response.end(text)
      this.#lateness.record(scheduledMs, emittedMs)
    })
  }

  /** Every token's due time is counted from the arrival, so a late one does not push back those after it. */
  #stream({ id, model, arrivedMs, totalMs, tokens, fault }: Answer, response: ServerResponse): Alarm {
    const prefix = chunkPrefix(id, model)
    const dueMs = (index: number) => arrivedMs + (totalMs * (index + 1)) / tokens.length
    const cutAt = fault.kind === 'cut' ? tokens.length / 2 : -1
    let index = 0
    const emit = (): void => {
      if (index === cutAt) return void response.destroy()
      const stamp = { scheduledMs: dueMs(index), emittedMs: monotonicMs() }
      const chunk = tokenChunk(prefix, tokens[index]!, stamp)
      this.#lateness.record(stamp.scheduledMs, stamp.emittedMs)
      index += 1
      if (index === tokens.length) return void response.end(chunk + lastChunks(prefix))
      response.write(chunk)
      alarm = ringAt(dueMs(index), emit)
    }
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
    let alarm = ringAt(dueMs(0), emit)
    return { stop: () => alarm.stop() }
  }
}
