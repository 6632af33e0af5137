import type { RequestListener } from 'node:http'
import { monotonicMs } from './clock.ts'
import { handleEmbeddings, handleModels } from './embeddings.ts'
import { sendError, sendJson, splitUrl } from './http.ts'
import { handleKnowledge } from './knowledge.ts'
import type { Lateness } from './lateness.ts'
import { handleGreeting, handleRecall, usualGreetingMs } from './memory.ts'
import type { ModelStub } from './model.ts'
import { handleTool, isToolPath } from './tools.ts'

/**
 * Tells how long ago the last call of a turn was given up by its client, so that nobody has to share a clock. Where none
 * was, it tells whether one is being answered: who calls the model for nobody is told apart from who has not called it.
 */
const handleAborts =
  (model: ModelStub): RequestListener =>
  (request, response) => {
    const { query } = splitUrl(request)
    const [session, turn] = [query.get('session'), query.get('turn')]
    if (session === null || turn === null) return sendError(response, 400, 'expected /aborts?session=S&turn=N')
    const msAgo = model.aborts.msAgo(session, turn)
    if (msAgo === undefined) sendJson(response, 404, { aborted: false, answering: model.isAnswering(session, turn) })
    else sendJson(response, 200, { aborted: true, msAgo, atMs: monotonicMs() - msAgo })
  }

/** All that the stubs answer to. */
export const routes = (model: ModelStub, lateness: Lateness, greetingMs = usualGreetingMs): RequestListener => {
  const table: Record<string, RequestListener> = {
    'POST /v1/chat/completions': (request, response) => model.handle(request, response),
    'POST /v1/embeddings': handleEmbeddings,
    'GET /v1/models': handleModels,
    'POST /knowledge': handleKnowledge,
    'POST /memory/greet': handleGreeting(greetingMs),
    'POST /memory/recall': handleRecall,
    'GET /healthz': (_request, response) => sendJson(response, 200, { status: 'ok' }),
    'GET /lateness': (_request, response) => sendJson(response, 200, lateness.take()),
    'GET /in-flight': (_request, response) =>
      sendJson(response, 200, { answers: model.inFlight, aborted: model.aborts.count }),
    'GET /aborts': handleAborts(model),
    'GET /tools/NAME': handleTool,
    'POST /tools/NAME': handleTool,
  }
  const known = Object.keys(table).join(', ')
  return (request, response) => {
    const { method, url } = request
    const handler = table[`${method} ${isToolPath(url) ? '/tools/NAME' : splitUrl(request).path}`]
    if (handler) handler(request, response)
    else sendError(response, 404, `no ${method} ${url}; there are: ${known}`)
  }
}
