import type { ToolResult } from './port.ts'

/** How workers settle between them whether a result is still waited for, and which one of two is taken. */
export interface HandOver {
  open(): Promise<void>
  /** Makes it known that a call of this worker is waited for. */
  announce(callId: string): Promise<void>
  /** It is waited for no more. */
  withdraw(callId: string): Promise<void>
  /**
   * Publishes the result on its channel where it is the first for a call that is waited for.
   * @returns whether it was
   * @throws Problem 503 when that cannot be found out
   */
  deliver(result: ToolResult): Promise<boolean>
  close(): Promise<void>
}

/** Results go over channels of their own, so that a worker can listen to all of them or to one. */
export const resultPrefix = 'tool-result:'

export const resultChannel = (callId: string): string => `${resultPrefix}${callId}`

export const callOfChannel = (channel: string): string => channel.slice(resultPrefix.length)
