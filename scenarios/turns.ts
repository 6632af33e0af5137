/**
 * JSON turns: first at a constant arrival rate, which nothing that the gateway does can slow down (open model), then a
 * closed loop that takes all it can get, which measures its capacity.
 *
 * Shows rows 1, 4, 5, 6, 10, 11, 19, 20, 25 and 29 of the list of optimisations, with long histories 21. Runs on stock k6
 * too.
 *
 *   RATE turns/s, SECONDS of them, CAPACITY_USERS looping for CAPACITY_SECONDS (0: not at all), SESSIONS in use, HISTORY
 *   messages that each has had before (MAX_BODY_BYTES of the gateway must allow them), BASE_URL, STUB_URL
 */
import exec from 'k6/execution'
import type { Options } from 'k6/options'
import { lookAfterwards, nothingLeft } from './lib/afterwards.ts'
import { answersRight } from './lib/answers.ts'
import { pastConversation } from './lib/history.ts'
import { keyOf, putSession, question, setting, takeTurn, turnsAnswered } from './lib/turn.ts'

const rate = setting('RATE', 250)
const seconds = setting('SECONDS', 10)
const capacityUsers = setting('CAPACITY_USERS', 400)
const capacitySeconds = setting('CAPACITY_SECONDS', 4)
const sessions = setting('SESSIONS', 200)
const history = setting('HISTORY', 0)

const capacity = {
  executor: 'constant-vus',
  vus: capacityUsers,
  startTime: `${seconds + 0.5}s`,
  duration: `${capacitySeconds}s`,
  gracefulStop: '5s',
} as const
const hasCapacity = capacitySeconds > 0

export const options: Options = {
  scenarios: {
    paced: {
      executor: 'constant-arrival-rate',
      rate,
      timeUnit: '1s',
      duration: `${seconds}s`,
      preAllocatedVUs: 150,
      maxVUs: 600,
      gracefulStop: '5s',
    },
    ...(hasCapacity ? { capacity } : {}),
  },
  setupTimeout: '60s',
  ext: {
    weir: {
      primary: 'turn_intended_duration{scenario:paced} p(50)',
      capacity: hasCapacity ? ['capacity'] : [],
      voidUnless: { ...answersRight, ...turnsAnswered, ...nothingLeft },
    },
  },
}

export function setup(): void {
  const details = history > 0 ? { messages: pastConversation(history) } : null
  for (let session = 0; session < sessions; session++) putSession(`turns-${session}`, keyOf(session), details)
}

export default function turns(): void {
  // By the number of the iteration, not of the user: every variant gets the same turns in the same order.
  const iteration = exec.scenario.iterationInTest
  const session = iteration % sessions
  const turn = Math.floor(iteration / sessions) + (exec.scenario.name === 'capacity' ? 1_000_000 : 0)
  takeTurn({ session: `turns-${session}`, turn, content: question(turn), key: keyOf(session) })
}

export const teardown = lookAfterwards
