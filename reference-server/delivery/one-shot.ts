import type { Answer, Delivery, OnToken } from './port.ts'

interface Channel {
  resolve: (answer: Answer) => void
  reject: (error: unknown) => void
  onToken: OnToken | undefined
  tokens: number
}

/** The outcome wakes the waiting side at once; tokens are passed on as they come. */
class OneShotDelivery implements Delivery {
  readonly #channels = new Map<number, Channel>()

  get openChannels(): number {
    return this.#channels.size
  }

  receive(id: number, signal: AbortSignal, onToken?: OnToken): Promise<Answer> {
    if (signal.aborted) return Promise.reject(signal.reason)
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    this.#channels.set(id, { resolve, reject, onToken, tokens: 0 })
    // The signal lives no longer than its turn, and failing a channel that is gone does nothing: no need to unsubscribe.
    signal.addEventListener('abort', () => this.fail(id, signal.reason))
    return promise
  }

  token(id: number, text: string): void {
    const channel = this.#channels.get(id)
    channel?.onToken?.(text, channel.tokens++)
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
