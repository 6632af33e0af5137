import type { IncomingHttpHeaders } from 'node:http'

const bearer = /^Bearer +(\S+)$/i

/** The API key of a request's headers, or undefined where there is none or it is unknown. */
export const keyOfHeaders = (headers: IncomingHttpHeaders, known: ReadonlySet<string>): string | undefined => {
  const own = headers['x-api-key']
  const key = typeof own === 'string' ? own : bearer.exec(headers.authorization ?? '')?.[1]
  return key !== undefined && known.has(key) ? key : undefined
}
