/**
 * Long and gentle: JSON turns at a rate that tires nobody, for as long as you like. Told so, the database fails for a part of
 * it: turns of that part may fail, what was answered has to be kept for it, and afterwards everything must be as before.
 *
 * Shows row 13 of the list of optimisations (with the fault), and leaks of any row (without). Runs on stock k6 too.
 *
 *   turns_failed_calm            failures outside of the fault; void unless there is none
 *   turns_unaccounted            turns that were answered less those that their sessions count at the end; void where any is missing.
 *                                (One whose client had given up may be counted.) The gateway has that from memory, which is
 *                                ahead of the database
 *   updates_failed               turns whose row, or whose session in memory, came to nothing, and
 *   changes_unstored             changes that still wait for the database in the end; void unless both are 0. That a row is there is
 *                                thus what the gateway says of it: tests look into the database itself (test/reference-server)
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
import { baseUrl, keyOf, putSession, question, setting, takeTurn } from './lib/turn.ts'

const rate = setting('RATE', 20)
const seconds = setting('SECONDS', 600)
const sessions = 100
const faultUrl = __ENV.FAULT_URL || ''
const faultFromS = setting('FAULT_FROM', seconds / 3)
const faultS = setting('FAULT_SECONDS', seconds / 3)
const calmAfterS = setting('CALM_AFTER_SECONDS', 5)
/** What is left to store when the load ends. */
const storeWithinS = 5
const lookEveryS = 0.05

const turnsFailedCalm = new Counter('turns_failed_calm')
const turnsUnaccounted = new Counter('turns_unaccounted')
const updatesFailed = new Gauge('updates_failed')
const changesUnstored = new Gauge('changes_unstored')
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
      voidUnless: {
        ...answersRight,
        ...nothingLeft,
        turns_failed_calm: ['count==0'],
        turns_unaccounted: ['count<=0'],
        updates_failed: ['value==0'],
        changes_unstored: ['value==0'],
      },
    },
  },
}

export function setup(): void {
  for (let session = 0; session < sessions; session++) {
    putSession(`soak-${session}`, keyOf(session))
    // What it counts already is none of this load.
    turnsUnaccounted.add(turnsOf(session))
  }
}

export default function turns(): void {
  const iteration = exec.scenario.iterationInTest
  const session = iteration % sessions
  const turn = Math.floor(iteration / sessions)
  const beganS = exec.instance.currentTestRunDuration / 1000
  const isGood = takeTurn({ session: `soak-${session}`, turn, content: question(turn), key: keyOf(session) })
  if (isGood) turnsUnaccounted.add(1)
  else if (isCalm(beganS)) turnsFailedCalm.add(1)
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

export function teardown(): void {
  lookAfterwards()
  lookForLosses()
}

function lookForLosses(): void {
  let page = metricsPage()
  const isStored = (): boolean => sumOf(page, 'gateway_store_writes_pending') === 0
  for (let waitedS = 0; waitedS < storeWithinS && !isStored(); waitedS += lookEveryS) {
    sleep(lookEveryS)
    page = metricsPage()
  }
  const failed = sumOf(page, 'gateway_context_updates_failed')
  const unstored = sumOf(page, 'gateway_store_writes_pending')
  // What the gateway does not tell is not recorded: a condition on it does not hold then.
  if (failed !== undefined) updatesFailed.add(failed)
  if (unstored !== undefined) changesUnstored.add(unstored)
  for (let session = 0; session < sessions; session++) turnsUnaccounted.add(-turnsOf(session))
}

/** As its session counts them; none where it is not there any more. */
function turnsOf(session: number): number {
  const response = http.get(http.url`${baseUrl}/v1/sessions/soak-${session}`, {
    headers: { 'x-api-key': keyOf(session) },
  })
  return response.status === 200 ? (response.json() as { turns: number }).turns : 0
}
