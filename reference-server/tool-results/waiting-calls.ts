import { upstreamFailed } from '../gateway/problems.ts'
import type { ToolResult } from './port.ts'

interface WaitingCall {
  /** A result for it is on its way; a second one comes too late. */
  claimed: boolean
  resolve: (result: ToolResult) => void
  reject: (reason: unknown) => void
}

/** The calls that turns of this worker wait for. */
export class WaitingCalls {
  readonly #calls = new Map<string, WaitingCall>()

  get size(): number {
    return this.#calls.size
  }

  get ids(): string[] {
    return [...this.#calls.keys()]
  }

  /**
   * Waits until the call is settled by one of the below, or by the signal.
   * @throws Problem 502 when it is waited for already
   */
  add(callId: string, signal: AbortSignal): Promise<ToolResult> {
    if (this.#calls.has(callId)) throw upstreamFailed(`the model made two calls with the id ${callId}`)
    const { promise, resolve, reject } = Promise.withResolvers<ToolResult>()
    const onAbort = (): void => this.giveUp(callId, signal.reason)
    this.#calls.set(callId, { claimed: false, resolve, reject })
    signal.addEventListener('abort', onAbort)
    return promise.finally(() => signal.removeEventListener('abort', onAbort))
  }

  /** True for the first who asks while the call is waited for. */
  claim(callId: string): boolean {
    const call = this.#calls.get(callId)
    if (!call || call.claimed) return false
    call.claimed = true
    return true
  }

  resolve(result: ToolResult): void {
    this.#take(result.callId)?.resolve(result)
  }

  giveUp(callId: string, reason: unknown): void {
    this.#take(callId)?.reject(reason)
  }

  giveUpAll(reason: unknown): void {
    for (const callId of this.ids) this.giveUp(callId, reason)
  }

  #take(callId: string): WaitingCall | undefined {
    const call = this.#calls.get(callId)
    this.#calls.delete(callId)
    return call
  }
}
