/**
 * People in trains: connections break in the middle of an answer and come back, and the conversation goes on where it
 * was. What an answer held that nobody waits for any more must be free again; no completed turn may be lost.
 *
 * Shows rows 1, 3 and 25 of the list of optimisations (channel, permit and session outlive a connection, or do not).
 * Runs on stock k6 too.
 *
 *   reconnect_duration   the connection is asked for again -> the session can be used again
 *   turns_lost           completed turns that the gateway did not know of after a connection came back
 *   connections_failed   those that did not come about
 *
 *   USERS, SECONDS, BASE_URL, STUB_URL
 */
import exec from 'k6/execution'
import http from 'k6/http'
import { Counter, Trend } from 'k6/metrics'
import type { Options } from 'k6/options'
import { setTimeout } from 'k6/timers'
import type { WebSocket } from 'k6/websockets'
import { lookAfterwards, nothingLeft } from './lib/afterwards.ts'
import { AnswerCheck, answersRight } from './lib/answers.ts'
import { openSocket, type ServerMessage } from './lib/socket.ts'
import { baseUrl, keyOf, now, question, recordTurn, setting, turnsFailed } from './lib/turn.ts'

const users = setting('USERS', 200)
const seconds = setting('SECONDS', 10)
/** The third turn of a connection is broken off after so many tokens. */
const turnsOfConnection = 3
const tokensUntilBreak = 3
const awayMs = 100
/** What follows a turn happens in the background. */
const mostLooks = 50
const lookEveryMs = 20

const reconnectDuration = new Trend('reconnect_duration', true)
const turnsTaken = new Counter('turns_taken')
const connectionsFailed = new Counter('connections_failed')
const turnsLost = new Counter('turns_lost')

export const options: Options = {
  scenarios: {
    travellers: {
      executor: 'per-vu-iterations',
      vus: users,
      iterations: 1,
      maxDuration: `${seconds + 5}s`,
      gracefulStop: '5s',
    },
  },
  ext: {
    weir: {
      primary: 'reconnect_duration{scenario:travellers} p(50)',
      operation: 'turns_taken',
      phases: { travellers: { start: '0s', end: `${seconds}s` } },
      voidUnless: { ...answersRight, ...nothingLeft, turns_lost: ['count==0'], connections_failed: ['count==0'] },
    },
  },
}

export default function traveller(): void {
  new Traveller(exec.vu.idInTest, now() + 1000 * seconds)
}

class Traveller {
  private readonly session: string
  private readonly key: string
  private readonly untilMs: number
  private socket!: WebSocket
  private connections = 0
  private turn = 0
  private completed = 0
  private brokenOff = 0
  private willBreak = false
  private answer: AnswerCheck | null = null
  private sentMs = 0
  private firstTokenMs = 0

  constructor(user: number, untilMs: number) {
    this.session = `reconnects-${user}`
    this.key = keyOf(user)
    this.untilMs = untilMs
    // Not all in one train.
    setTimeout(() => this.connect(), 100 * seconds * Math.random())
  }

  private connect(): void {
    const askedMs = now()
    const socket = openSocket(this.session, this.key)
    this.socket = socket
    socket.onopen = () => {
      if (this.connections++ > 0) reconnectDuration.add(now() - askedMs)
      this.compareTurns(mostLooks)
    }
    socket.onmessage = (event) => {
      if (socket === this.socket) this.hear(JSON.parse(event?.data as string))
    }
    socket.onerror = () => connectionsFailed.add(1)
    socket.onclose = () => {
      if (now() < this.untilMs) setTimeout(() => this.connect(), awayMs)
    }
  }

  /** A turn that was broken off may have been completed all the same, or not. */
  private async compareTurns(looksLeft: number): Promise<void> {
    const response = await http.asyncRequest('GET', http.url`${baseUrl}/v1/sessions/${this.session}`, null, {
      headers: { 'x-api-key': this.key },
    })
    const known = response.status === 200 ? (response.json() as { turns: number }).turns : 0
    const isKnown = known >= this.completed && known <= this.completed + this.brokenOff
    if (!isKnown && looksLeft > 0) return void setTimeout(() => this.compareTurns(looksLeft - 1), lookEveryMs)
    if (!isKnown) turnsLost.add(Math.max(1, this.completed - known))
    this.next()
  }

  private next(): void {
    if (now() >= this.untilMs) {
      this.socket.close()
      return
    }
    this.turn++
    this.willBreak = this.turn % turnsOfConnection === 0
    this.answer = new AnswerCheck(this.session, this.turn)
    this.firstTokenMs = 0
    turnsTaken.add(1)
    this.sentMs = now()
    this.socket.send(JSON.stringify({ type: 'turn', turn: this.turn, content: question(this.turn) }))
  }

  private hear(message: ServerMessage): void {
    if (message.type === 'token') this.hearToken(message)
    else this.endOfAnswer(message)
  }

  private hearToken({ turn, index, text }: ServerMessage): void {
    if (this.firstTokenMs === 0) this.firstTokenMs = now()
    this.answer?.hear(turn, index, text)
    if (!this.willBreak || index + 1 !== tokensUntilBreak) return
    this.brokenOff++
    this.answer = null
    this.socket.close()
  }

  private endOfAnswer(message: ServerMessage): void {
    if (this.answer === null) return
    const { sentMs, firstTokenMs } = this
    if (message.type === 'done' && this.answer.endStream(message)) {
      this.completed++
      recordTurn({ intendedMs: sentMs, sentMs, firstTokenMs, lastTokenMs: now() })
    } else turnsFailed.add(true)
    setTimeout(() => this.next(), 50 * Math.random())
  }
}

export const teardown = lookAfterwards
