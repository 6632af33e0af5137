/**
 * Long and gentle: JSON turns and streams at a rate that tires nobody, for as long as you like. Told so, the database
 * fails for a part of it: turns of that part may fail, nothing that was acknowledged may be lost, and afterwards
 * everything must be as before.
 *
 * Shows row 13 of the list of optimisations (with the fault), and leaks of any row (without). Runs on stock k6 too.
 *
 *   turns_failed_calm            failures outside of the fault; void unless there is none
 *   expiry_attempts_per_minute   while the database failed: how often the background expiry tried
 *   expiry_failures_told         how many of its failures the gateway counted, and so told of
 *
 *   RATE turns/s, SECONDS, FAULT_URL of the line to the database (POST /break, /mend), FAULT_FROM, FAULT_SECONDS, CALM_AFTER_SECONDS that
 *   recovery may take, BASE_URL, STUB_URL
 */
import { sleep } from 'k6'
import exec from 'k6/execution'
import http from 'k6/http'
import { Counter, Gauge } from 'k6/metrics'
import type { Options } from 'k6/options'
import { lookAfterwards, nothingLeft } from './lib/afterwards.ts'
import { answersRight } from './lib/answers.ts'
import { metricsPage, sumOf } from './lib/gauges.ts'
import { keyOf, putSession, question, setting, takeTurn } from './lib/turn.ts'

const rate = setting('RATE', 20)
const seconds = setting('SECONDS', 600)
const sessions = 100
const faultUrl = __ENV.FAULT_URL || ''
const faultFromS = setting('FAULT_FROM', seconds / 3)
const faultS = setting('FAULT_SECONDS', seconds / 3)
const calmAfterS = setting('CALM_AFTER_SECONDS', 5)

const turnsFailedCalm = new Counter('turns_failed_calm')
const expiryAttemptsPerMinute = new Gauge('expiry_attempts_per_minute')
const expiryFailuresTold = new Gauge('expiry_failures_told')

const fault = {
  executor: 'per-vu-iterations',
  exec: 'breakDatabase',
  vus: 1,
  iterations: 1,
  startTime: `${faultFromS}s`,
  maxDuration: `${faultS + 2}s`,
} as const

export const options: Options = {
  scenarios: {
    turns: {
      executor: 'constant-arrival-rate',
      rate,
      timeUnit: '1s',
      duration: `${seconds}s`,
      preAllocatedVUs: 20,
      maxVUs: 400,
      gracefulStop: '30s',
    },
    ...(faultUrl === '' ? {} : { fault }),
  },
  ext: {
    weir: {
      primary: 'turn_intended_duration{scenario:turns} p(99)',
      phases: { turns: { start: '0s', end: `${seconds}s` } },
      better: { expiry_attempts_per_minute: 'lower' },
      voidUnless: { ...answersRight, ...nothingLeft, turns_failed_calm: ['count==0'] },
    },
  },
}

export function setup(): void {
  for (let session = 0; session < sessions; session++) putSession(`soak-${session}`, keyOf(session))
}

export default function turns(): void {
  const iteration = exec.scenario.iterationInTest
  const session = iteration % sessions
  const turn = Math.floor(iteration / sessions)
  const beganS = exec.instance.currentTestRunDuration / 1000
  const isGood = takeTurn({ session: `soak-${session}`, turn, content: question(turn), key: keyOf(session) })
  if (!isGood && isCalm(beganS)) turnsFailedCalm.add(1)
}

/** Neither just before the fault, where a turn may run into it, nor in it, nor while the gateway recovers. */
const isCalm = (atS: number): boolean =>
  faultUrl === '' || atS < faultFromS - 1 || atS > faultFromS + faultS + calmAfterS

export function breakDatabase(): void {
  tellFault('break')
  const before = metricsPage()
  sleep(faultS)
  const after = metricsPage()
  tellFault('mend')
  const grown = (name: string): number => (sumOf(after, name) ?? Number.NaN) - (sumOf(before, name) ?? Number.NaN)
  const attempts = grown('gateway_expiry_attempts')
  if (Number.isNaN(attempts)) return
  expiryAttemptsPerMinute.add((60 * attempts) / faultS)
  expiryFailuresTold.add(grown('gateway_expiry_failures'))
}

function tellFault(what: 'break' | 'mend'): void {
  const { status } = http.post(`${faultUrl}/${what}`)
  if (status !== 200) throw new Error(`the database could not be told to ${what}: ${status}`)
}

export const teardown = lookAfterwards
