import type { Expiry, ExpiryNeeds } from './port.ts'

/** Sessions ended at once; a backlog takes several rounds of one attempt. */
const mostAtOnce = 500

/** How long to wait until the next attempt, in ms, after one that failed with `failure` or, without, did not. */
export type NextWait = (failure?: unknown) => number

/** Looks for idle sessions again and again. What becomes of failures, and when the next attempt is, is `nextWait`'s. */
export class Sweeper implements Expiry {
  readonly #needs: ExpiryNeeds
  readonly #nextWait: NextWait
  #timer: NodeJS.Timeout | undefined
  #attempt: Promise<void> | undefined
  readonly #closed = Promise.withResolvers<void>()
  #isClosed = false
  expired = 0
  attempts = 0
  failures = 0
  failuresLogged = 0

  constructor(needs: ExpiryNeeds, nextWait: NextWait) {
    this.#needs = needs
    this.#nextWait = nextWait
  }

  start(): void {
    this.#sleep(this.#needs.config.expiryEveryMs)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    this.#closed.resolve()
    await this.#attempt
  }

  #sleep(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#attempt = this.#run()
    }, ms).unref()
  }

  async #run(): Promise<void> {
    this.attempts += 1
    const waitMs = await this.#sweep().then(
      () => this.#nextWait(),
      (error) => {
        this.failures += 1
        return this.#nextWait(error)
      },
    )
    if (!this.#isClosed) this.#sleep(waitMs)
  }

  async #sweep(): Promise<void> {
    const beforeMs = Date.now() - this.#needs.config.idleTimeoutMs
    for (;;) {
      const keys = await this.#needs.store.idleSessions(beforeMs, mostAtOnce)
      const ended = Promise.all(keys.map((key) => this.#end(key, beforeMs)))
      // Changes wait while the database is away; a gateway that closes does not wait with them.
      const outcomes = await Promise.race([ended, this.#closed.promise])
      if (!outcomes?.some(Boolean) || keys.length < mostAtOnce) return
    }
  }

  async #end(key: string, idleSinceMs: number): Promise<boolean> {
    if (!(await this.#needs.forgetIdle(key, idleSinceMs))) return false
    await this.#needs.store.write({ kind: 'end-session', key, idleSinceMs })
    this.expired += 1
    return true
  }
}
