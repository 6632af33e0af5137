import type { Write } from './port.ts'

/** A batch is committed when it is full or this old, whichever comes first. */
export interface BatchLimits {
  writes: number
  ageMs: number
}

interface Batch {
  writes: Write[]
  timer: NodeJS.Timeout
  committed: PromiseWithResolvers<void>
}

/** Gathers writes into batches and hands these to `commit` in order. All writes of a batch share its fate. */
export class Batches {
  readonly #limits: BatchLimits
  readonly #commit: (writes: Write[]) => Promise<void>
  #open: Batch | undefined
  #pending = 0
  #last: Promise<unknown> = Promise.resolve()

  constructor(limits: BatchLimits, commit: (writes: Write[]) => Promise<void>) {
    this.#limits = limits
    this.#commit = commit
  }

  /** Writes added and not yet committed. */
  get pending(): number {
    return this.#pending
  }

  /** Resolves or fails with the batch that the write went into. */
  add(write: Write): Promise<void> {
    const batch = (this.#open ??= this.#begin())
    this.#pending += 1
    if (batch.writes.push(write) >= this.#limits.writes) this.#send()
    return batch.committed.promise
  }

  /** Sends what is gathered and resolves when nothing is on its way any more; failures are the writers' to hear of. */
  async flush(): Promise<void> {
    this.#send()
    await this.#last
  }

  #begin(): Batch {
    const timer = setTimeout(() => this.#send(), this.#limits.ageMs)
    return { writes: [], timer, committed: Promise.withResolvers<void>() }
  }

  #send(): void {
    const batch = this.#open
    if (!batch) return
    this.#open = undefined
    clearTimeout(batch.timer)
    const done = this.#commit(batch.writes).finally(() => {
      this.#pending -= batch.writes.length
    })
    done.then(batch.committed.resolve, batch.committed.reject)
    this.#last = Promise.allSettled([this.#last, done])
  }
}
