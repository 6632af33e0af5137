import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'

/** A conversation of some thousand messages fits. */
const mostBytes = 8_000_000

/** Calls back with the whole body as text; a body over 8 MB ends the connection. */
export const readBody = (request: IncomingMessage, done: (text: string) => void): void => {
  let text = ''
  request.setEncoding('utf8')
  request.on('data', (chunk: string) => {
    text += chunk
    if (text.length > mostBytes) request.destroy()
  })
  request.on('end', () => done(text))
}

/** The value, or undefined where the text is not JSON. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The path and query of a request; other parts of a URL do not come with one. */
export const splitUrl = (request: IncomingMessage): { path: string; query: URLSearchParams } => {
  const [path = '', query = ''] = (request.url ?? '').split('?', 2)
  return { path, query: new URLSearchParams(query) }
}

/** Whether there is a key at all: the stub has no accounts. */
export const hasKey = (request: IncomingMessage): boolean => /^Bearer \S/.test(request.headers.authorization ?? '')

let answered = 0

/** Headers of every answer of the model's API, as hosted models have them: whoever forwards headers forwards these. */
export const apiHeaders = (): OutgoingHttpHeaders => ({
  'x-request-id': `req-${++answered}`,
  'x-ratelimit-remaining': '999',
})

export const sendJson = (
  response: ServerResponse,
  status: number,
  body: unknown,
  headers?: OutgoingHttpHeaders,
): void => sendJsonText(response, status, JSON.stringify(body), headers)

/** For a body that is JSON already. */
export const sendJsonText = (
  response: ServerResponse,
  status: number,
  text: string,
  headers?: OutgoingHttpHeaders,
): void => {
  response.writeHead(status, jsonHead(text, headers))
  response.end(text)
}

export const jsonHead = (text: string, headers?: OutgoingHttpHeaders): OutgoingHttpHeaders => ({
  'content-type': 'application/json',
  'content-length': Buffer.byteLength(text),
  ...headers,
})

/** An error in the shape of the OpenAI API. */
export const sendError = (
  response: ServerResponse,
  status: number,
  message: string,
  headers?: OutgoingHttpHeaders,
): void =>
  sendJson(
    response,
    status,
    { error: { message, type: status < 500 ? 'invalid_request_error' : 'server_error' } },
    headers,
  )
