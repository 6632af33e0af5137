import type { Answer } from '../delivery/port.ts'
import { logFailure } from '../errors.ts'
import type { AssembledParts } from '../parts.ts'
import { KnownKeys } from './auth.ts'
import type { GatewayConfig } from './config.ts'
import { GatewayMetrics, outcomeOf } from './metrics.ts'
import { busy, Problem } from './problems.ts'
import { runTurn, type TurnRequest } from './turn.ts'

/** A running gateway behind its transports: the parts, what is counted, and which turns are in flight. */
export class Gateway {
  readonly config: GatewayConfig
  readonly parts: AssembledParts
  readonly metrics: GatewayMetrics
  readonly keys: KnownKeys
  readonly #inFlight = new Set<AbortController>()
  #draining = false
  #idle: (() => void) | undefined

  constructor(config: GatewayConfig, parts: AssembledParts) {
    this.config = config
    this.parts = parts
    this.keys = new KnownKeys(config.callers)
    this.metrics = new GatewayMetrics(parts)
  }

  get draining(): boolean {
    return this.#draining
  }

  /**
   * Runs a turn, counts it, and logs what is no fault of client or upstream.
   * @param cancel aborted by the transport when its client goes
   * @throws Problem or ClientGone
   */
  async turn(request: TurnRequest, cancel: AbortController): Promise<Answer> {
    this.#begin(cancel)
    try {
      const answer = await runTurn(this.parts, request, cancel, this.config.turnTimeoutMs)
      this.metrics.countTurn('ok')
      return answer
    } catch (error) {
      const outcome = outcomeOf(error)
      this.metrics.countTurn(outcome)
      if (outcome === 'error') logFailure(`turn ${request.turn} of session ${request.session} failed`, error)
      throw error
    } finally {
      this.#end(cancel)
    }
  }

  /** Refuses new turns, waits for those in flight, gives up what is left after `timeoutMs`. */
  async drain(timeoutMs: number): Promise<void> {
    this.#draining = true
    this.parts.admission.close()
    if (this.#inFlight.size === 0) return
    const timer = setTimeout(() => this.#abortAll(), timeoutMs)
    await new Promise<void>((resolve) => {
      this.#idle = resolve
    })
    clearTimeout(timer)
  }

  #abortAll(): void {
    for (const cancel of this.#inFlight) cancel.abort(busy('the gateway is shutting down'))
  }

  #begin(cancel: AbortController): void {
    this.#inFlight.add(cancel)
    this.metrics.turnsInFlight = this.#inFlight.size
  }

  #end(cancel: AbortController): void {
    this.#inFlight.delete(cancel)
    this.metrics.turnsInFlight = this.#inFlight.size
    if (this.#inFlight.size === 0) this.#idle?.()
  }
}

/** What a client is told of anything that was thrown: a Problem as it is, everything else without its details. */
export const asProblem = (thrown: unknown): Problem =>
  thrown instanceof Problem ? thrown : new Problem(500, 'the gateway failed; its log says more', { cause: thrown })
