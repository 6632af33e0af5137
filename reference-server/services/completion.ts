/** The OpenAI-compatible texts of one answer, with the emission times of each part under `weir`. */
export interface Stamp {
  /** When it was to be emitted, CLOCK_MONOTONIC in ms. */
  scheduledMs: number
  /** When it was. */
  emittedMs: number
}

const createdSeconds = Math.floor(Date.now() / 1_000)

const usage = (completionTokens: number) => ({
  prompt_tokens: 0,
  completion_tokens: completionTokens,
  total_tokens: completionTokens,
})

/** A whole answer, for `stream: false`. */
export const completionBody = (id: string, model: string, tokens: string[], stamp: Stamp): string =>
  JSON.stringify({
    id,
    object: 'chat.completion',
    created: createdSeconds,
    model,
    choices: [{ index: 0, message: { role: 'assistant', content: tokens.join('') }, finish_reason: 'stop' }],
    usage: usage(tokens.length),
    weir: stamp,
  })

/** What stays the same over the chunks of one stream, so that it is made once. */
export const chunkPrefix = (id: string, model: string): string =>
  `data: {"id":${JSON.stringify(id)},"object":"chat.completion.chunk","created":${createdSeconds},"model":${JSON.stringify(model)},`

/** One token as a server-sent event. */
export const tokenChunk = (prefix: string, token: string, { scheduledMs, emittedMs }: Stamp): string =>
  `${prefix}"choices":[{"index":0,"delta":{"content":${JSON.stringify(token)}},"finish_reason":null}],` +
  `"weir":{"scheduledMs":${scheduledMs},"emittedMs":${emittedMs}}}\n\n`

/** The end of a stream. */
export const lastChunks = (prefix: string): string =>
  `${prefix}"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n`
