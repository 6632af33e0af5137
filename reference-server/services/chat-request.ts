import { parseJson } from './http.ts'

/** What the model stub reads of a request for a chat completion. */
export interface ChatRequest {
  model: string
  stream: boolean
  session: string
  turn: string
  /** The last user message. */
  asked: string
  /** What the tools gave that were called last, in the order of the calls; absent where the messages do not end with that. */
  toolResults?: readonly string[]
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
  const toolResults = last.role === 'tool' ? resultsIn(messages) : undefined
  if (typeof toolResults === 'string') return toolResults
  const { session = '', turn = '' } = isObject(body.metadata) ? body.metadata : {}
  const asked = lastOfUser(messages)
  return {
    ...{ model: body.model, stream: body.stream === true, session: `${session}`, turn: `${turn}`, asked },
    ...(toolResults ? { toolResults } : {}),
  }
}

const lastOfUser = (messages: unknown[]): string => {
  const message = messages.findLast((each) => isObject(each) && each.role === 'user') as Json | undefined
  return typeof message?.content === 'string' ? message.content : ''
}

/**
 * As OpenAI's: each call of the assistant has its one result, and no result is without its call.
 * @returns the results in the order of the calls, or a text that says what is wrong with them
 */
const resultsIn = (messages: unknown[]): string[] | string => {
  const first = messages.findLastIndex((each) => !isObject(each) || each.role !== 'tool') + 1
  const assistant = messages[first - 1]
  const calls: unknown = isObject(assistant) ? assistant.tool_calls : undefined
  if (!Array.isArray(calls)) return 'messages with role tool must follow a message with tool_calls'
  const called = calls.map((call: unknown) => (isObject(call) ? call.id : undefined))
  const results = messages.slice(first) as Json[]
  const answered = results.map((each) => each.tool_call_id)
  if (JSON.stringify(called.toSorted()) !== JSON.stringify(answered.toSorted()))
    return `expected one result for each of the calls ${called.join(', ')}; got results for ${answered.join(', ')}`
  return called.map((id) => `${results.find((each) => each.tool_call_id === id)?.content}`)
}

/**
 * Holds the results of tools against those that were to come, as far as it was said which.
 * @returns undefined where they are these, or a text that says which is another
 */
export const wrongResult = (results: readonly string[], expected: readonly string[]): string | undefined => {
  const at = expected.findIndex((each, index) => results[index] !== each)
  return at === -1 ? undefined : `expected ${expected[at]} as the result of call ${at + 1}; got ${results[at]}`
}
