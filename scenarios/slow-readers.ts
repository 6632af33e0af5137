/**
 * Clients that ask for very long answers and then do not read: their connections fill up. The gateway must stop reading
 * from the model then, and its memory must not grow by what nobody takes; others must not notice.
 *
 * Shows row 23 of the list of optimisations (what happens under backpressure). Runs on weir; stock k6 needs the
 * extension xk6-sse.
 *
 *   turn_intended_duration{scenario:others}   of those who read
 *   stalled_bytes_asked                       what the slow readers asked for in all, at about 55 bytes a token
 *
 *   READERS that are slow, TOKENS they ask for, HOLD_SECONDS that they do not read, FINISHERS of them that read on
 *   afterwards, RATE of the others a second, BASE_URL, STUB_URL
 */
import { sleep } from 'k6'
import exec from 'k6/execution'
import { Counter } from 'k6/metrics'
import type { Options } from 'k6/options'
import { lookAfterwards, nothingLeft } from './lib/afterwards.ts'
import { answersRight } from './lib/answers.ts'
import { streamTurn } from './lib/stream.ts'
import { keyOf, putSession, question, setting, takeTurn } from './lib/turn.ts'

const readers = setting('READERS', 40)
const tokens = setting('TOKENS', 50_000)
const holdS = setting('HOLD_SECONDS', 7)
const finishers = setting('FINISHERS', 2)
const rate = setting('RATE', 40)
const bytesOfToken = 55

const stalledBytesAsked = new Counter('stalled_bytes_asked')

export const options: Options = {
  scenarios: {
    slow: {
      executor: 'per-vu-iterations',
      exec: 'readSlowly',
      vus: readers,
      iterations: 1,
      maxDuration: `${holdS + 20}s`,
      gracefulStop: '5s',
    },
    others: {
      executor: 'constant-arrival-rate',
      exec: 'others',
      rate,
      timeUnit: '1s',
      duration: `${holdS}s`,
      preAllocatedVUs: 20,
      maxVUs: 200,
      gracefulStop: '5s',
    },
  },
  setupTimeout: '60s',
  ext: {
    weir: {
      primary: 'target_rss_peak{phase:hold} value',
      phases: { hold: { start: `${holdS / 10}s`, end: `${holdS}s` } },
      voidUnless: { ...answersRight, ...nothingLeft },
    },
  },
}

export function setup(): void {
  for (let session = 0; session < readers; session++) putSession(`slow-${session}`, keyOf(session))
  for (let session = 0; session < rate; session++) putSession(`others-${session}`, keyOf(session))
}

export function readSlowly(): void {
  const reader = exec.scenario.iterationInTest
  stalledBytesAsked.add(tokens * bytesOfToken)
  const asked = {
    session: `slow-${reader}`,
    turn: 0,
    content: `stub:tokens-${tokens} stub:gap-0`,
    key: keyOf(reader),
    tokens,
  }
  const hold = (index: number): void => {
    if (index === 0) sleep(holdS)
  }
  if (reader < finishers) streamTurn(asked, { onToken: hold })
  else streamTurn(asked, { onToken: hold, leaveAfter: 1 })
}

export function others(): void {
  const iteration = exec.scenario.iterationInTest
  const session = iteration % rate
  const turn = Math.floor(iteration / rate)
  takeTurn({ session: `others-${session}`, turn, content: question(turn), key: keyOf(session) })
}

export const teardown = lookAfterwards
