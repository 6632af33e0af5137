import type { Dispatcher } from 'undici'
import { messageOf } from '../errors.ts'
import { deadlinePassed, upstreamFailed } from '../gateway/problems.ts'

/** What a call ends by at the latest. */
export interface CallLimits {
  /** For messages: `the model`. */
  service: string
  signal: AbortSignal
  /** The whole call has to end within this time, whoever is waited for. */
  deadlineMs: number
}

/** What a call sends. */
export type SentRequest = Pick<Dispatcher.DispatchOptions, 'method' | 'path' | 'headers' | 'body'>

/**
 * One call over HTTP, written on the client's dispatch interface because it is the hottest path of the gateway. However
 * it ends early (deadline, signal, an error while the body is read), the request is closed at once. What becomes of the
 * answer is what differs: whoever extends this takes it, and says when it is there.
 */
export abstract class TimelyCall<T> implements Dispatcher.DispatchHandler {
  readonly #limits: CallLimits
  readonly #settled = Promise.withResolvers<T>()
  #timer: NodeJS.Timeout | undefined
  #controller: Dispatcher.DispatchController | undefined
  #error: unknown

  constructor(limits: CallLimits) {
    this.#limits = limits
  }

  /**
   * Sends the request, once, and resolves with what `succeed` is called with.
   * @throws Problem 502 for a failed connection, 504 past the deadline; else the signal's reason, or what `fail` or
   *   `giveUp` is called with
   */
  send(dispatcher: Dispatcher, request: SentRequest): Promise<T> {
    const { signal, deadlineMs } = this.#limits
    if (signal.aborted) return Promise.reject(signal.reason)
    this.#timer = setTimeout(() => this.giveUp(this.#late()), deadlineMs)
    signal.addEventListener('abort', this.#onAbort)
    // The deadline is the call's own: undici's timers would be two more.
    dispatcher.dispatch({ ...request, headersTimeout: 0, bodyTimeout: 0 }, this)
    return this.#settled.promise
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#error !== undefined) controller.abort(new Error('given up before it was sent'))
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.fail(upstreamFailed(`the call to ${this.#limits.service} failed: ${messageOf(error)}`, error))
  }

  /** Reads on when the receiver calls back. The deadline holds while nothing is read. */
  protected pause(receiver: { whenReady(resume: () => void): void }): void {
    this.#controller?.pause()
    receiver.whenReady(() => this.#controller?.resume())
  }

  protected succeed(result: T): void {
    this.#release()
    this.#settled.resolve(result)
  }

  protected fail(error: unknown): void {
    this.#error ??= error
    this.#release()
    this.#settled.reject(error)
  }

  /** Fails, and closes the request. */
  protected giveUp(error: unknown): void {
    this.fail(error)
    this.#controller?.abort(new Error('given up'))
  }

  readonly #onAbort = (): void => this.giveUp(this.#limits.signal.reason)

  #late(): Error {
    const { service, deadlineMs } = this.#limits
    return deadlinePassed(`${service} did not answer within ${deadlineMs} ms`)
  }

  #release(): void {
    clearTimeout(this.#timer)
    this.#limits.signal.removeEventListener('abort', this.#onAbort)
  }
}
