import { logFailure } from './errors.ts'

/** Says that something fails, and later that it works again, once each: an outage is two lines, however long it lasts. */
export class Outage {
  readonly #what: string
  #lasting = false

  /** @param what for the log: `the session log cannot be written` */
  constructor(what: string) {
    this.#what = what
  }

  failed(error: unknown): void {
    if (!this.#lasting) logFailure(this.#what, error)
    this.#lasting = true
  }

  worked(): void {
    if (this.#lasting) logFailure(this.#what, 'it works again')
    this.#lasting = false
  }
}
