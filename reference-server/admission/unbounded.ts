import { busy } from '../gateway/problems.ts'
import type { Admission } from './port.ts'

/** No bound: every turn is in flight as soon as it comes, however many there are. They are counted all the same. */
class UnboundedAdmission implements Admission {
  readonly waiting = 0
  #inUse = 0
  #closed = false

  get inUse(): number {
    return this.#inUse
  }

  admit(signal: AbortSignal): undefined {
    signal.throwIfAborted()
    if (this.#closed) throw busy('the gateway is shutting down')
    this.#inUse += 1
  }

  release(): void {
    this.#inUse -= 1
  }

  close(): void {
    this.#closed = true
  }
}

export const unboundedAdmission = (): Admission => new UnboundedAdmission()
