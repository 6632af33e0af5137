import type { GatewayConfig } from '../gateway/config.ts'
import type { WorkerIdentity } from '../gateway/context.ts'
import { busy } from '../gateway/problems.ts'
import { admissionAcrossWorkers } from './across-workers.ts'
import type { Admission } from './port.ts'
import type { PermitsMemory } from './shared-permits.ts'

interface Waiter {
  enter: () => void
  refuse: (reason: unknown) => void
}

type Limits = Pick<GatewayConfig, 'permits' | 'waitingTurns'>

/** What admission is made from. */
export interface AdmissionContext {
  config: Limits
  worker: WorkerIdentity
  shared: { permits: PermitsMemory } | undefined
}

/** A counting semaphore with a bounded queue, first come, first served. */
class BoundedAdmission implements Admission {
  readonly #limits: Limits
  /** A set keeps the order of arrival and lets one leave from the middle. */
  readonly #waiters = new Set<Waiter>()
  #inUse = 0
  #closed = false

  constructor(limits: Limits) {
    this.#limits = limits
  }

  get inUse(): number {
    return this.#inUse
  }

  get waiting(): number {
    return this.#waiters.size
  }

  admit(signal: AbortSignal): Promise<void> | undefined {
    signal.throwIfAborted()
    if (this.#closed) throw busy('the gateway is shutting down')
    if (this.#inUse < this.#limits.permits) {
      this.#inUse += 1
      return undefined
    }
    if (this.#waiters.size >= this.#limits.waitingTurns) {
      throw busy(`${this.#inUse} turns are in flight and ${this.#waiters.size} wait; try again later`)
    }
    return this.#wait(signal)
  }

  /** The permit goes straight to the first that waits, so that none who comes later can overtake it. */
  release(): void {
    const [first] = this.#waiters
    if (first) first.enter()
    else this.#inUse -= 1
  }

  close(): void {
    this.#closed = true
    for (const waiter of this.#waiters) waiter.refuse(busy('the gateway is shutting down'))
  }

  #wait(signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const leave = (): void => waiter.refuse(signal.reason)
    const settle = (): void => {
      this.#waiters.delete(waiter)
      signal.removeEventListener('abort', leave)
    }
    const waiter: Waiter = {
      enter: () => {
        settle()
        resolve()
      },
      refuse: (reason) => {
        settle()
        reject(reason)
      },
    }
    this.#waiters.add(waiter)
    signal.addEventListener('abort', leave)
    return promise
  }
}

/** For whatever is bounded within one worker. */
export const boundedAdmission = (limits: Limits): Admission => new BoundedAdmission(limits)

/** For turns: the bound is the gateway's, however many workers it has. */
export const boundedTurns = ({ config, worker, shared }: AdmissionContext): Admission =>
  shared ? admissionAcrossWorkers(config, shared.permits, worker.index) : boundedAdmission(config)
