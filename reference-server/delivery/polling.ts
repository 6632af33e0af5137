import type { Answer, Delivery, OnToken } from './port.ts'

/** How often a waiting side looks, and how long an outcome that nobody took is kept. */
export interface PollingTimes {
  intervalMs: number
  keptMs: number
}

const usualTimes: PollingTimes = { intervalMs: 50, keptMs: 60_000 }

interface CachedTurn {
  tokens: string[]
  storedMs: number
  outcome: { answer: Answer } | { error: unknown }
}

interface Poller {
  signal: AbortSignal
  onToken: OnToken | undefined
  resolve: (answer: Answer) => void
  reject: (error: unknown) => void
}

/**
 * The outcome goes to a response cache, where the waiting side looks for it at a fixed interval while its turn is in
 * flight; the tokens come with it, all at once. What nobody takes is cleaned up by age.
 */
class PollingDelivery implements Delivery {
  readonly #times: PollingTimes
  readonly #cache = new Map<number, CachedTurn>()
  readonly #tokens = new Map<number, string[]>()
  readonly #polls = new Map<number, NodeJS.Timeout>()
  readonly #sweep: NodeJS.Timeout

  constructor(times: PollingTimes) {
    this.#times = times
    this.#sweep = setInterval(() => this.#removeOld(), times.keptMs).unref()
  }

  get openChannels(): number {
    return this.#polls.size
  }

  receive(id: number, signal: AbortSignal, onToken?: OnToken): Promise<Answer> {
    if (signal.aborted) return Promise.reject(signal.reason)
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    const poller = { signal, onToken, resolve, reject }
    this.#polls.set(
      id,
      setInterval(() => this.#look(id, poller), this.#times.intervalMs),
    )
    signal.addEventListener('abort', () => {
      this.#stopPolling(id)
      reject(signal.reason)
    })
    return promise
  }

  token(id: number, text: string): void {
    const tokens = this.#tokens.get(id)
    if (tokens) tokens.push(text)
    else this.#tokens.set(id, [text])
  }

  complete(id: number, answer: Answer): void {
    this.#store(id, { answer })
  }

  fail(id: number, error: unknown): void {
    this.#store(id, { error })
  }

  close(): void {
    clearInterval(this.#sweep)
  }

  #store(id: number, outcome: CachedTurn['outcome']): void {
    this.#cache.set(id, { tokens: this.#tokens.get(id) ?? [], storedMs: performance.now(), outcome })
    this.#tokens.delete(id)
  }

  #look(id: number, { onToken, resolve, reject }: Poller): void {
    const found = this.#cache.get(id)
    if (!found) return
    this.#cache.delete(id)
    this.#stopPolling(id)
    if (onToken) found.tokens.forEach(onToken)
    if ('answer' in found.outcome) resolve(found.outcome.answer)
    else reject(found.outcome.error)
  }

  #stopPolling(id: number): void {
    clearInterval(this.#polls.get(id))
    this.#polls.delete(id)
  }

  #removeOld(): void {
    const oldestMs = performance.now() - this.#times.keptMs
    for (const [id, { storedMs }] of this.#cache) if (storedMs < oldestMs) this.#cache.delete(id)
  }
}

export const pollingDelivery = (times: PollingTimes = usualTimes): Delivery => new PollingDelivery(times)
