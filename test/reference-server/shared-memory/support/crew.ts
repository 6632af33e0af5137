import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Job, JobName, Outcome } from './hammer-jobs.ts'

/** Threads that do the same job at the same time. */
export class Crew {
  readonly #threads: Worker[]

  constructor(size: number) {
    this.#threads = Array.from({ length: size }, () => new Worker(new URL('./hammer-thread.ts', import.meta.url)))
  }

  /** Has all threads begin at once, each with its own index, and gives what each of them tells. */
  async run<Name extends JobName>(name: Name, given: Job<Name>): Promise<Outcome<Name>[]> {
    const gate = new SharedArrayBuffer(4)
    const orders = this.#threads.map(async (thread, index) => {
      thread.postMessage({ name, given, index, crew: this.#threads.length, gate })
      const [told] = await once(thread, 'message')
      if (told.failure) throw new Error(`thread ${index}: ${told.failure}`)
      return told.outcome
    })
    // Where one fails the others finish first, or they would answer the next order with this one's outcome.
    await Promise.allSettled(orders)
    return Promise.all(orders)
  }

  async end(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.terminate()))
  }
}
