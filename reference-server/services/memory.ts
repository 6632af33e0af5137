import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { monotonicMs, ringAt } from './clock.ts'
import { parseJson, readBody, sendError, sendJson } from './http.ts'

/** How long the memory stub takes to get ready once it is greeted. */
export const usualGreetingMs = 300

/** `POST /memory/greet` gives `{"ready": true}` after so many ms, each time: every gateway is new to the service. */
export const handleGreeting =
  (greetingMs: number): RequestListener =>
  (request, response) => {
    const dueMs = monotonicMs() + greetingMs
    readBody(request, () => {
      const alarm = ringAt(dueMs, () => sendJson(response, 200, { ready: true }))
      response.once('close', () => alarm.stop())
    })
  }

/**
 * `POST /memory/recall {"agent": name, "query": text}` gives `{"memories": [...]}` at once: none where the query has an
 * even number of characters, else one that names agent and number. `stub:memory-down` gives status 503.
 */
export const handleRecall = (request: IncomingMessage, response: ServerResponse): void =>
  readBody(request, (text) => {
    const { agent, query } = (parseJson(text) ?? {}) as { agent?: unknown; query?: unknown }
    if (typeof agent !== 'string' || typeof query !== 'string') {
      return sendError(response, 400, 'expected JSON with agent and query')
    }
    if (query.includes('stub:memory-down')) return sendError(response, 503, 'the stub was told to fail')
    const memory = `${agent} was asked ${query.length} characters before`
    sendJson(response, 200, { memories: query.length % 2 === 0 ? [] : [memory] })
  })
