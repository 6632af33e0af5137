import type { ToolCall } from '../tools/port.ts'
import type { Answer, Delivery, TurnListener } from './port.ts'

interface Channel {
  resolve: (answer: Answer) => void
  reject: (error: unknown) => void
  listener: TurnListener | undefined
}

/** The outcome wakes the waiting side at once; tokens are passed on as they come. */
class OneShotDelivery implements Delivery {
  readonly looks = 0
  readonly #channels = new Map<number, Channel>()

  get openChannels(): number {
    return this.#channels.size
  }

  receive(id: number, signal: AbortSignal, listener?: TurnListener): Promise<Answer> {
    if (signal.aborted) return Promise.reject(signal.reason)
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    this.#channels.set(id, { resolve, reject, listener })
    // The signal lives no longer than its turn, and failing a channel that is gone does nothing: no need to unsubscribe.
    signal.addEventListener('abort', () => this.fail(id, signal.reason))
    return promise
  }

  token(id: number, text: string): boolean {
    return this.#channels.get(id)?.listener?.onToken(text) ?? true
  }

  whenReady(id: number, resume: () => void): void {
    const listener = this.#channels.get(id)?.listener
    if (listener) listener.whenReady(resume)
    else resume()
  }

  toolCall(id: number, call: ToolCall): void {
    this.#channels.get(id)?.listener?.onToolCall(call)
  }

  complete(id: number, answer: Answer): void {
    this.#take(id)?.resolve(answer)
  }

  fail(id: number, error: unknown): void {
    this.#take(id)?.reject(error)
  }

  /** Nothing runs in the background. */
  close(): void {}

  #take(id: number): Channel | undefined {
    const channel = this.#channels.get(id)
    this.#channels.delete(id)
    return channel
  }
}

export const oneShotDelivery = (): Delivery => new OneShotDelivery()
