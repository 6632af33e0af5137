import type { Eventual } from '../state/port.ts'

/** What agents remember beyond a session. The memory service wants to be greeted before it answers, which takes it a while. */
export interface Memory {
  open(): Promise<void>
  /**
   * What is remembered for a prompt. Nothing while the service is not ready or fails: a turn can do without. An outage
   * is logged once, and the service left alone for a while that grows with each failure, from 100 ms to 10 s.
   * @throws the signal's reason when it aborts first
   */
  recall(agent: string, query: string, signal: AbortSignal): Eventual<readonly string[]>
  /** There is a service, and it was greeted. */
  readonly ready: boolean
  readonly callsInFlight: number
  close(): Promise<void>
}
