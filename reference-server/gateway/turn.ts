import { setImmediate } from 'node:timers/promises'
import type { AssembledParts } from '../assembly.ts'
import type { Answer, TurnListener } from '../delivery/port.ts'
import { nothingHeld, type SessionState, sessionKey } from '../state/port.ts'
import { type ModelWork, runAdmitted, type WorkLimits } from './admitted.ts'
import type { Caller } from './auth.ts'
import type { GatewayConfig } from './config.ts'
import { converse } from './conversation.ts'
import { Lifecycle } from './lifecycle.ts'
import { ClientGone, interrupted } from './problems.ts'
import { agentOf, promptOf } from './prompt.ts'
import { recordTurn, requireRoomToWrite, requireSession, resumeSession } from './sessions.ts'

/** One turn as a client asks for it. */
export interface TurnRequest {
  session: string
  turn: number
  content: string
  caller: Caller
  /** Where given, the model's answer is streamed. */
  listener?: TurnListener
  /** A session that has ended goes on with the turn: its client has been connected all the while, and saw no end of it. */
  reopens?: boolean
}

/**
 * Gives a turn up as long as it is not kept. From then on it is part of its conversation, and whoever was told that it is not
 * would be told wrong: only that its client goes ends it early, since nobody is left to be told.
 */
class CancelUntilKept extends AbortController {
  #isKept = false

  /** @throws the reason with which the turn was given up before */
  keep(): void {
    this.signal.throwIfAborted()
    this.#isKept = true
  }

  override abort(reason?: unknown): void {
    if (!this.#isKept || reason instanceof ClientGone) super.abort(reason)
  }
}

/** A turn on its way, from its acceptance to its end. */
export class Turn implements ModelWork {
  readonly what = 'the turn'
  readonly request: TurnRequest
  /** Aborted when the client goes, interrupts, or the turn's time is up; once the turn is kept, only when the client goes. */
  readonly cancel = new CancelUntilKept()
  readonly lifecycle = new Lifecycle()
  /** The session's key: its id among those of its app. */
  readonly key: string

  constructor(request: TurnRequest) {
    this.request = request
    this.key = sessionKey(request.caller.app, request.session)
  }

  get app(): string {
    return this.request.caller.app
  }

  get signal(): AbortSignal {
    return this.cancel.signal
  }
}

let lastTurnId = 0

/**
 * The story of a turn, as its client sees it: is it allowed, wait to be admitted, wait for the outcome.
 * @throws Problem, or the reason with which the turn was aborted; channel, permit and upstream call are then free
 */
export const runTurn = async (parts: AssembledParts, turn: Turn, config: TurnLimits): Promise<Answer> => {
  const unwatch = watchForInterrupts(parts, turn)
  try {
    requireRoomToWrite(parts.store)
    return await runAdmitted(parts, turn, config, () => deliverAnswer(parts, turn, config))
  } catch (error) {
    // One of several tools may have failed it: what the others still wait for ends with it.
    turn.cancel.abort(error)
    throw error
  } finally {
    unwatch()
  }
}

/** From its acceptance on: a turn that waits to be admitted can be interrupted too. */
const watchForInterrupts = ({ interrupts }: AssembledParts, { key, request, cancel }: Turn): (() => void) => {
  const { session, turn } = request
  return interrupts.watch({ session: key, turn, interrupt: () => cancel.abort(interrupted(session, turn)) })
}

export type TurnLimits = WorkLimits & Pick<GatewayConfig, 'toolTimeoutMs'>

const deliverAnswer = async (parts: AssembledParts, turn: Turn, config: TurnLimits): Promise<Answer> => {
  const id = ++lastTurnId
  const outcome = parts.delivery.receive(id, turn.signal, turn.request.listener)
  void makeAnswer(parts, id, turn, config)
  const answer = await outcome
  turn.lifecycle.mark('delivered')
  return answer
}

/** @throws Problem 404, or 403 where the app is closed */
const sessionOf = (parts: AssembledParts, { app, request: { session, reopens } }: Turn): Promise<SessionState> =>
  reopens ? resumeSession(parts, app, session) : requireSession(parts, app, session)

/** The session of a turn, which stays in memory until the turn leaves it. */
interface Entered {
  session: SessionState
  leave: () => void
}

/** @throws Problem 404 or 403, or the reason with which the turn was aborted */
const enterSession = async (parts: AssembledParts, turn: Turn): Promise<Entered> => {
  for (;;) {
    const session = await sessionOf(parts, turn)
    const leave = parts.state.beginTurn(session.key)
    if (leave) return { session, leave }
    // It is leaving memory at this moment, at another worker; then it is in the database as it was.
    await setImmediate()
    turn.signal.throwIfAborted()
  }
}

/** The story of a turn, as the gateway sees it. Never throws: what goes wrong is delivered too. */
const makeAnswer = async (parts: AssembledParts, id: number, turn: Turn, config: TurnLimits): Promise<void> => {
  const { turn: number, content } = turn.request
  let leave = nothingHeld
  try {
    const entered = await enterSession(parts, turn)
    const { session } = entered
    leave = entered.leave
    const agent = await agentOf(parts, session)
    const prompt = await promptOf(parts, agent, session, content, turn.signal)
    const answer = await converse(parts, { id, turn, agent, prompt, toolTimeoutMs: config.toolTimeoutMs })
    // Whoever was told that the turn is given up is not to find it in the conversation.
    turn.cancel.keep()
    const { key, createdAt } = session
    const finished = { key, createdAt, turn: number, content, answer: answer.content }
    const update = () => recordTurn(parts, finished, leave)
    await parts.contextUpdate.settle(update, () => parts.delivery.complete(id, answer))
  } catch (error) {
    leave()
    parts.delivery.fail(id, error)
  }
}
