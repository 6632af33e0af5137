/** What the oracle saw of one request. Times are CLOCK_MONOTONIC ms. */
export interface OracleEntry {
  /** The header `x-id` of the request (its text frame on a WebSocket); -1 where none came. */
  id: number
  arrivedMs: number
  /** When each token was to be released; one for an answer that is no stream. */
  plannedMs: number[]
  /** When it was handed to the socket: read right before the write. Shorter than `plannedMs` where the peer was gone. */
  releasedMs: number[]
}

export interface OracleLog {
  entries: OracleEntry[]
  /** Time that the oracle's main thread waited for a CPU that ran others, ms; NaN where the system does not tell. */
  cpuWaitMs: number
}

/** Everything was answered whole. */
export const isWhole = ({ plannedMs, releasedMs }: OracleEntry): boolean => plannedMs.length === releasedMs.length
