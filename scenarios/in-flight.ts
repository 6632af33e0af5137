/**
 * So many turns in flight all the time, begun in the same moment: the model takes half a second for each, so that what
 * they fight for is not the gateway's processor but the places that each of them needs, above all connections to the
 * database.
 *
 * Shows row 7 of the list of optimisations, over PostgreSQL. Runs on stock k6 too.
 *
 *   IN_FLIGHT turns at once, SECONDS, MODEL_MS that the model takes, BASE_URL, STUB_URL
 */
import exec from 'k6/execution'
import type { Options } from 'k6/options'
import { lookAfterwards, nothingLeft } from './lib/afterwards.ts'
import { answersRight } from './lib/answers.ts'
import { keyOf, putSession, setting, takeTurn } from './lib/turn.ts'

const inFlight = setting('IN_FLIGHT', 100)
const seconds = setting('SECONDS', 8)
const modelMs = setting('MODEL_MS', 500)

export const options: Options = {
  scenarios: { crowd: { executor: 'constant-vus', vus: inFlight, duration: `${seconds}s`, gracefulStop: '10s' } },
  setupTimeout: '60s',
  ext: {
    weir: {
      primary: 'turn_intended_duration{scenario:crowd} p(99)',
      voidUnless: { ...answersRight, ...nothingLeft },
    },
  },
}

export function setup(): void {
  for (let session = 0; session < inFlight; session++) putSession(`in-flight-${session}`, keyOf(session))
}

export default function turns(): void {
  const session = exec.vu.idInTest - 1
  const turn = exec.vu.iterationInScenario
  takeTurn({ session: `in-flight-${session}`, turn, content: `stub:take-${modelMs}`, key: keyOf(session) })
}

export const teardown = lookAfterwards
