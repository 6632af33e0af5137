import type { IncomingMessage, ServerResponse } from 'node:http'
import { parseJson, readBody, sendError, sendJson } from './http.ts'

/** The knowledge stub: `POST {"query": text}` gives one short document that names the query's length. */
export const handleKnowledge = (request: IncomingMessage, response: ServerResponse): void =>
  readBody(request, (text) => {
    const query = (parseJson(text) as { query?: unknown } | null | undefined)?.query
    if (typeof query !== 'string') return sendError(response, 400, 'expected JSON with a query')
    if (query.includes('stub:knowledge-down')) return sendError(response, 503, 'the stub was told to fail')
    sendJson(response, 200, { documents: [{ id: 'doc-1', text: `background for ${query.length} characters` }] })
  })
