import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import type { Lifecycle } from '../gateway/lifecycle.ts'

/** A request of a client's that the model's server answers itself. */
export interface ProxyRequest {
  method: string
  /** Path and query behind the proxy's own prefix: `/v1/models?limit=3`. */
  path: string
  headers: IncomingHttpHeaders
  body: Buffer | undefined
  apiKey: string
  /** Marked when the request is sent and when its answer begins, which says so in its head (`Server-Timing`). */
  lifecycle: Lifecycle
}

/** Passes requests through to the model's server: status, headers, body and errors come back as they are. */
export interface ModelProxy {
  /**
   * Answers on `response`; resolves when it is all written, or was cut off because something failed after its head.
   * @param signal aborted when the client has gone: the request to the model's server is then closed
   * @throws Problem 400, 405, 502 or 504, or the signal's reason, while nothing has been answered yet
   */
  forward(request: ProxyRequest, response: ServerResponse, signal: AbortSignal): Promise<void>
  readonly inFlight: number
  /** How often a request had to look whether its answer has come; 0 where it is passed on as it comes. */
  readonly looks: number
  close(): Promise<void>
}
