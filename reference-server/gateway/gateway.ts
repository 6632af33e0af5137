import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { AssembledParts } from '../assembly.ts'
import type { Answer } from '../delivery/port.ts'
import { logFailure } from '../errors.ts'
import { type SessionState, sessionKey } from '../state/port.ts'
import type { Peers } from '../workers/peers.ts'
import type { ModelWork } from './admitted.ts'
import { KnownKeys } from './auth.ts'
import type { GatewayConfig } from './config.ts'
import { type ReuseRequest, reuseHere, reuseQuestion } from './device-sessions.ts'
import { GatewayMetrics, type Outcome, outcomeOf } from './metrics.ts'
import { OpenApps } from './open-apps.ts'
import { busy, Problem } from './problems.ts'
import { type Proxied, passOn } from './proxied.ts'
import { describeSession, forgetQuestion, isRunning, letGo, runningQuestion, settledQuestion } from './sessions.ts'
import { runTurn, type Turn } from './turn.ts'

const shuttingDown = 'the gateway is shutting down'

/** An interrupt on its way to the workers that may run the turn. */
export interface InterruptRequest {
  key: string
  turn: number | undefined
}

/** The same on its way to other gateways. */
interface PublishedInterrupt extends InterruptRequest {
  /** The gateway that it reached. */
  from: string
}

/** A running gateway behind its transports: the parts, what is counted, and which turns are in flight. */
export class Gateway {
  readonly config: GatewayConfig
  readonly parts: AssembledParts
  readonly metrics: GatewayMetrics
  readonly keys: KnownKeys
  readonly apps: OpenApps
  readonly peers: Peers
  readonly #id: string
  /** Turns, and requests on their way through. */
  readonly #inFlight = new Set<ModelWork>()
  /** Turns in flight, and those whose answer has not wholly left: tokens may wait for their interval, or for the reader. */
  readonly #unsent = new Set<Turn>()
  #draining = false
  #idle: (() => void) | undefined
  #allSent: (() => void) | undefined

