import type { AskedTool } from './behaviour.ts'

/** When a part of an answer went out; stands under `weir` in it. */
export interface Stamp {
  /** When it was to be emitted, CLOCK_MONOTONIC in ms. */
  scheduledMs: number
  /** When it was. */
  emittedMs: number
}

/** What the model says in one answer, in OpenAI's shapes. */
export interface Said {
  finishReason: 'stop' | 'tool_calls'
  /** `message` of a whole answer, as JSON. */
  message: string
  /** `delta` of each chunk of a streamed one, as JSON. */
  deltas: string[]
}

/** Text, a token a chunk. */
export const sayText = (tokens: string[]): Said => ({
  finishReason: 'stop',
  message: JSON.stringify({ role: 'assistant', content: tokens.join('') }),
  deltas: tokens.map((token) => `{"content":${JSON.stringify(token)}}`),
})

/** A token that tells when it goes out: `18342.417 `. */
export const stampDelta = ({ emittedMs }: Stamp): string => `{"content":"${emittedMs.toFixed(3)} "}`

/** Calls of tools. Streamed, each call comes in three chunks: its name, and its arguments in two halves. */
export const sayToolCalls = (tools: readonly AskedTool[], session: string, turn: string): Said => {
  const calls = tools.map((tool, index) => ({
    id: `call-${session}-${turn}-${index}`,
    type: 'function' as const,
    function: { name: tool.name, arguments: tool.arguments },
  }))
  return {
    finishReason: 'tool_calls',
    message: JSON.stringify({ role: 'assistant', content: null, tool_calls: calls }),
    deltas: calls.flatMap(callDeltas),
  }
}

interface FunctionCall {
  id: string
  type: 'function'
  function: AskedTool
}

const callDeltas = ({ id, type, function: { name, arguments: text } }: FunctionCall, index: number): string[] => {
  const delta = (call: object): string => JSON.stringify({ tool_calls: [{ index, ...call }] })
  const middle = Math.ceil(text.length / 2)
  return [
    delta({ id, type, function: { name, arguments: '' } }),
    delta({ function: { arguments: text.slice(0, middle) } }),
    delta({ function: { arguments: text.slice(middle) } }),
  ]
}

const createdSeconds = Math.floor(Date.now() / 1_000)

const stampText = ({ scheduledMs, emittedMs }: Stamp): string =>
  `"weir":{"scheduledMs":${scheduledMs},"emittedMs":${emittedMs}}`

/** A whole answer, for `stream: false`. Put together by hand, because it is what the stub does most. */
export const completionBody = (id: string, model: string, said: Said, stamp: Stamp): string => {
  const tokens = said.deltas.length
  return (
    `{"id":${JSON.stringify(id)},"object":"chat.completion","created":${createdSeconds},"model":${JSON.stringify(model)},` +
    `"choices":[{"index":0,"message":${said.message},"finish_reason":"${said.finishReason}"}],` +
    `"usage":{"prompt_tokens":0,"completion_tokens":${tokens},"total_tokens":${tokens}},${stampText(stamp)}}`
  )
}

/** What stays the same over the chunks of one stream, so that it is made once. */
export const chunkPrefix = (id: string, model: string): string =>
  `data: {"id":${JSON.stringify(id)},"object":"chat.completion.chunk","created":${createdSeconds},"model":${JSON.stringify(model)},`

/** One delta as a server-sent event. */
export const chunkText = (prefix: string, delta: string, stamp: Stamp): string =>
  `${prefix}"choices":[{"index":0,"delta":${delta},"finish_reason":null}],${stampText(stamp)}}\n\n`

/** The end of a stream. */
export const lastChunks = (prefix: string, finishReason: string): string =>
  `${prefix}"choices":[{"index":0,"delta":{},"finish_reason":"${finishReason}"}]}\n\ndata: [DONE]\n\n`
