import type { Answer } from '../delivery/port.ts'
import { type Problem, upstreamFailed } from '../gateway/problems.ts'
import type { ToolCall } from '../tools/port.ts'

/** More tools than this in one answer are no plan of a model's. */
export const mostToolCalls = 64

/** The part of a tool call that an answer, or a chunk of one, names; nothing is known of its types. */
export interface ToolCallFields {
  id?: unknown
  index?: unknown
  function?: { name?: unknown; arguments?: unknown } | null
}

interface Completion {
  choices?: { message?: { content?: unknown; tool_calls?: unknown } }[]
  usage?: { completion_tokens?: unknown }
}

/** What an answer is that cannot be read. */
export const malformed = (cause?: unknown): Problem =>
  upstreamFailed('the model sent an answer that is no chat completion', cause)

/** @throws Problem 502 for anything but an object */
export const parseObject = <T extends object>(text: string): T => {
  const value = parse(text)
  if (typeof value !== 'object' || value === null) throw malformed()
  return value as T
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw malformed(error)
  }
}

/** @throws Problem 502 for anything but a list of objects, or a long one */
export const listOfCalls = (calls: unknown): ToolCallFields[] => {
  if (!Array.isArray(calls) || calls.length > mostToolCalls) throw malformed()
  if (calls.some((call) => typeof call !== 'object' || call === null)) throw malformed()
  return calls
}

/** @throws Problem 502 where the call has no id or no name */
export const readToolCall = ({ id, function: called }: ToolCallFields): ToolCall => {
  const { name, arguments: text = '' } = called ?? {}
  if (typeof id !== 'string' || id === '') throw malformed()
  if (typeof name !== 'string' || name === '' || typeof text !== 'string') throw malformed()
  return { id, name, arguments: text }
}

/**
 * Reads an answer that was not streamed.
 * @throws Problem 502 where it is none
 */
export const readCompletion = (text: string): Answer => {
  const completion = parseObject<Completion>(text)
  const message = completion.choices?.[0]?.message
  const tokens = completion.usage?.completion_tokens
  const calls = listOfCalls(message?.tool_calls ?? [])
  // A model that calls tools need not say anything.
  const content = message?.content ?? (calls.length > 0 ? '' : undefined)
  if (typeof content !== 'string' || typeof tokens !== 'number') throw malformed()
  return calls.length === 0 ? { content, tokens } : { content, tokens, toolCalls: calls.map(readToolCall) }
}
