import type { Dispatcher } from 'undici'
import type { Answer } from '../delivery/port.ts'
import { readCompletion } from './completion.ts'
import { basePathOf } from './connections.ts'
import { exchange } from './exchange.ts'
import type { ModelCall } from './port.ts'
import { StreamedAnswer } from './streamed-answer.ts'

const service = 'the model'

/** What does not change from call to call. */
export interface ChatTarget {
  /** Path of the base URL, without a slash at its end. */
  basePath: string
  modelName: string
  deadlineMs: number
}

/** The tools come as JSON already: they are the same in every call of an agent's. */
const requestBody = ({ session, turn, messages, toolsJson, stream }: ModelCall, model: string): string => {
  const fields = { model, stream: stream !== undefined, messages, metadata: { session, turn: `${turn}` } }
  const body = JSON.stringify(fields)
  return toolsJson === '' ? body : `${body.slice(0, -1)},"tools":${toolsJson}}`
}

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
  if (!call.stream) return readCompletion(await exchange(dispatcher, request))
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
