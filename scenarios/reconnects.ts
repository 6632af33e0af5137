/**
 * People in trains: connections break in the middle of an answer and come back, and the conversation goes on where it
 * was. What an answer held that nobody waits for any more must be free again; no completed turn may be lost; and the
 * model, which costs money, must not go on talking to nobody. Others cut HTTP requests, JSON and streamed ones in turn.
 *
 * Shows rows 1, 3 and 25 of the list of optimisations (channel, permit and session outlive a connection, or do not).
 * Runs on stock k6 too.
 *
 *   reconnect_duration   the connection is asked for again -> the session can be used again
 *   turns_lost           completed turns that the gateway did not know of after a connection came back
 *   connections_failed   those that did not come about
 *   gone_to_abort        the client was gone -> the model's side saw its call given up; by `way`: socket, json, stream
 *   aborts_missed        calls that went on for GIVE_UP_SECONDS; gone_too_early: the model had not been called by then
 *
 *   USERS, CUTTERS of HTTP requests, SECONDS, GIVE_UP_SECONDS, ABORT_WITHIN_MS (or the trial is void), BASE_URL,
 *   STUB_URL (needed)
 */
import exec from 'k6/execution'
import http from 'k6/http'
import { Counter, Trend } from 'k6/metrics'
import type { Options } from 'k6/options'
import { setTimeout } from 'k6/timers'
import type { WebSocket } from 'k6/websockets'
import { abortedAt, needStub } from './lib/aborts.ts'
import { lookAfterwards, nothingLeft } from './lib/afterwards.ts'
import { AnswerCheck, answersRight, tokensPerTurn } from './lib/answers.ts'
import { openSocket, type ServerMessage } from './lib/socket.ts'
import { baseUrl, jsonHeaders, keyOf, now, putSession, question, recordTurn, setting, turnsFailed } from './lib/turn.ts'

const users = setting('USERS', 200)
const cutters = setting('CUTTERS', 20)
const seconds = setting('SECONDS', 10)
const giveUpMs = 1000 * setting('GIVE_UP_SECONDS', 2)
/** The model's side has to have seen that the client is gone. */
const withinMs = setting('ABORT_WITHIN_MS', 100)
needStub()

/** The third turn of a connection is broken off after so many tokens. */
const turnsOfConnection = 3
const tokensUntilBreak = 3
/** So long that it cannot have ended by itself: every second one that is broken off. The others may end meanwhile. */
const longAnswer = { tokens: 1_000, content: 'stub:tokens-1000 stub:gap-10' }
/** The model has been called by then, unless the gateway is very slow. */
const cutAfterMs = { least: 1_000, most: 1_500 }
/** k6's code for a request that its timeout cut. */
const timedOut = 1050
const awayMs = 100
/** What follows a turn happens in the background. */
const mostLooks = 50
const lookEveryMs = 20

const reconnectDuration = new Trend('reconnect_duration', true)
const turnsTaken = new Counter('turns_taken')
const connectionsFailed = new Counter('connections_failed')
const turnsLost = new Counter('turns_lost')
const goneToAbort = new Trend('gone_to_abort', true)
const abortsMissed = new Counter('aborts_missed')
const goneTooEarly = new Counter('gone_too_early')

export const options: Options = {
  scenarios: {
    travellers: {
      executor: 'per-vu-iterations',
      vus: users,
      iterations: 1,
      maxDuration: `${seconds + 5}s`,
      gracefulStop: '5s',
    },
    cutters: {
      executor: 'per-vu-iterations',
      exec: 'cutter',
      vus: cutters,
      iterations: 1,
      maxDuration: `${seconds + 5}s`,
      gracefulStop: '5s',
    },
  },
  setupTimeout: '60s',
  ext: {
    weir: {
      primary: 'reconnect_duration{scenario:travellers} p(50)',
      operation: 'turns_taken',
      phases: { travellers: { start: '0s', end: `${seconds}s` } },
      voidUnless: {
        ...answersRight,
        ...nothingLeft,
        turns_lost: ['count==0'],
        connections_failed: ['count==0'],
        aborts_missed: ['count==0'],
        // Not the maximum: of thousands on a shared machine one falls into a pause of the generator's or the stub's.
        gone_to_abort: [`p(99)<${withinMs}`],
      },
    },
  },
}

export function setup(): void {
  for (let cutter = 0; cutter < cutters; cutter++) putSession(`cut-${cutter}`, keyOf(cutter))
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
  private isLong = false
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
    this.isLong = this.turn % (2 * turnsOfConnection) === turnsOfConnection
    this.answer = new AnswerCheck(this.session, this.turn, this.isLong ? longAnswer.tokens : tokensPerTurn)
    this.firstTokenMs = 0
    turnsTaken.add(1)
    this.sentMs = now()
    const content = this.isLong ? longAnswer.content : question(this.turn)
    this.socket.send(JSON.stringify({ type: 'turn', turn: this.turn, content }))
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
    if (this.isLong) recordAbort('socket', this.session, turn)
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

/** One after another, each in the middle of the model's answer. */
export async function cutter(): Promise<void> {
  const user = exec.scenario.iterationInTest
  const untilMs = now() + 1000 * seconds
  for (let turn = 0; now() < untilMs; turn++) await cutTurn(`cut-${user}`, turn, keyOf(user))
}

async function cutTurn(session: string, turn: number, key: string): Promise<void> {
  const stream = turn % 2 === 1
  const body = JSON.stringify({ turn, content: longAnswer.content, stream })
  const response = await http.asyncRequest('POST', http.url`${baseUrl}/v1/sessions/${session}/turns`, body, {
    headers: jsonHeaders(key),
    timeout: cutAfterMs.least + (cutAfterMs.most - cutAfterMs.least) * Math.random(),
    responseCallback: http.expectedStatuses(0, 200),
  })
  const wasCut = response.error_code === timedOut
  turnsFailed.add(!wasCut)
  if (wasCut) await recordAbort(stream ? 'stream' : 'json', session, turn)
}

/** To be called in the moment in which the client is gone. */
async function recordAbort(way: 'socket' | 'json' | 'stream', session: string, turn: number): Promise<void> {
  const goneMs = now()
  const abortedMs = await abortedAt(session, turn, giveUpMs)
  if (abortedMs === 'missed') abortsMissed.add(1, { way })
  else if (abortedMs === 'not called') goneTooEarly.add(1, { way })
  else goneToAbort.add(Math.max(0, abortedMs - goneMs), { way })
}

export const teardown = lookAfterwards
