import { createHash } from 'node:crypto'
import { BroadcastChannel } from 'node:worker_threads'
import { errorOf, type Failure, failureOf } from '../thread-calls.ts'

/** What a worker can be asked by the others, by name. */
export type Answers = Record<string, (question: unknown) => unknown>

interface Question {
  id: number
  from: number
  /** A worker's index; undefined: all others. */
  to: number | undefined
  name: string
  question: unknown
}

type Reply =
  | { id: number; from: number; to: number; answer: unknown }
  | { id: number; from: number; to: number; error: Failure }

interface Asking extends Pick<Question, 'to' | 'name' | 'question'> {
  whom: number[]
  patienceMs: number
}

interface Waiting {
  left: Set<number>
  answers: unknown[]
  resolve: (answers: unknown[]) => void
  reject: (error: unknown) => void
  timer: NodeJS.Timeout
}

/** Whoever only wants to know does without a worker that is busy for this long. */
const usualPatienceMs = 2_000

/**
 * The workers of one process, as each of them sees the others: questions and answers over a BroadcastChannel, which
 * needs nobody in the middle. With one worker there is nobody to ask, and no channel is opened.
 */
export class Peers {
  /** This worker's own, from 0. */
  readonly index: number
  /** How many there are, this one included. */
  readonly count: number
  readonly #channel: BroadcastChannel | undefined
  readonly #answers: Answers = {}
  readonly #waiting = new Map<number, Waiting>()
  #lastId = 0

  /** @param channel names the process's channel; workers of two gateways in one process must not meet */
  constructor(index: number, count: number, channel = 'gateway-workers') {
    this.index = index
    this.count = count
    if (count === 1) return
    this.#channel = new BroadcastChannel(channel)
    this.#channel.onmessage = (event) => this.#hear((event as { data: Question | Reply }).data)
  }

  /** Says how a question with this name is answered here. */
  answer(name: string, answer: (question: unknown) => unknown): void {
    this.#answers[name] = answer
  }

  /** The worker at which something with this name is done that is to be done at one place: the same for all who ask. */
  workerFor(name: string): number {
    return this.count === 1 ? this.index : createHash('sha1').update(name).digest().readUInt32BE() % this.count
  }

  /**
   * Asks all others. Those that do not answer in time are left out.
   * @returns one answer each, in no order
   */
  askOthers(name: string, question?: unknown, patienceMs = usualPatienceMs): Promise<unknown[]> {
    const others = Array.from({ length: this.count }, (_, index) => index).filter((index) => index !== this.index)
    return this.#ask({ whom: others, to: undefined, name, question, patienceMs })
  }

  /** Asks one; undefined where it does not answer in time. */
  async askOne(worker: number, name: string, question: unknown, patienceMs = usualPatienceMs): Promise<unknown> {
    const [answer] = await this.#ask({ whom: [worker], to: worker, name, question, patienceMs })
    return answer
  }

  close(): void {
    this.#channel?.close()
    for (const waiting of this.#waiting.values()) this.#settle(waiting)
    this.#waiting.clear()
  }

  #ask({ whom, to, name, question, patienceMs }: Asking): Promise<unknown[]> {
    if (whom.length === 0 || !this.#channel) return Promise.resolve([])
    const id = ++this.#lastId
    const { promise, resolve, reject } = Promise.withResolvers<unknown[]>()
    const timer = setTimeout(() => this.#finish(id), patienceMs)
    this.#waiting.set(id, { left: new Set(whom), answers: [], resolve, reject, timer })
    this.#channel.postMessage({ id, from: this.index, to, name, question } satisfies Question)
    return promise
  }

  #hear(message: Question | Reply): void {
    if (message.to !== undefined && message.to !== this.index) return
    if ('name' in message) void this.#reply(message)
    else this.#take(message)
  }

  async #reply({ id, from, name, question }: Question): Promise<void> {
    const address = { id, from: this.index, to: from }
    let reply: Reply
    try {
      reply = { ...address, answer: await this.#answers[name]?.(question) }
    } catch (error) {
      reply = { ...address, error: failureOf(error) }
    }
    this.#channel?.postMessage(reply)
  }

  #take(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id)
    if (!waiting?.left.delete(reply.from)) return
    if ('error' in reply) {
      this.#waiting.delete(reply.id)
      clearTimeout(waiting.timer)
      waiting.reject(errorOf(reply.error))
      return
    }
    waiting.answers.push(reply.answer)
    if (waiting.left.size === 0) this.#finish(reply.id)
  }

  #finish(id: number): void {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (waiting) this.#settle(waiting)
  }

  #settle({ timer, resolve, answers }: Waiting): void {
    clearTimeout(timer)
    resolve(answers)
  }
}
