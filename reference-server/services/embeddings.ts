import type { IncomingMessage, ServerResponse } from 'node:http'
import { hashText, uniform } from './answers.ts'
import { apiHeaders, hasKey, parseJson, readBody, sendError, sendJson } from './http.ts'

const dimensions = 8

/** Numbers in (-1, 1) that follow from the text alone. */
const vectorOf = (text: string): number[] => {
  const seed = hashText(text)
  return Array.from({ length: dimensions }, (_, draw) => 2 * uniform(seed, draw) - 1)
}

const textsOf = (input: unknown): string[] | undefined => {
  const texts: unknown[] = Array.isArray(input) ? input : [input]
  return texts.every((text) => typeof text === 'string') ? texts : undefined
}

/** `POST {"model": name, "input": text or texts}` gives a vector of 8 numbers for each text. */
export const handleEmbeddings = (request: IncomingMessage, response: ServerResponse): void =>
  readBody(request, (text) => {
    if (!hasKey(request)) return sendError(response, 401, 'API key missing', apiHeaders())
    const body = parseJson(text) as { model?: unknown; input?: unknown } | null | undefined
    const texts = textsOf(body?.input)
    if (!texts || typeof body?.model !== 'string') {
      return sendError(response, 400, 'expected JSON with model and input', apiHeaders())
    }
    const data = texts.map((each, index) => ({ object: 'embedding', index, embedding: vectorOf(each) }))
    const usage = { prompt_tokens: 0, total_tokens: 0 }
    sendJson(response, 200, { object: 'list', data, model: body.model, usage }, apiHeaders())
  })

/** `GET /v1/models`: the stub answers to any name; this is the one that it lists. */
export const handleModels = (request: IncomingMessage, response: ServerResponse): void => {
  if (!hasKey(request)) return void sendError(response, 401, 'API key missing', apiHeaders())
  const data = [{ id: 'stub-8', object: 'model', created: 1_700_000_000, owned_by: 'stub' }]
  sendJson(response, 200, { object: 'list', data }, apiHeaders())
}
