import type { Dispatcher } from 'undici'
import type { GatewayConfig } from '../gateway/config.ts'
import { upstreamFailed } from '../gateway/problems.ts'
import { basePathOf } from '../upstream/connections.ts'
import { exchange } from '../upstream/exchange.ts'
import type { HostRequest } from './port.ts'

/** What a tool host is made from. */
export type HostConfig = Pick<GatewayConfig, 'toolsUrl' | 'authority' | 'upstreamTimeoutMs'>

const service = 'the tool host'
const mostBytes = 200_000

const pathOf = (base: URL, { name, query = {} }: HostRequest): string => {
  const search = new URLSearchParams(query).toString()
  return `${basePathOf(base)}/tools/${encodeURIComponent(name)}${search && `?${search}`}`
}

/** One request over a client that its caller chooses; an answer that is too long is cut off while it comes. */
export const askOver = async (
  client: Dispatcher,
  { toolsUrl, upstreamTimeoutMs: deadlineMs }: HostConfig,
  request: HostRequest,
  signal: AbortSignal,
): Promise<string> => {
  const chunks: Buffer[] = []
  let bytes = 0
  const onData = (chunk: Buffer): boolean => {
    bytes += chunk.length
    if (bytes > mostBytes) throw upstreamFailed(`${service} answered with more than ${mostBytes} bytes`)
    chunks.push(chunk)
    return true
  }
  // What is collected here is always welcome.
  const body = { onData, whenReady: (resume: () => void) => resume() }
  const path = pathOf(toolsUrl, request)
  const common = { service, path, signal, deadlineMs, body }
  if (!request.body) await exchange(client, { ...common, method: 'GET', headers: {} })
  else {
    const headers = { 'content-type': 'application/json' }
    await exchange(client, { ...common, method: 'POST', headers, payload: JSON.stringify(request.body) })
  }
  return Buffer.concat(chunks).toString()
}
