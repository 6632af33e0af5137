import type { Outgoing } from './redirect.ts'

/** Made from other things than the script's headers. */
const engineOwns = new Set(['Host', 'Content-Length', 'Transfer-Encoding'])

/** Request line and fields of the request for a stream. */
export function requestHead({ method, endpoint, body, headers }: Outgoing, userAgent: string): string {
  const lines = [`${method} ${endpoint.path} HTTP/1.1`, `Host: ${headers.Host ?? endpoint.host}`]
  if (!('User-Agent' in headers)) lines.push(`User-Agent: ${userAgent}`)
  if (body.content !== null || ['POST', 'PUT', 'PATCH'].includes(method)) lines.push(`Content-Length: ${body.length}`)
  if (endpoint.username !== '' && !('Authorization' in headers)) {
    const credentials = Buffer.from(`${endpoint.username}:${endpoint.password}`).toString('base64')
    lines.push(`Authorization: Basic ${credentials}`)
  }
  for (const name in headers) if (!engineOwns.has(name)) lines.push(`${name}: ${headers[name]}`)
  return `${lines.join('\r\n')}\r\n\r\n`
}
