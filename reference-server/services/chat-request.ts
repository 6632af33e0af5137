import { parseJson } from './http.ts'

/** What the model stub reads of a request for a chat completion. */
export interface ChatRequest {
  model: string
  stream: boolean
  session: string
  turn: string
  /** The last user message. */
  asked: string
  /** The messages end with the results of the tools that were called. */
  hasToolResults: boolean
}

type Json = Record<string, unknown>

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null

/**
 * Reads the body of a request. Session and turn come as `metadata`, empty where absent.
 * @returns the request, or a text that says what is wrong with it
 */
export const readChat = (text: string): ChatRequest | string => {
  const body = parseJson(text)
  if (!isObject(body) || typeof body.model !== 'string' || !Array.isArray(body.messages)) {
    return 'expected JSON with model and messages'
  }
  const messages: unknown[] = body.messages
  const last = messages.at(-1)
  if (!isObject(last) || typeof last.content !== 'string') return 'expected a last message with content'
  const hasToolResults = last.role === 'tool'
  const wrong = hasToolResults ? wrongResults(messages) : undefined
  if (wrong !== undefined) return wrong
  const { session = '', turn = '' } = isObject(body.metadata) ? body.metadata : {}
  const asked = lastOfUser(messages)
  return {
    ...{ model: body.model, stream: body.stream === true, session: `${session}`, turn: `${turn}` },
    ...{ asked, hasToolResults },
  }
}

const lastOfUser = (messages: unknown[]): string => {
  const message = messages.findLast((each) => isObject(each) && each.role === 'user') as Json | undefined
  return typeof message?.content === 'string' ? message.content : ''
}

/** As OpenAI's: each call of the assistant has its one result, and no result is without its call. */
const wrongResults = (messages: unknown[]): string | undefined => {
  const first = messages.findLastIndex((each) => !isObject(each) || each.role !== 'tool') + 1
  const assistant = messages[first - 1]
  const calls: unknown = isObject(assistant) ? assistant.tool_calls : undefined
  if (!Array.isArray(calls)) return 'messages with role tool must follow a message with tool_calls'
  const called = calls.map((call: unknown) => (isObject(call) ? call.id : undefined)).sort()
  const answered = messages.slice(first).map((each) => (each as Json).tool_call_id)
  if (JSON.stringify(called) === JSON.stringify(answered.sort())) return undefined
  return `expected one result for each of the calls ${called.join(', ')}; got results for ${answered.join(', ')}`
}
