/**
 * Clients that ask for answers of many megabytes and then do not read: their connections fill up, which takes the
 * system 4 to 8 MB each. The gateway must stop reading from the model then, and its memory must not grow by what nobody
 * takes; others must not notice.
 *
 * Shows row 23 of the list of optimisations (what happens under backpressure). Runs on weir; stock k6 needs the
 * extension xk6-sse.
 *
 *   turn_intended_duration{scenario:others}   of those who read
 *   stalled_bytes_asked                       what the slow readers asked for in all
 *   memory_growth_mb                          what the gateway's resident memory had grown by in the middle and at the end of a reader's
 *                                             not reading; the trial is void where it is more than follows from what may wait for all
 *
 *   READERS that are slow, TOKENS they ask for of WIDTH characters, HOLD_SECONDS that they do not read, FINISHERS of them that read on
 *   afterwards, RATE of the others a second, BASE_URL, STUB_URL
 */
import { sleep } from 'k6'
import exec from 'k6/execution'
import { Counter, Trend } from 'k6/metrics'
import type { Options } from 'k6/options'
import { lookAfterwards, nothingLeft } from './lib/afterwards.ts'
import { answersRight } from './lib/answers.ts'
import { metricsPage, sumOf } from './lib/gauges.ts'
import { streamTurn } from './lib/stream.ts'
import { keyOf, putSession, question, setting, takeTurn } from './lib/turn.ts'

const readers = setting('READERS', 20)
const tokens = setting('TOKENS', 2_500)
const width = setting('WIDTH', 4_000)
const holdS = setting('HOLD_SECONDS', 7)
const finishers = setting('FINISHERS', 1)
const rate = setting('RATE', 40)

const stalledBytesAsked = new Counter('stalled_bytes_asked')
const memoryGrowthMb = new Trend('memory_growth_mb')

/**
 * What a reader may cost. The gateway keeps the text of an answer as far as the model was read, which is what the
 * system's buffers took of it: 4.2 MB to be sent and up to 3.5 MB come and not read, by Linux' own defaults. Before them
 * wait 64 Ki characters and a token, as text, as events and in the buffers of the two connections: less than 1 MB. Pages
 * that held all this once more on its way through are not given back at once, so a reader costs up to twice as much.
 */
const mostOfReaderMb = 16
/** Garbage that is not collected yet, code that is compiled meanwhile, turns of the others, a reader that reads on. */
const slackMb = 96
const mostGrowthMb = readers * mostOfReaderMb + slackMb

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
      better: { memory_growth_mb: 'lower' },
      voidUnless: { ...answersRight, ...nothingLeft, memory_growth_mb: [`max<${mostGrowthMb}`] },
    },
  },
}

/** What `setup()` tells the users. */
interface Before {
  residentMb: number
}

export function setup(): Before {
  for (let session = 0; session < readers; session++) putSession(`slow-${session}`, keyOf(session))
  for (let session = 0; session < rate; session++) putSession(`others-${session}`, keyOf(session))
  return { residentMb: residentMb() }
}

export function readSlowly(before: Before): void {
  const reader = exec.scenario.iterationInTest
  stalledBytesAsked.add(tokens * width)
  const asked = {
    session: `slow-${reader}`,
    turn: 0,
    content: `stub:tokens-${tokens} stub:width-${width} stub:gap-0`,
    key: keyOf(reader),
    tokens,
    width,
  }
  const hold = (index: number): void => {
    if (index > 0) return
    for (let half = 0; half < 2; half++) {
      sleep(holdS / 2)
      lookAtMemory(before)
    }
    // Answers that are read to their end are put together, kept and stored: not while the others look.
    if (reader < finishers) sleep(holdS / 2)
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

/** Where the gateway does not tell its memory nothing is recorded, and the condition does not hold. */
function lookAtMemory(before: Before): void {
  const grownMb = residentMb() - before.residentMb
  if (Number.isFinite(grownMb)) memoryGrowthMb.add(grownMb)
}

const residentMb = (): number => (sumOf(metricsPage(), 'process_resident_memory_bytes') ?? Number.NaN) / 1e6

export const teardown = lookAfterwards
