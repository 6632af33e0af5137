import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'
import type { Dispatcher } from 'undici'
import { messageOf } from '../errors.ts'
import { deadlinePassed, type Problem, upstreamFailed } from '../gateway/problems.ts'
import { responseHeaders } from './headers.ts'

export interface AnswerHead {
  status: number
  statusText: string
  headers: OutgoingHttpHeaders
}

/** Takes the answer of the model's server. */
export interface AnswerReceiver {
  onHead(head: AnswerHead): void
  /** @returns false where nothing more is to be read until `whenReady` calls back */
  onBody(chunk: Buffer): boolean
  whenReady(resume: () => void): void
}

/** One request on its way through: its answer goes to the receiver as it comes, whatever its status. */
export class Passage implements Dispatcher.DispatchHandler {
  readonly #receiver: AnswerReceiver
  readonly #signal: AbortSignal
  readonly #settled = Promise.withResolvers<void>()
  readonly #timer: NodeJS.Timeout
  #controller: Dispatcher.DispatchController | undefined
  #error: unknown

  /** @param deadlineMs for all of it, a client that reads slowly included */
  constructor(receiver: AnswerReceiver, signal: AbortSignal, deadlineMs: number) {
    this.#receiver = receiver
    this.#signal = signal
    const late = (): Problem => deadlinePassed(`the model did not answer within ${deadlineMs} ms`)
    this.#timer = setTimeout(() => this.#giveUp(late()), deadlineMs)
    signal.addEventListener('abort', this.#onAbort)
  }

  /** Resolves when the answer was received to its end. */
  get outcome(): Promise<void> {
    return this.#settled.promise
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#error !== undefined) controller.abort(new Error('given up before it was sent'))
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
    statusText = '',
  ): void {
    // A provisional answer is no answer.
    if (status < 200) return
    this.#receive(() => this.#receiver.onHead({ status, statusText, headers: responseHeaders(headers) }))
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#receive(() => {
      if (this.#receiver.onBody(chunk)) return
      controller.pause()
      this.#receiver.whenReady(() => controller.resume())
    })
  }

  onResponseEnd(): void {
    this.#settle(() => this.#settled.resolve())
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(upstreamFailed(`the call to the model failed: ${messageOf(error)}`, error))
  }

  readonly #onAbort = (): void => this.#giveUp(this.#signal.reason)

  /** What a receiver cannot take, such as a status text that is none, is the answer's fault. */
  #receive(take: () => void): void {
    try {
      take()
    } catch (error) {
      this.#giveUp(upstreamFailed(`the model's answer cannot be passed on: ${messageOf(error)}`, error))
    }
  }

  #giveUp(error: unknown): void {
    this.#fail(error)
    this.#controller?.abort(new Error('given up'))
  }

  #fail(error: unknown): void {
    this.#error ??= error
    this.#settle(() => this.#settled.reject(error))
  }

  #settle(settle: () => void): void {
    clearTimeout(this.#timer)
    this.#signal.removeEventListener('abort', this.#onAbort)
    settle()
  }
}
