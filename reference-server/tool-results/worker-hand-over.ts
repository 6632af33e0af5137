import type { Bus, Subscription } from '../bus/port.ts'
import type { WorkerIdentity } from '../gateway/context.ts'
import { busy } from '../gateway/problems.ts'
import { type HandOver, resultChannel } from './hand-over.ts'
import type { ToolResult } from './port.ts'
import type { WaitingCalls } from './waiting-calls.ts'

interface Question {
  number: number
  asker: number
  callId: string
  /** Who reads it later than this is to say no: the asker will have stopped listening. */
  validUntilMs: number
}

interface Reply {
  number: number
  claimed: boolean
}

interface Pending {
  noes: number
  settle: (claimed: boolean) => void
}

/** How long a question is valid; the asker waits twice as long, so that a yes that was just in time reaches it. */
const questionMs = 2_000
const questions = 'tool-call-claim'
const repliesTo = (worker: number): string => `tool-call-claimed:${worker}`

/**
 * Without Redis: the worker that waits for a call decides. Whoever has a result looks at home first and then asks the
 * other workers; the first yes, or a no of each of them, is the answer.
 */
class WorkerHandOver implements HandOver {
  readonly #bus: Bus
  readonly #worker: WorkerIdentity
  readonly #calls: WaitingCalls
  readonly #pending = new Map<number, Pending>()
  #asked = 0
  #subscriptions: Subscription[] = []

  constructor(bus: Bus, worker: WorkerIdentity, calls: WaitingCalls) {
    this.#bus = bus
    this.#worker = worker
    this.#calls = calls
  }

  async open(): Promise<void> {
    if (this.#worker.count === 1) return
    this.#subscriptions = [
      await this.#bus.subscribe(questions, (_channel, text) => this.#reply(JSON.parse(text))),
      await this.#bus.subscribe(repliesTo(this.#worker.index), (_channel, text) => this.#take(JSON.parse(text))),
    ]
  }

  /** The others ask. */
  async announce(): Promise<void> {}

  async withdraw(): Promise<void> {}

  async deliver({ callId, content }: ToolResult): Promise<boolean> {
    const claimed = this.#calls.claim(callId) || (await this.#askOthers(callId))
    if (claimed) await this.#bus.publish(resultChannel(callId), content)
    return claimed
  }

  async close(): Promise<void> {
    await Promise.all(this.#subscriptions.map((each) => each.unsubscribe()))
  }

  async #askOthers(callId: string): Promise<boolean> {
    if (this.#worker.count === 1) return false
    const number = ++this.#asked
    const { promise, resolve, reject } = Promise.withResolvers<boolean>()
    this.#pending.set(number, { noes: 0, settle: resolve })
    const late = setTimeout(() => reject(busy('not every worker said whether it waits for the call')), 2 * questionMs)
    try {
      const question = { number, asker: this.#worker.index, callId, validUntilMs: Date.now() + questionMs }
      await this.#bus.publish(questions, JSON.stringify(question satisfies Question))
      return await promise
    } finally {
      clearTimeout(late)
      this.#pending.delete(number)
    }
  }

  #reply({ number, asker, callId, validUntilMs }: Question): void {
    if (asker === this.#worker.index) return
    const claimed = Date.now() <= validUntilMs && this.#calls.claim(callId)
    const reply: Reply = { number, claimed }
    // It fails only where the gateway shuts down, and then the asker hears by its deadline.
    this.#bus.publish(repliesTo(asker), JSON.stringify(reply)).catch(() => {})
  }

  #take({ number, claimed }: Reply): void {
    const pending = this.#pending.get(number)
    if (!pending) return
    if (!claimed) pending.noes += 1
    if (claimed || pending.noes === this.#worker.count - 1) pending.settle(claimed)
  }
}

export const workerHandOver = (bus: Bus, worker: WorkerIdentity, calls: WaitingCalls): HandOver =>
  new WorkerHandOver(bus, worker, calls)
