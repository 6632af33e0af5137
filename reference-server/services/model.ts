import type { IncomingMessage, ServerResponse } from 'node:http'
import { Aborts } from './aborts.ts'
import { planAnswer, usualLatencyMs, usualTokens, widen } from './answers.ts'
import { type Behaviour, behaviourOf, type Fault, UnknownBehaviour } from './behaviour.ts'
import { type ChatRequest, readChat, wrongResult } from './chat-request.ts'
import { type Alarm, monotonicMs } from './clock.ts'
import {
  chunkPrefix,
  chunkText,
  completionBody,
  lastChunks,
  type Said,
  type Stamp,
  sayText,
  sayToolCalls,
  stampDelta,
} from './completion.ts'
import { breakOff, type Emission, type Ending, emitAtPace, trickle, wasGivenUp } from './emission.ts'
import { apiHeaders, hasKey, jsonHead, readBody, sendError } from './http.ts'
import type { Lateness } from './lateness.ts'

interface Answer extends ChatRequest {
  id: string
  said: Said
  arrivedMs: number
  /** 0 for an answer at once. */
  totalMs: number
  isStamped: boolean
  trickleBytes: number | undefined
  fault: Fault
}

export interface ModelOptions {
  /** Median time of an answer, 0 for at once. */
  latencyMs?: number
  /** Words of `behaviour.ts` that hold for every call; a call's own win over them. */
  behaviour?: string
}

/** The gateway shows the model something else than what the tools gave. */
class UnexpectedResult extends Error {}

const retryAfterSeconds = 7
const none: Fault = { kind: 'none' }
const plain: Behaviour = { tokenCount: usualTokens, tools: [], fault: none }

const unreadableEvent = 'data: {"choices":[{"index":0,"delta":{"con\n\n'

/** The model stub: OpenAI-compatible chat completions whose text and pace follow from session and turn alone. */
export class ModelStub {
  /** Calls that their clients gave up. */
  readonly aborts = new Aborts()
  readonly #lateness: Lateness
  readonly #latencyMs: number
  readonly #usual: Behaviour
  readonly #answering = new Set<ChatRequest>()

  /** @throws UnknownBehaviour where the options ask for what there is not */
  constructor(lateness: Lateness, { latencyMs = usualLatencyMs, behaviour = '' }: ModelOptions = {}) {
    this.#lateness = lateness
    this.#latencyMs = latencyMs
    this.#usual = behaviourOf(behaviour, plain)
  }

  /** Answers begun and neither finished nor given up by the client. */
  get inFlight(): number {
    return this.#answering.size
  }

