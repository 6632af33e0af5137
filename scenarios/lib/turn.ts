/**
 * What every scenario of conversations measures, in plain k6: the file runs unchanged on stock k6.
 *
 *   turn_duration            the turn was sent -> its last token is here
 *   turn_intended_duration   the turn should have been sent -> its last token is here: what a person waiting feels
 *   turn_ttft                the turn should have been sent -> its first token is here
 *   turns_failed             turns that got no answer, or a wrong one; they have no duration: who fails fast is not fast
 */
import { Rate, Trend } from 'k6/metrics'

const turnDuration = new Trend('turn_duration', true)
const turnIntendedDuration = new Trend('turn_intended_duration', true)
const turnTtft = new Trend('turn_ttft', true)
export const turnsFailed = new Rate('turns_failed')

/** Two customers use the gateway: whoever pools connections does so for each of them. */
export const apiKeys = ['key-a', 'key-b']

export const baseUrl = __ENV.BASE_URL || 'http://127.0.0.1:8080'

/** Milliseconds on some clock; stock k6 has none finer than Date.now(). */
export const now: () => number = typeof performance === 'undefined' ? () => Date.now() : () => performance.now()

/** How many tokens an answer has. */
export const tokensPerTurn = 8

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

/** A whole number from the environment. */
export function setting(name: string, fallback: number): number {
  const text = __ENV[name]
  const value = text === undefined || text === '' ? fallback : Number(text)
  if (!Number.isFinite(value)) throw new Error(`${name} is "${text}": expected a number`)
  return value
}
