import type { Answer, OnToken } from '../delivery/port.ts'
import type { AssembledParts } from '../parts.ts'
import type { SessionState } from '../state/port.ts'
import type { PromptMessage } from '../upstream/port.ts'
import type { Caller } from './auth.ts'
import { deadlinePassed } from './problems.ts'
import { recordTurn, requireSession } from './sessions.ts'

/** One turn as a client asks for it. */
export interface TurnRequest {
  session: string
  turn: number
  content: string
  caller: Caller
  /** Where given, the model's answer is streamed. */
  onToken?: OnToken
}

let lastTurnId = 0

/**
 * The story of a turn, as its client sees it: wait to be admitted, wait for the outcome.
 * @param cancel aborted when the client goes; the turn aborts it itself when its own time is up
 * @throws Problem, or the reason with which `cancel` was aborted; channel, permit and upstream call are then free
 */
export const runTurn = async (
  parts: AssembledParts,
  request: TurnRequest,
  cancel: AbortController,
  timeoutMs: number,
): Promise<Answer> => {
  const late = (): void => cancel.abort(deadlinePassed(`the turn took longer than ${timeoutMs} ms`))
  const timer = setTimeout(late, timeoutMs)
  try {
    await parts.admission.admit(cancel.signal)
    try {
      const id = ++lastTurnId
      const outcome = parts.delivery.receive(id, cancel.signal, request.onToken)
      void makeAnswer(parts, id, request, cancel.signal)
      return await outcome
    } finally {
      parts.admission.release()
    }
  } finally {
    clearTimeout(timer)
  }
}

/** The story of a turn, as the gateway sees it. Never throws: what goes wrong is delivered too. */
const makeAnswer = async (
  parts: AssembledParts,
  id: number,
  request: TurnRequest,
  signal: AbortSignal,
): Promise<void> => {
  try {
    const session = await requireSession(parts, request.caller.app, request.session)
    const knowledge = await parts.knowledge.lookUp(request.content, signal)
    const answer = await askModel(parts, id, request, promptOf(session, knowledge, request.content), signal)
    const { turn, content } = request
    const update = () => recordTurn(parts, { key: session.key, turn, content, answer: answer.content })
    await parts.contextUpdate.settle(update, () => parts.delivery.complete(id, answer))
  } catch (error) {
    parts.delivery.fail(id, error)
  }
}

/** What was found comes first, then the end of the conversation, then what the client says now. */
const promptOf = (session: SessionState, knowledge: string[], content: string): PromptMessage[] => [
  { role: 'system', content: knowledge.join('\n') },
  ...session.recent,
  { role: 'user', content },
]

const askModel = (
  { upstream, delivery }: AssembledParts,
  id: number,
  { caller, session, turn, onToken }: TurnRequest,
  messages: PromptMessage[],
  signal: AbortSignal,
): Promise<Answer> => {
  const call = { apiKey: caller.apiKey, session, turn, messages, signal }
  return upstream.complete(onToken ? { ...call, onToken: (text) => delivery.token(id, text) } : call)
}
