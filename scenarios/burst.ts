/**
 * Everybody at once: all sessions take a turn within half a second, again and again. What can be admitted is to be
 * answered as fast as ever; what cannot is to be told so at once (503 with Retry-After), and memory is to stay small.
 * No generator sends two thousand requests in one moment; the schedule says what it can keep, so that it is seen to. Before
 * the first burst everybody takes one turn in peace: what it costs to open two thousand connections is no part of it.
 *
 * Shows row 3 of the list of optimisations. Runs on stock k6 too.
 *
 *   admitted_turn_duration   of the turns that were answered
 *   turns_refused            politely: 503 and Retry-After; such a turn has not failed
 *
 *   SESSIONS, BURSTS of them, PERIOD_SECONDS from one to the next, BURST_MS from the first to the last session of one,
 *   BASE_URL, STUB_URL. Bounds are the gateway's own: MAX_TURNS_IN_FLIGHT, MAX_TURNS_WAITING.
 */
import { sleep } from 'k6'
import exec from 'k6/execution'
import { Rate, Trend } from 'k6/metrics'
import type { Options } from 'k6/options'
import { lookAfterwards, nothingLeft } from './lib/afterwards.ts'
import { answersRight } from './lib/answers.ts'
import { keyOf, postTurn, putSession, question, setting, takeAnswer } from './lib/turn.ts'

const sessions = setting('SESSIONS', 2_000)
const bursts = setting('BURSTS', 4)
const periodS = setting('PERIOD_SECONDS', 2.5)
const burstMs = setting('BURST_MS', 500)

/** Of a period: the rest of it is for the last of them to be answered. */
const calmShare = 0.8

const admittedTurnDuration = new Trend('admitted_turn_duration', true)
const turnsRefused = new Rate('turns_refused')

export const options: Options = {
  scenarios: {
    burst: {
      executor: 'per-vu-iterations',
      vus: sessions,
      iterations: 1 + bursts,
      maxDuration: `${(1 + bursts) * periodS}s`,
      gracefulStop: '15s',
    },
  },
  setupTimeout: '60s',
  ext: {
    weir: {
      primary: 'admitted_turn_duration{scenario:burst} p(99)',
      phases: { burst: { start: `${periodS}s`, end: `${(1 + bursts) * periodS}s` } },
      voidUnless: { ...answersRight, ...nothingLeft },
    },
  },
}

export function setup(): void {
  for (let session = 0; session < sessions; session++) putSession(`burst-${session}`, keyOf(session))
}

export default function burst(): void {
  const session = exec.vu.idInTest - 1
  const turn = exec.vu.iterationInScenario
  const isInPeace = turn === 0
  const spreadMs = isInPeace ? calmShare * 1000 * periodS : burstMs
  const beginsMs = 1000 * periodS * turn + (spreadMs * session) / sessions
  sleep(Math.max(0, beginsMs - exec.instance.currentTestRunDuration) / 1000)
  const asked = { session: `burst-${session}`, turn, content: question(turn), key: keyOf(session) }
  const response = postTurn(asked, 503)
  const isRefused = response.status === 503 && response.headers['Retry-After'] !== undefined
  const isAnswered = !isRefused && takeAnswer(asked, response)
  if (isInPeace) return
  turnsRefused.add(isRefused)
  if (isAnswered) admittedTurnDuration.add(response.timings.duration)
}

export const teardown = lookAfterwards