  isAnswering(session: string, turn: string): boolean {
    for (const answer of this.#answering) if (answer.session === session && answer.turn === turn) return true
    return false
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    const arrivedMs = monotonicMs()
    readBody(request, (text) => {
      if (!hasKey(request)) return sendError(response, 401, 'API key missing', apiHeaders())
      const chat = readChat(text)
      if (typeof chat === 'string') return sendError(response, 400, chat, apiHeaders())
      try {
        this.#begin(this.#plan(chat, arrivedMs), response)
      } catch (error) {
        if (!(error instanceof UnknownBehaviour || error instanceof UnexpectedResult)) throw error
        sendError(response, 400, error.message, apiHeaders())
      }
    })
  }

  #plan(chat: ChatRequest, arrivedMs: number): Answer {
    const asked = behaviourOf(chat.asked, this.#usual)
    const planned = planAnswer(chat.session, chat.turn, asked.tokenCount, this.#latencyMs)
    const callsTools = asked.tools.length > 0 && !chat.toolResults
    const wrong = chat.toolResults && wrongResult(chat.toolResults, asked.results ?? [])
    if (wrong !== undefined) throw new UnexpectedResult(wrong)
    const { tokenWidth } = asked
    const tokens = tokenWidth === undefined ? planned.tokens : planned.tokens.map((token) => widen(token, tokenWidth))
    const said = callsTools ? sayToolCalls(asked.tools, chat.session, chat.turn) : sayText(tokens)
    const gapsMs = asked.gapMs === undefined ? undefined : asked.gapMs * said.deltas.length
    return {
      ...chat,
      ...{ id: `chatcmpl-${chat.session}-${chat.turn}`, said, arrivedMs, trickleBytes: asked.trickleBytes },
      isStamped: asked.isStamped === true && !callsTools,
      totalMs: gapsMs ?? asked.totalMs ?? planned.totalMs,
      fault: callsTools ? none : asked.fault,
    }
  }

  #begin(answer: Answer, response: ServerResponse): void {
    this.#answering.add(answer)
    let alarm: Alarm | undefined
    response.once('close', () => {
      this.#answering.delete(answer)
      if (wasGivenUp(response)) this.aborts.note(answer.session, answer.turn)
      alarm?.stop()
    })
    alarm = this.#start(answer, response)
  }

  #start(answer: Answer, response: ServerResponse): Alarm | undefined {
    const { fault } = answer
    switch (fault.kind) {
      case 'hang':
        return undefined
      case 'reset':
        return void breakOff(response)
      case 'status':
        return void refuse(response, fault.status)
      case 'malformed':
        return void response.end(answer.stream ? 'data: {"choices":\n\n' : '{"choices":')
      default:
        return this.#emit(answer, response)
    }
  }

  #emit(answer: Answer, response: ServerResponse): Alarm {
    const emission = answer.stream ? streamed(answer) : whole(answer, response)
    if (answer.stream) {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache', ...apiHeaders() })
    }
    if (answer.trickleBytes !== undefined) return trickle(response, emission, answer.trickleBytes)
    return emitAtPace(response, emission, answer.totalMs > 0 ? this.#lateness : undefined)
  }
}

const refuse = (response: ServerResponse, status: number): void => {
  const wait = status === 429 || status === 503 ? { 'retry-after': `${retryAfterSeconds}` } : {}
  sendError(response, status, 'the stub was told to fail', { ...apiHeaders(), ...wait })
}

const endingOf = ({ kind }: Fault): Ending => {
  if (kind === 'cut') return 'break-off'
  return kind === 'hang-after' ? 'silence' : 'end'
}

/** Parts that go out before a fault; all where there is none. */
const partsBefore = (fault: Fault, parts: number): number => {
  if (fault.kind === 'cut') return Math.floor(parts / 2)
  return fault.kind === 'hang-after' ? Math.min(fault.tokens, parts) : parts
}

const streamed = ({ id, model, said, arrivedMs, totalMs, isStamped, fault }: Answer): Emission => {
  const prefix = chunkPrefix(id, model)
  const { deltas } = said
  const deltaAt = (index: number, stamp: Stamp): string => (isStamped ? stampDelta(stamp) : deltas[index]!)
  const brokenAt = fault.kind === 'broken-sse' ? Math.floor(deltas.length / 2) : -1
  return {
    parts: partsBefore(fault, deltas.length),
    dueMs: (index) => arrivedMs + (totalMs * (index + 1)) / deltas.length,
    text: (index, stamp) =>
      (index === brokenAt ? unreadableEvent : '') + chunkText(prefix, deltaAt(index, stamp), stamp),
    ending: endingOf(fault),
    tail: lastChunks(prefix, said.finishReason),
  }
}

/** The one part is the body; where it is to be left unfinished, half of it. */
const whole = ({ id, model, said, arrivedMs, totalMs, fault }: Answer, response: ServerResponse): Emission => {
  const ending = endingOf(fault)
  return {
    parts: 1,
    dueMs: () => arrivedMs + totalMs,
    text: (_index, stamp) => {
      const body = completionBody(id, model, said, stamp)
      response.writeHead(200, jsonHead(body, apiHeaders()))
      return ending === 'end' ? body : body.slice(0, body.length / 2)
    },
    ending,
    tail: '',
  }
}
