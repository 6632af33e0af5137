import type { GatewayConfig } from '../gateway/config.ts'
import { busy } from '../gateway/problems.ts'
import type { Admission } from './port.ts'
import { type PermitsMemory, SharedPermits } from './shared-permits.ts'

interface Waiter {
  enter: () => void
  refuse: (reason: unknown) => void
}

type Limits = Pick<GatewayConfig, 'permits' | 'waitingTurns'>

const shuttingDown = () => busy('the gateway is shutting down')

/**
 * One bound and one queue for all workers of a gateway: whoever came first at any of them is admitted first. What it
 * counts (`inUse`, `waiting`) is this worker's part.
 */
class AdmissionAcrossWorkers implements Admission {
  readonly #limits: Limits
  readonly #permits: SharedPermits
  /** By ticket. */
  readonly #waiters = new Map<number, Waiter>()
  #inUse = 0
  #isListening = false
  #closed = false

  constructor(limits: Limits, permits: SharedPermits) {
    this.#limits = limits
    this.#permits = permits
  }

  get inUse(): number {
    return this.#inUse
  }

  get waiting(): number {
    return this.#waiters.size
  }

  admit(signal: AbortSignal): Promise<void> | undefined {
    signal.throwIfAborted()
    if (this.#closed) throw shuttingDown()
    const ticket = this.#permits.take(this.#limits.permits, this.#limits.waitingTurns)
    if (ticket === undefined) {
      const { inUse, waiting } = this.#permits.counts
      throw busy(`${inUse} turns are in flight and ${waiting} wait; try again later`)
    }
    if (ticket > 0) return this.#wait(ticket, signal)
    this.#inUse += 1
    return undefined
  }

  release(): void {
    this.#inUse -= 1
    this.#permits.release()
    this.#enterGranted()
  }

  close(): void {
    this.#closed = true
    for (const waiter of this.#waiters.values()) waiter.refuse(shuttingDown())
    this.#permits.wake()
  }

  #wait(ticket: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const leave = (): void => refuse(signal.reason)
    const settle = (): void => {
      this.#waiters.delete(ticket)
      signal.removeEventListener('abort', leave)
    }
    const enter = (): void => {
      settle()
      this.#inUse += 1
      resolve()
    }
    const refuse = (reason: unknown): void => {
      settle()
      this.#permits.leave(ticket)
      reject(reason)
    }
    this.#waiters.set(ticket, { enter, refuse })
    signal.addEventListener('abort', leave)
    void this.#listen()
    return promise
  }

  /** Lets turns in whose permits other workers give back, for as long as any wait here. */
  async #listen(): Promise<void> {
    if (this.#isListening) return
    this.#isListening = true
    while (this.#waiters.size > 0) {
      const seen = this.#permits.wakes
      this.#enterGranted()
      if (this.#waiters.size > 0) await this.#permits.woken(seen)
    }
    this.#isListening = false
  }

  #enterGranted(): void {
    if (this.#waiters.size === 0) return
    for (const ticket of this.#permits.collect()) this.#waiters.get(ticket)?.enter()
  }
}

export const admissionAcrossWorkers = (limits: Limits, memory: PermitsMemory, worker: number): Admission =>
  new AdmissionAcrossWorkers(limits, new SharedPermits(memory, worker))
