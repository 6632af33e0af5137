/** A request to a tool that some other process offers over HTTP. */
export interface HostRequest {
  /** Of the service: lower-case letters, digits and hyphens. */
  name: string
  query?: Record<string, string>
  /** Where given, the request is a POST with this as JSON; else a GET. */
  body?: Record<string, unknown>
}

/** The host of HTTP tools: each is a service under `/tools/`. */
export interface ToolHost {
  /**
   * The answer's text.
   * @throws Problem 502 where the host fails or answers with more than 200,000 bytes, 504 past the deadline
   * @throws the signal's reason when it aborts first; the request is then closed
   */
  ask(request: HostRequest, signal: AbortSignal): Promise<string>
  readonly callsInFlight: number
  /** Connections made so far. */
  readonly connectionsMade: number
  close(): Promise<void>
}
