import type { ToolCall } from '../tools/port.ts'
import type { Answer, Delivery, TurnListener } from './port.ts'

/** How often a waiting side looks, and how long an outcome that nobody took is kept. */
export interface PollingTimes {
  intervalMs: number
  keptMs: number
}

const usualTimes: PollingTimes = { intervalMs: 50, keptMs: 60_000 }

/** What the making side has put into the response cache and nobody has looked at yet. */
interface CachedTurn {
  told: ((listener: TurnListener) => void)[]
  storedMs: number
  outcome: { answer: Answer } | { error: unknown } | undefined
}

interface Poller {
  listener: TurnListener | undefined
  resolve: (answer: Answer) => void
  reject: (error: unknown) => void
}

/**
 * All that is made of a turn goes to a response cache, where the waiting side looks for it at a fixed interval while its
 * turn is in flight. What nobody takes is cleaned up by age.
 */
class PollingDelivery implements Delivery {
  readonly #times: PollingTimes
  readonly #cache = new Map<number, CachedTurn>()
  readonly #polls = new Map<number, NodeJS.Timeout>()
  readonly #sweep: NodeJS.Timeout
  looks = 0

  constructor(times: PollingTimes) {
    this.#times = times
    this.#sweep = setInterval(() => this.#removeOld(), times.keptMs).unref()
  }

  get openChannels(): number {
    return this.#polls.size
  }

  receive(id: number, signal: AbortSignal, listener?: TurnListener): Promise<Answer> {
    if (signal.aborted) return Promise.reject(signal.reason)
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    const poller = { listener, resolve, reject }
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

  /** The cache takes whatever comes. */
  token(id: number, text: string): boolean {
    this.#entry(id).told.push((listener) => listener.onToken(text))
    return true
  }

  whenReady(_id: number, resume: () => void): void {
    resume()
  }

  toolCall(id: number, call: ToolCall): void {
    this.#entry(id).told.push((listener) => listener.onToolCall(call))
  }

  complete(id: number, answer: Answer): void {
    this.#entry(id).outcome = { answer }
  }

  fail(id: number, error: unknown): void {
    this.#entry(id).outcome = { error }
  }

  close(): void {
    clearInterval(this.#sweep)
  }

  #entry(id: number): CachedTurn {
    const present = this.#cache.get(id)
    if (present) return present
    const made: CachedTurn = { told: [], storedMs: performance.now(), outcome: undefined }
    this.#cache.set(id, made)
    return made
  }

  #look(id: number, { listener, resolve, reject }: Poller): void {
    this.looks += 1
    const found = this.#cache.get(id)
    if (!found) return
    const told = found.told.splice(0)
    if (listener) for (const tell of told) tell(listener)
    if (!found.outcome) return
    this.#cache.delete(id)
    this.#stopPolling(id)
    if ('answer' in found.outcome) resolve(found.outcome.answer)
    else reject(found.outcome.error)
  }

  #stopPolling(id: number): void {
    clearInterval(this.#polls.get(id))
    this.#polls.delete(id)
  }

  /** A turn that somebody still polls for is no leftover, however long it takes. */
  #removeOld(): void {
    const oldestMs = performance.now() - this.#times.keptMs
    for (const [id, { storedMs }] of this.#cache)
      if (storedMs < oldestMs && !this.#polls.has(id)) this.#cache.delete(id)
  }
}

export const pollingDelivery = (times: PollingTimes = usualTimes): Delivery => new PollingDelivery(times)
