import type { Duplex } from 'node:stream'
import { type Problem, problemMediaType } from './problems.ts'

/**
 * Answers with a problem on a bare connection, where no HTTP response object exists, and closes the connection: also
 * where the client leaves its own side open, for which no timeout of HTTP's is left.
 */
export const refuseRaw = (socket: Duplex, { details, retryAfterS }: Problem): void => {
  const body = JSON.stringify(details)
  const retry = retryAfterS === undefined ? '' : `Retry-After: ${retryAfterS}\r\n`
  const head = `HTTP/1.1 ${details.status} ${details.title}\r\nContent-Type: ${problemMediaType}\r\n${retry}`
  socket.once('finish', () => socket.destroy())
  socket.end(`${head}Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`)
}
