import type { IncomingMessage, ServerResponse } from 'node:http'
import { monotonicMs, ringAt } from './clock.ts'
import { parseJson, readBody, sendError, sendJson, splitUrl } from './http.ts'

const usualMs = 3
const longestMs = 600_000

const prefix = '/tools/'
export const isToolPath = (url: string | undefined): boolean => url?.startsWith(prefix) === true

/**
 * The tool host: `POST /tools/NAME?ms=20` with the arguments as JSON, or `GET`, gives
 * `{"tool": NAME, "arguments": {...}, "result": "NAME is done"}` after as many ms, 3 without `ms`.
 */
export const handleTool = (request: IncomingMessage, response: ServerResponse): void => {
  const dueMs = monotonicMs()
  readBody(request, (text) => {
    const { path, query } = splitUrl(request)
    const tool = path.slice(prefix.length)
    const ms = Number(query.get('ms') ?? usualMs)
    const args = text === '' ? {} : parseJson(text)
    if (!/^[\w.-]+$/.test(tool)) return sendError(response, 404, 'expected /tools/NAME')
    if (!(ms >= 0 && ms <= longestMs)) return sendError(response, 400, `expected ms from 0 to ${longestMs}`)
    if (args === undefined) return sendError(response, 400, 'expected arguments as JSON')
    const answer = () => sendJson(response, 200, { tool, arguments: args, result: `${tool} is done` })
    if (ms === 0) return answer()
    const alarm = ringAt(dueMs + ms, answer)
    response.once('close', () => alarm.stop())
  })
}
