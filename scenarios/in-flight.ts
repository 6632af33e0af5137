/**
 * So many turns in flight all the time, begun within a fifth of a second: the model takes half a second for each, so that what
 * they fight for is not the gateway's processor but the places that each of them needs, above all connections to the
 * database. As many come before those that are measured, and open the connections: what a hundredth waits for is to be a
 * connection that somebody else has, and not one that is only being made.
 *
 * Shows row 7 of the list of optimisations, over PostgreSQL. Runs on stock k6 too.
 *
 *   IN_FLIGHT turns at once, SECONDS, GATHER_SECONDS before them, MODEL_MS that the model takes, BASE_URL, STUB_URL
 */
import { sleep } from 'k6'
import exec from 'k6/execution'
import type { Options } from 'k6/options'
import { lookAfterwards, nothingLeft } from './lib/afterwards.ts'
import { answersRight } from './lib/answers.ts'
import { keyOf, putSession, setting, takeTurn, turnsAnswered } from './lib/turn.ts'

const inFlight = setting('IN_FLIGHT', 100)
const seconds = setting('SECONDS', 8)
const gatherSeconds = setting('GATHER_SECONDS', 2)
const modelMs = setting('MODEL_MS', 500)
const beginWithinS = 0.2

const crowd = (options: { duration: string; startTime?: string }) =>
  ({ executor: 'constant-vus', vus: inFlight, gracefulStop: '10s', ...options }) as const

export const options: Options = {
  scenarios: {
    gather: crowd({ duration: `${gatherSeconds}s` }),
    // All turns of those who gathered have ended by then.
    crowd: crowd({ startTime: `${gatherSeconds + 2 * (modelMs / 1000) + 1}s`, duration: `${seconds}s` }),
  },
  setupTimeout: '60s',
  ext: {
    weir: {
      primary: 'turn_intended_duration{scenario:crowd} p(99)',
      voidUnless: { ...answersRight, ...turnsAnswered, ...nothingLeft },
    },
  },
}

export function setup(): void {
  // The users of one k6 scenario may be others than those of the next.
  for (let session = 0; session < 2 * inFlight; session++) putSession(`in-flight-${session}`, keyOf(session))
}

export default function turns(): void {
  const session = exec.vu.idInTest - 1
  const turn = exec.vu.iterationInInstance
  // All in one moment would be more than the model can answer in one; connections take longer to open.
  const withinS = exec.scenario.name === 'gather' ? gatherSeconds / 2 : beginWithinS
  if (exec.vu.iterationInScenario === 0) sleep(withinS * Math.random())
  takeTurn({ session: `in-flight-${session}`, turn, content: `stub:take-${modelMs}`, key: keyOf(session) })
}

export const teardown = lookAfterwards
