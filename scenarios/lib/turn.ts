/**
 * What every scenario of conversations measures, in plain k6: the file runs unchanged on stock k6.
 *
 *   turn_duration            the turn was sent -> its last token is here
 *   turn_intended_duration   the turn should have been sent -> its last token is here: what a person waiting feels
 *   turn_ttft                the turn should have been sent -> its first token is here
 *   turns_failed             turns that got no answer, or a wrong one; they have no duration: who fails fast is not fast
 */
import { check } from 'k6'
import http, { type RefinedResponse, type ResponseType } from 'k6/http'
import { Rate, Trend } from 'k6/metrics'
import { AnswerCheck, parse, tokensPerTurn, type WholeAnswer } from './answers.ts'

const turnDuration = new Trend('turn_duration', true)
const turnIntendedDuration = new Trend('turn_intended_duration', true)
const turnTtft = new Trend('turn_ttft', true)
export const turnsFailed = new Rate('turns_failed')

/** `ext.weir.voidUnless` of scenarios in which no turn is meant to fail: who fails fast is not fast. */
export const turnsAnswered = { turns_failed: ['rate<0.001'] }

/** Two customers use the gateway: whoever pools connections does so for each of them. */
export const apiKeys = ['key-a', 'key-b']

export const baseUrl = __ENV.BASE_URL || 'http://127.0.0.1:8080'

/** Where the model stub tells what it is doing; empty: nobody asks it. */
export const stubUrl = __ENV.STUB_URL || ''

/** Milliseconds on some clock; stock k6 has none finer than Date.now(). */
export const now: () => number = typeof performance === 'undefined' ? () => Date.now() : () => performance.now()

/** One turn's times, in ms of `now()`. */
export interface TurnTimes {
  /** When it should have been sent: the end of the thinking before it. */
  intendedMs: number
  sentMs: number
  firstTokenMs: number
  lastTokenMs: number
}

export function recordTurn({ intendedMs, sentMs, firstTokenMs, lastTokenMs }: TurnTimes): void {
  turnDuration.add(lastTokenMs - sentMs)
  turnIntendedDuration.add(lastTokenMs - intendedMs)
  turnTtft.add(firstTokenMs - intendedMs)
  turnsFailed.add(false)
}

/** The timings of a turn that came as one response. `intended` is weir's own; stock k6 has only the service time. */
export interface ResponseTimings {
  duration: number
  intended?: number
}

export function recordWholeTurn({ duration, intended }: ResponseTimings, isGood: boolean): void {
  turnsFailed.add(!isGood)
  if (!isGood) return
  turnDuration.add(duration)
  turnIntendedDuration.add(intended ?? duration)
}

/** Every second session belongs to the second customer. */
export const keyOf = (session: number): string => apiKeys[session % apiKeys.length] as string

export const jsonHeaders = (key: string): Record<string, string> => ({
  'content-type': 'application/json',
  'x-api-key': key,
})

/** Opens a session, or finds it open. @throws where the gateway does not have it */
export function putSession(session: string, key: string, details: Record<string, unknown> | null = null): void {
  const body = details === null ? null : JSON.stringify(details)
  const headers = details === null ? { 'x-api-key': key } : jsonHeaders(key)
  const response = http.put(http.url`${baseUrl}/v1/sessions/${session}`, body, { headers })
  if (response.status !== 201 && response.status !== 200)
    throw new Error(`session ${session} could not be made: ${response.status} ${response.error}`)
}

/** A turn to take, and whose it is. */
export interface Turn {
  session: string
  turn: number
  content: string
  key: string
  /** How many tokens the content asks for; eight unless given. */
  tokens?: number
  /** How many characters the content asks each of them to have; as many as its word has unless given. */
  width?: number
}

export const question = (turn: number): string => `What is the answer to question ${turn}?`

/**
 * Asks for a turn that is answered in one piece.
 * @param refusal a status with which it may be refused, and has not failed then
 */
export const postTurn = (
  { session, turn, content, key }: Turn,
  refusal?: number,
): RefinedResponse<ResponseType | undefined> =>
  http.post(http.url`${baseUrl}/v1/sessions/${session}/turns`, JSON.stringify({ turn, content }), {
    headers: jsonHeaders(key),
    ...(refusal === undefined ? {} : { responseCallback: http.expectedStatuses(200, refusal) }),
  })

/** Checks every token of what came of a turn, and records it. @returns whether all was right */
export function takeAnswer(
  { session, turn, tokens = tokensPerTurn, width = 0 }: Turn,
  response: RefinedResponse<ResponseType | undefined>,
): boolean {
  const isGood = check(response, {
    'the turn was answered': ({ status }) => status === 200,
    'the answer is whole and its own': ({ status, body }) =>
      status === 200 && new AnswerCheck(session, turn, tokens, width).takeWhole(parse<WholeAnswer>(body)),
  })
  recordWholeTurn(response.timings, isGood)
  return isGood
}

export const takeTurn = (turn: Turn): boolean => takeAnswer(turn, postTurn(turn))

/** A whole number from the environment. */
export function setting(name: string, fallback: number): number {
  const text = __ENV[name]
  const value = text === undefined || text === '' ? fallback : Number(text)
  if (!Number.isFinite(value)) throw new Error(`${name} is "${text}": expected a number`)
  return value
}
