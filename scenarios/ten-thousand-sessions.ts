/**
 * Ten thousand people in conversation at once: each has a WebSocket session open, thinks for half a minute on average
 * and then takes a turn, whose tokens stream back. Sessions come up over the ramp, stay, and leave one after another.
 *
 * Shows rows 1, 5 and 25 of the list of optimisations, and what an idle session costs. Runs on stock k6 too, where
 * ten thousand users need several gigabytes.
 *
 *   SESSIONS, RAMP_SECONDS, HOLD_SECONDS, DOWN_SECONDS, THINK_SECONDS on average, BASE_URL, STUB_URL
 */
import exec from 'k6/execution'
import { Counter, Rate } from 'k6/metrics'
import type { Options } from 'k6/options'
import { setTimeout } from 'k6/timers'
import { WebSocket } from 'k6/websockets'
import { lookAfterwards, nothingLeft } from './lib/afterwards.ts'
import { AnswerCheck, answersRight } from './lib/answers.ts'
import { baseUrl, keyOf, now, question, recordTurn, setting, turnsAnswered, turnsFailed } from './lib/turn.ts'

const sessions = setting('SESSIONS', 10_000)
const rampS = setting('RAMP_SECONDS', 12)
const holdS = setting('HOLD_SECONDS', 11)
const downS = setting('DOWN_SECONDS', 5)
const thinkS = setting('THINK_SECONDS', 30)

const sessionsFailed = new Rate('sessions_failed')
const turnsTaken = new Counter('turns_taken')

export const options: Options = {
  scenarios: {
    sessions: {
      executor: 'ramping-vus',
      startVUs: 0,
      stages: [
        { duration: `${rampS}s`, target: sessions },
        { duration: `${holdS}s`, target: sessions },
        { duration: `${downS}s`, target: 0 },
      ],
      gracefulRampDown: '10s',
      gracefulStop: '10s',
    },
  },
  ext: {
    weir: {
      primary: 'turn_intended_duration p(50)',
      operation: 'turns_taken',
      sessionsHeldIn: 'hold',
      phases: {
        ramp: { start: '0s', end: `${rampS}s` },
        hold: { start: `${rampS}s`, end: `${rampS + holdS}s` },
      },
      voidUnless: { ...answersRight, ...turnsAnswered, ...nothingLeft },
    },
  },
}

/** Uniform around the mean, from a third below it to a third above. */
const think = (): number => 1000 * thinkS * (2 / 3 + (2 / 3) * Math.random())

/** The ramp takes the highest-numbered users away first; each leaves just behind that, when no turn of its is under way. */
const leaveAtS = (user: number): number => rampS + holdS + downS * (1 - user / sessions) + 0.2

interface ServerMessage {
  type: 'token' | 'done' | 'error'
  turn: number
  index: number
  text: string
  tokens: number
  content: string
}

export default function session(): void {
  const user = exec.vu.idInTest
  const leaveInMs = 1000 * leaveAtS(user) - exec.instance.currentTestRunDuration
  // A user whose session broke off shortly before its end does not open another.
  if (leaveInMs <= 0) {
    setTimeout(() => {}, 500)
    return
  }
  new Conversation(user, now() + leaveInMs)
}

class Conversation {
  private readonly session: string
  private readonly socket: WebSocket
  private readonly leaveMs: number
  private turn = 0
  private isTakingTurn = false
  private answer: AnswerCheck | null = null
  private intendedMs = 0
  private sentMs = 0
  private firstTokenMs = 0
  private wasGood = false

  constructor(user: number, leaveMs: number) {
    this.leaveMs = leaveMs
    this.session = `user-${user}`
    this.socket = new WebSocket(`${baseUrl.replace(/^http/, 'ws')}/v1/sessions/${this.session}/ws`, null, {
      headers: { 'x-api-key': keyOf(user) },
    })
    this.socket.onopen = () => this.begin()
    this.socket.onmessage = (event) => this.hear(JSON.parse(event?.data as string))
    this.socket.onclose = () => this.end()
  }

  private begin(): void {
    setTimeout(() => this.leave(), Math.max(0, this.leaveMs - now()))
    // Nobody arrives at the beginning of a thought: the first pause has a random phase.
    this.thinkFor(think() * Math.random())
  }

  private thinkFor(ms: number): void {
    const intendedMs = now() + ms
    if (intendedMs < this.leaveMs) setTimeout(() => this.takeTurn(intendedMs), ms)
  }

  private takeTurn(intendedMs: number): void {
    if (this.socket.readyState !== 1) return
    this.isTakingTurn = true
    this.turn++
    this.answer = new AnswerCheck(this.session, this.turn)
    this.firstTokenMs = 0
    this.intendedMs = intendedMs
    turnsTaken.add(1)
    this.sentMs = now()
    this.socket.send(JSON.stringify({ type: 'turn', turn: this.turn, content: question(this.turn) }))
  }

  private hear(message: ServerMessage): void {
    if (message.type === 'token') this.hearToken(message)
    else this.finishTurn(message)
  }

  private hearToken({ turn, index, text }: ServerMessage): void {
    if (this.firstTokenMs === 0) this.firstTokenMs = now()
    this.answer?.hear(turn, index, text)
  }

  private finishTurn(message: ServerMessage): void {
    const { answer, intendedMs, sentMs, firstTokenMs } = this
    if (message.type === 'done' && answer?.endStream(message))
      recordTurn({ intendedMs, sentMs, firstTokenMs, lastTokenMs: now() })
    else turnsFailed.add(true)
    this.isTakingTurn = false
    if (now() >= this.leaveMs) this.leave()
    else this.thinkFor(think())
  }

  /** Politely: not in the middle of an answer. */
  private leave(): void {
    if (this.isTakingTurn) return
    this.wasGood = true
    this.socket.close()
  }

  private end(): void {
    if (this.isTakingTurn) turnsFailed.add(true)
    sessionsFailed.add(!this.wasGood)
    // Who was refused comes back after a moment, not at once with ten thousand others.
    if (!this.wasGood) setTimeout(() => {}, 1000)
  }
}

export const teardown = lookAfterwards
