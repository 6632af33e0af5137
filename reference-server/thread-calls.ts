import type { MessagePort } from 'node:worker_threads'
import { messageOf } from './errors.ts'
import { Problem } from './gateway/problems.ts'

/** Methods that can be called from another thread: arguments and results are copied. */
// biome-ignore lint/suspicious/noExplicitAny: only `any` takes methods of whatever arguments
export type Callable<T> = { [Name in keyof T]: (...args: any[]) => unknown }

interface Call {
  id: number
  method: string
  args: unknown[]
}

type Outcome = { id: number; result: unknown } | { id: number; error: Failure }

/** What survives of an error on its way to another thread. */
export interface Failure {
  message: string
  /** Of a Problem. */
  status?: number | undefined
  retryAfterS?: number | undefined
}

export const failureOf = (thrown: unknown): Failure => {
  const message = messageOf(thrown)
  return thrown instanceof Problem ? { message, status: thrown.status, retryAfterS: thrown.retryAfterS } : { message }
}

export const errorOf = ({ message, status, retryAfterS }: Failure): Error => {
  if (status === undefined) return new Error(message)
  return new Problem(status, message, retryAfterS === undefined ? {} : { retryAfterS })
}

/** Lets whoever holds the other end of `port` call these methods, in the order in which it calls. */
export const serveCalls = <T extends Callable<T>>(target: T, port: MessagePort): void => {
  port.on('message', async ({ id, method, args }: Call) => {
    let outcome: Outcome
    try {
      outcome = { id, result: await target[method as keyof T](...args) }
    } catch (error) {
      outcome = { id, error: failureOf(error) }
    }
    port.postMessage(outcome)
  })
}

/** The other end: calls methods of an object that lives in another thread. */
export class ThreadCalls<T extends Callable<T>> {
  readonly #port: MessagePort
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>()
  #lastId = 0
  #isClosed = false

  constructor(port: MessagePort) {
    this.#port = port
    port.on('message', (outcome: Outcome) => this.#settle(outcome))
    port.once('close', () => this.#failAll())
    // Calls under way keep the thread alive, an idle port does not.
    port.unref()
  }

  /** Calls made and not answered yet. */
  get pending(): number {
    return this.#waiting.size
  }

  /** Calls ever made. */
  get sent(): number {
    return this.#lastId
  }

  /** @throws what the method threw (a Problem stays one), or an Error when the other thread goes away */
  call<Name extends keyof T & string>(
    method: Name,
    ...args: Parameters<T[Name]>
  ): Promise<Awaited<ReturnType<T[Name]>>> {
    if (this.#isClosed) return Promise.reject(goneAway())
    const id = ++this.#lastId
    const waiting = Promise.withResolvers<unknown>()
    if (this.#waiting.size === 0) this.#port.ref()
    this.#waiting.set(id, waiting)
    this.#port.postMessage({ id, method, args } satisfies Call)
    return waiting.promise as Promise<Awaited<ReturnType<T[Name]>>>
  }

  close(): void {
    this.#port.close()
  }

  #settle(outcome: Outcome): void {
    const waiting = this.#waiting.get(outcome.id)
    this.#waiting.delete(outcome.id)
    if (this.#waiting.size === 0) this.#port.unref()
    if ('error' in outcome) waiting?.reject(errorOf(outcome.error))
    else waiting?.resolve(outcome.result)
  }

  #failAll(): void {
    this.#isClosed = true
    for (const { reject } of this.#waiting.values()) reject(goneAway())
    this.#waiting.clear()
  }
}

const goneAway = (): Error => new Error('the thread that was asked has gone away')
