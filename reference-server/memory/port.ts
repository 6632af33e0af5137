import type { Eventual } from '../state/port.ts'

/** What agents remember beyond a session. The memory service wants to be greeted before it answers. */
export interface Memory {
  open(): Promise<void>
  /**
   * What is remembered for a prompt; nothing while the service is not ready yet or has failed, which is logged once.
   * @throws the signal's reason when it aborts first
   */
  recall(agent: string, query: string, signal: AbortSignal): Eventual<readonly string[]>
  readonly ready: boolean
  close(): Promise<void>
}
