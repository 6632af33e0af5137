import type { Outgoing } from './redirect.ts'

/** Made from other things than the script's headers. */
const engineOwns = new Set(['Host', 'User-Agent', 'Content-Length', 'Transfer-Encoding', 'Trailer', 'Cookie'])
const seldomWithBody = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'PROPFIND', 'SEARCH'])
const alwaysWithLength = new Set(['POST', 'PUT', 'PATCH'])
const emptyChunks = '0\r\n\r\n'

/**
 * Request line and header fields in the order in which k6 (Go) writes them: Host, User-Agent, the length, and the rest
 * by name.
 * @param cookie the value of the Cookie header; empty for none
 * @param isLast the connection is not used again, and the server is told so unless the script tells it
 */
export function requestHead(request: Outgoing, userAgent: string, cookie: string, isLast = false): string {
  const { method, endpoint, headers } = request
  let head = `${method} ${endpoint.path} HTTP/1.1\r\nHost: ${onWire(headers.Host || endpoint.host)}\r\n`
  const agent = onWire(headers['User-Agent'] ?? userAgent)
  if (agent !== '') head += `User-Agent: ${agent}\r\n`
  head += lengthField(request)
  const fields = otherFields(request, cookie)
  if (fields.length > 1) fields.sort((a, b) => (a[0] < b[0] ? -1 : 1))
  for (const [name, value] of fields) head += `${name}: ${onWire(value)}\r\n`
  if (isLast && !/(^|,)\s*close\s*(,|$)/i.test(headers.Connection ?? '')) head += 'Connection: close\r\n'
  return `${head}\r\n`
}

/** UTF-8, one character a byte, without white space around it. */
const onWire = (value: string): string =>
  /[\u0080-\uffff]/.test(value) ? Buffer.from(value.trim(), 'utf8').toString('latin1') : value.trim()

function lengthField({ method, body }: Outgoing): string {
  if (body.length > 0) return `Content-Length: ${body.length}\r\n`
  if (body.content === null) return alwaysWithLength.has(method) ? 'Content-Length: 0\r\n' : ''
  return seldomWithBody.has(method) ? '' : 'Transfer-Encoding: chunked\r\n'
}

/** A body that is there but empty goes out in chunks: Go cannot know that nothing will come. */
export function wireContent({ method, body }: Outgoing): string | Uint8Array | null {
  if (body.length > 0 || body.content === null) return body.content
  return seldomWithBody.has(method) ? null : emptyChunks
}

function otherFields({ endpoint, body, headers }: Outgoing, cookie: string): [name: string, value: string][] {
  const fields: [string, string][] = []
  for (const name in headers) if (!engineOwns.has(name)) fields.push([name, headers[name]!])
  if (cookie !== '') fields.push(['Cookie', cookie])
  if (body.contentType !== '' && !('Content-Type' in headers)) fields.push(['Content-Type', body.contentType])
  if (endpoint.parts.userinfo !== null && !headers.Authorization) {
    const credentials = Buffer.from(`${endpoint.username}:${endpoint.password}`, 'utf8').toString('base64')
    fields.push(['Authorization', `Basic ${credentials}`])
  }
  return fields
}