  /** @param id tells this gateway from others that use the same Redis; its workers share it */
  constructor(config: GatewayConfig, parts: AssembledParts, peers: Peers, id: string = randomUUID()) {
    this.config = config
    this.parts = parts
    this.peers = peers
    this.#id = id
    this.keys = new KnownKeys(config.callers)
    this.apps = new OpenApps(parts.store)
    this.metrics = new GatewayMetrics(parts)
    peers.answer(runningQuestion, (key) => parts.interrupts.isRunning(key as string))
    peers.answer(settledQuestion, (key) => parts.store.settled(key as string))
    peers.answer(forgetQuestion, (key) => letGo(parts, key as string))
    peers.answer(reuseQuestion, (request) => reuseHere(parts, request as ReuseRequest))
    peers.answer('interrupt', (request) => this.#interruptHere(request as InterruptRequest))
    peers.answer('metrics', () => this.metrics.registry.getMetricsAsJSON())
  }

  get draining(): boolean {
    return this.#draining
  }

  /** What everything is answered with that comes during a shutdown. */
  refusal(): Problem {
    return busy(shuttingDown)
  }

  /**
   * Runs a turn, counts it, and logs what is no fault of client or upstream.
   * @throws Problem or ClientGone
   */
  async run(turn: Turn): Promise<Answer> {
    this.#inFlight.add(turn)
    // Where the client went before the turn began, nobody says any more that it is closed.
    if (!turn.signal.aborted) this.#unsent.add(turn)
    this.metrics.turnsAccepted += 1
    this.metrics.turnsInFlight += 1
    try {
      const answer = await runTurn(this.parts, turn, this.config)
      this.metrics.countTurn('ok')
      return answer
    } catch (error) {
      const outcome = outcomeOf(error)
      this.metrics.countTurn(outcome)
      const { session, turn: number } = turn.request
      if (outcome === 'error') logFailure(`turn ${number} of session ${session} failed`, error)
      throw error
    } finally {
      this.metrics.turnsInFlight -= 1
      this.#end(turn)
    }
  }

  /**
   * Passes a request through and counts it; one whose answer had begun when something failed is cut off.
   * @throws Problem or ClientGone while nothing was answered
   */
  async pass(proxied: Proxied, response: ServerResponse): Promise<void> {
    this.#inFlight.add(proxied)
    try {
      if (this.#draining) throw this.refusal()
      const isWhole = await passOn(this.parts, proxied, response, this.config)
      this.metrics.countProxied(isWhole ? 'ok' : outcomeOfCut(proxied))
    } catch (error) {
      const outcome = outcomeOf(error)
      this.metrics.countProxied(outcome)
      const { method, path } = proxied.request
      if (outcome === 'error') logFailure(`${method} ${path} could not be passed through`, error)
      throw error
    } finally {
      this.#end(proxied)
    }
  }

  /** The transport has sent all of a turn's answer, or its client has gone. */
  closed(turn: Turn): void {
    this.#unsent.delete(turn)
    if (this.#unsent.size === 0) this.#allSent?.()
    turn.lifecycle.mark('closed')
    this.metrics.observeTurn(turn.lifecycle)
  }

  /** As `closed`, of a proxied request. */
  proxiedClosed({ lifecycle }: Proxied): void {
    lifecycle.mark('closed')
    this.metrics.observeProxied(lifecycle)
  }

  /** What clients are shown of a session, whichever worker runs a turn of it. */
  async describe(session: SessionState) {
    const isBusy = await isRunning(this.parts, this.peers, session.key)
    return { ...describeSession(session), status: isBusy ? 'running' : 'idle' }
  }

  /**
   * Interrupts a session's turn with this number, or all of its turns.
   * @returns how many turns of this gateway that concerned; turns of other gateways are told too
   * @throws Problem 503 where it concerned none here, and others cannot be told
   */
  async interrupt(app: string, session: string, turn: number | undefined): Promise<number> {
    const request: InterruptRequest = { key: sessionKey(app, session), turn }
    const total = await this.#interruptWorkers(request)
    const told = this.#tellGateways(request)
    if (total === 0) await told
    // Whoever interrupted something has what was asked for, and does not wait for a Redis that is away.
    else logUntold(told)
    return total
  }

  /**
   * Interrupts all turns of a session that is about to be deleted: what they would answer belongs to nothing any more. It
   * is deleted whether or not other gateways can be told.
   */
  async interruptDeleted(app: string, session: string): Promise<void> {
    const request: InterruptRequest = { key: sessionKey(app, session), turn: undefined }
    await this.#interruptWorkers(request)
    logUntold(this.#tellGateways(request))
  }

  /**
   * Interrupts that reached another gateway. One that reached this one has been to all of its workers already, and comes
   * back later: a turn that began meanwhile is not meant.
   */
  async listenForInterrupts(): Promise<void> {
    if (!this.config.redisUrl) return
    await this.parts.bus.subscribe(interruptChannel, (_channel, message) => {
      const { from, ...request } = JSON.parse(message) as PublishedInterrupt
      if (from !== this.#id) this.#interruptHere(request)
    })
  }

  /**
   * Refuses new turns and requests, waits for those in flight, gives up what is left after `timeoutMs`; then waits for
   * `lastAnswersMs` at most until the answers of turns have left.
   */
  async drain(timeoutMs: number, lastAnswersMs: number): Promise<void> {
    this.#draining = true
    this.parts.admission.close()
    await this.#finish(timeoutMs)
    if (this.#unsent.size === 0) return
    const sent = Promise.withResolvers<void>()
    this.#allSent = sent.resolve
    const timer = setTimeout(sent.resolve, lastAnswersMs)
    await sent.promise
    clearTimeout(timer)
  }

  async #finish(timeoutMs: number): Promise<void> {
    if (this.#inFlight.size === 0) return
    const timer = setTimeout(() => this.#giveUpRest(), timeoutMs)
    await new Promise<void>((resolve) => {
      this.#idle = resolve
    })
    clearTimeout(timer)
  }

  /** At all workers of this gateway. @returns how many turns that concerned */
  async #interruptWorkers(request: InterruptRequest): Promise<number> {
    const here = this.#interruptHere(request)
    const elsewhere = await this.peers.askOthers('interrupt', request)
    return elsewhere.reduce<number>((sum, count) => sum + Number(count), here)
  }

  async #tellGateways(request: InterruptRequest): Promise<void> {
    if (!this.config.redisUrl) return
    await this.parts.bus.publish(interruptChannel, JSON.stringify({ ...request, from: this.#id }))
  }

  #interruptHere({ key, turn }: InterruptRequest): number {
    return this.parts.interrupts.request(key, turn)
  }

  /**
   * Gives up what is in flight. Turns that are in their conversation already are not: where they wait for a database that is
   * away before they are answered, that comes to an end, too.
   */
  #giveUpRest(): void {
    for (const { cancel } of this.#inFlight) cancel.abort(busy(shuttingDown))
    this.parts.store.startClosing()
  }

  #end(work: ModelWork): void {
    this.#inFlight.delete(work)
    if (this.#inFlight.size === 0) this.#idle?.()
  }
}

const interruptChannel = 'interrupts'

/** That Redis is away was told when it went. */
const logUntold = (told: Promise<void>): void =>
  void told.catch((error) => {
    if (!(error instanceof Problem)) logFailure('other gateways were not told of an interrupt', error)
  })

/** Whoever gave a request up is the reason that its answer was cut off; else it is the model. */
const outcomeOfCut = ({ cancel: { signal } }: Proxied): Outcome =>
  signal.aborted ? outcomeOf(signal.reason) : 'upstream-failed'

/** What a client is told of anything that was thrown: a Problem as it is, everything else without its details. */
export const asProblem = (thrown: unknown): Problem =>
  thrown instanceof Problem ? thrown : new Problem(500, 'the gateway failed; its log says more', { cause: thrown })
