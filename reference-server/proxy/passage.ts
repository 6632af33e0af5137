import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'
import type { Dispatcher } from 'undici'
import { messageOf } from '../errors.ts'
import type { Lifecycle } from '../gateway/lifecycle.ts'
import { upstreamFailed } from '../gateway/problems.ts'
import { type CallLimits, TimelyCall } from '../upstream/timely-call.ts'
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
export class Passage extends TimelyCall<void> {
  readonly #receiver: AnswerReceiver
  readonly #lifecycle: Lifecycle

  constructor(receiver: AnswerReceiver, lifecycle: Lifecycle, limits: CallLimits) {
    super(limits)
    this.#receiver = receiver
    this.#lifecycle = lifecycle
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
    statusText = '',
  ): void {
    // A provisional answer is no answer.
    if (status < 200) return
    this.#lifecycle.mark('first-byte')
    this.#receive(() => this.#receiver.onHead({ status, statusText, headers: responseHeaders(headers) }))
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#receive(() => {
      if (!this.#receiver.onBody(chunk)) this.pause(this.#receiver)
    })
  }

  onResponseEnd(): void {
    this.succeed()
  }

  /** What a receiver cannot take, such as a status text that is none, is the answer's fault. */
  #receive(take: () => void): void {
    try {
      take()
    } catch (error) {
      this.giveUp(upstreamFailed(`the model's answer cannot be passed on: ${messageOf(error)}`, error))
    }
  }
}
