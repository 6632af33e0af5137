import type { Exchange } from '../transport/exchange.ts'
import { errorCodes, switchesProtocols } from '../transport/failure.ts'
import { formatUrl, quote } from '../transport/url.ts'

/** A failure in k6's words: `Get "http://host/path": dial tcp host:80: connect: connection refused`. */
export function requestErrorText({ method, endpoint, failure, responseBytes }: Exchange): string {
  if (failure === null) return ''
  // What goes wrong within the body is no matter of the request to Go.
  if (failure.code === errorCodes.generic && responseBytes !== null) return failure.message
  if (failure.code === errorCodes.decompression || failure === switchesProtocols) return failure.message
  const { userinfo } = endpoint.parts
  const hidden = userinfo === null ? null : userinfo.replace(/:.*$/s, ':***')
  const verb = `${method.slice(0, 1)}${method.slice(1).toLowerCase()}`
  const cause =
    failure.code === errorCodes.dialRefused
      ? `dial tcp ${endpoint.hostname}:${endpoint.port}: connect: connection refused`
      : failure.message
  return `${verb} ${quote(formatUrl({ ...endpoint.parts, userinfo: hidden }))}: ${cause}`
}
