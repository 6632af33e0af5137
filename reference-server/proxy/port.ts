import type { IncomingHttpHeaders, ServerResponse } from 'node:http'

/** A request of a client's that the model's server answers itself. */
export interface ProxyRequest {
  method: string
  /** Path and query behind the proxy's own prefix: `/v1/models?limit=3`. */
  path: string
  headers: IncomingHttpHeaders
  body: Buffer | undefined
  apiKey: string
}

/** Passes requests through to the model's server: status, headers, body and errors come back as they are. */
export interface Proxy {
  /**
   * Answers on `response`; resolves when it is all there or the client has gone, whose upstream request is then closed.
   * @throws Problem 502 or 504 while nothing has been answered yet; later failures cut the answer off
   */
  forward(request: ProxyRequest, response: ServerResponse, signal: AbortSignal): Promise<void>
  readonly inFlight: number
  close(): Promise<void>
}
