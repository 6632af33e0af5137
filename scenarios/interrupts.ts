/**
 * People who stop the model in mid-sentence: how long does the call to the model, which costs money, go on? The model
 * stub notes when a call was given up, and says how long ago that was, so that no clock need be shared.
 *
 * Shows row 22 of the list of optimisations. Runs on stock k6 too.
 *
 *   interrupt_to_abort    the interrupt was sent -> the model's side saw its call given up
 *   interrupt_to_client   the interrupt was sent -> the client was told that the turn is over
 *   aborts_missed         calls that went on for GIVE_UP_SECONDS; turns_not_interrupted: those that ended in another way
 *
 *   USERS, SECONDS, GIVE_UP_SECONDS, BASE_URL, STUB_URL (needed)
 */
import exec from 'k6/execution'
import { Counter, Trend } from 'k6/metrics'
import type { Options } from 'k6/options'
import { setTimeout } from 'k6/timers'
import type { WebSocket } from 'k6/websockets'
import { abortedAt, needStub } from './lib/aborts.ts'
import { lookAfterwards, nothingLeft } from './lib/afterwards.ts'
import { AnswerCheck, answersRight } from './lib/answers.ts'
import { longestWaitMs } from './lib/moments.ts'
import { openSocket, type ServerMessage } from './lib/socket.ts'
import { keyOf, now, question, setting, turnsFailed } from './lib/turn.ts'

const users = setting('USERS', 60)
const seconds = setting('SECONDS', 10)
needStub()

/** Ten seconds of it: far longer than it takes to interrupt it. Quicker ones would only keep the model and the people busy. */
const tokens = 100
const gapMs = 100
const pauseMs = 100
const giveUpMs = 1000 * setting('GIVE_UP_SECONDS', 2)

const interruptToAbort = new Trend('interrupt_to_abort', true)
const interruptToClient = new Trend('interrupt_to_client', true)
const turnsInterrupted = new Counter('turns_interrupted')
const turnsNotInterrupted = new Counter('turns_not_interrupted')
const abortsMissed = new Counter('aborts_missed')

export const options: Options = {
  scenarios: {
    impatient: {
      executor: 'per-vu-iterations',
      vus: users,
      iterations: 1,
      maxDuration: `${seconds}s`,
      gracefulStop: '10s',
    },
  },
  ext: {
    weir: {
      primary: 'interrupt_to_abort{scenario:impatient} p(50)',
      operation: 'turns_interrupted',
      voidUnless: {
        ...answersRight,
        ...nothingLeft,
        aborts_missed: ['count==0'],
        turns_not_interrupted: ['count==0'],
      },
    },
  },
}

export default function impatient(): void {
  new Impatient(exec.vu.idInTest, now() + 1000 * seconds)
}

class Impatient {
  private readonly session: string
  private readonly socket: WebSocket
  private readonly untilMs: number
  private turn = 0
  private answer: AnswerCheck | null = null
  private isHeard = false
  private interruptedMs = 0

  constructor(user: number, untilMs: number) {
    this.session = `interrupts-${user}`
    this.untilMs = untilMs
    this.socket = openSocket(this.session, keyOf(user))
    this.socket.onopen = () => setTimeout(() => this.next(), pauseMs * Math.random())
    this.socket.onmessage = (event) => this.hear(JSON.parse(event?.data as string))
    this.socket.onclose = () => {
      if (now() < this.untilMs) turnsNotInterrupted.add(1)
    }
  }

  /** Every fourth answer is heard to its end: whoever was interrupted must still answer well. */
  private next(): void {
    if (now() >= this.untilMs) {
      this.socket.close()
      return
    }
    this.turn++
    this.isHeard = this.turn % 4 === 0
    this.interruptedMs = 0
    this.answer = this.isHeard
      ? new AnswerCheck(this.session, this.turn)
      : new AnswerCheck(this.session, this.turn, tokens)
    const content = this.isHeard ? question(this.turn) : `stub:tokens-${tokens} stub:gap-${gapMs}`
    this.socket.send(JSON.stringify({ type: 'turn', turn: this.turn, content }))
  }

  private hear(message: ServerMessage): void {
    if (message.type === 'token') this.hearToken(message)
    else if (this.isHeard) this.endOfAnswer(message)
    else this.endOfInterrupted(message)
  }

  private hearToken({ turn, index, text }: ServerMessage): void {
    this.answer?.hear(turn, index, text)
    if (index === 0 && !this.isHeard) setTimeout(() => this.interrupt(), longestWaitMs * Math.random())
  }

  private interrupt(): void {
    this.interruptedMs = now()
    this.socket.send(JSON.stringify({ type: 'interrupt', turn: this.turn }))
  }

  private endOfAnswer(message: ServerMessage): void {
    turnsFailed.add(!(message.type === 'done' && this.answer?.endStream(message)))
    setTimeout(() => this.next(), pauseMs * Math.random())
  }

  private endOfInterrupted({ type, status }: ServerMessage): void {
    const isInterrupted = type === 'error' && status === 409 && this.interruptedMs > 0
    turnsFailed.add(!isInterrupted)
    if (isInterrupted) {
      interruptToClient.add(now() - this.interruptedMs)
      turnsInterrupted.add(1)
      this.askStub()
    } else {
      turnsNotInterrupted.add(1)
      setTimeout(() => this.next(), pauseMs)
    }
  }

  private async askStub(): Promise<void> {
    const abortedMs = await abortedAt(this.session, this.turn, giveUpMs)
    if (typeof abortedMs === 'string') abortsMissed.add(1)
    else interruptToAbort.add(Math.max(0, abortedMs - this.interruptedMs))
    setTimeout(() => this.next(), pauseMs * Math.random())
  }
}

export const teardown = lookAfterwards
