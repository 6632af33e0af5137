import type { IncomingMessage, ServerResponse } from 'node:http'

const mostBytes = 1_000_000

/** Calls back with the whole body as text; a body over 1 MB ends the connection. */
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

export const sendJson = (response: ServerResponse, status: number, body: unknown): void => {
  const text = JSON.stringify(body)
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
  response.end(text)
}

/** An error in the shape of the OpenAI API. */
export const sendError = (response: ServerResponse, status: number, message: string): void =>
  sendJson(response, status, { error: { message, type: status < 500 ? 'invalid_request_error' : 'server_error' } })
