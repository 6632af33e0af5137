/**
 * Clients that ask for answers of many megabytes and then do not read: their connections fill up, which takes the
 * system 4 to 8 MB each, and as much again those to the model. The gateway must stop reading from the model then: what
 * nobody takes has to stay there; others must not notice. One whose delivery gathers all that comes (`polling`, and so
 * `legacy`) does not do that, and its trials are void.
 *
 * Shows row 23 of the list of optimisations (what happens under backpressure). Runs on weir; stock k6 needs the
 * extension xk6-sse.
 *
 *   turn_intended_duration{scenario:others}   of those who read
 *   stalled_bytes_asked                       what the slow readers asked for in all
 *   stream_text_waiting                       characters that the gateway held for its slow readers, in the middle and at the end of
 *                                             a reader's not reading; the trial is void where it is more than may wait for all, or unknown
 *   answers_let_go                            answers that the model had got rid of by then, though nobody read them; void unless none
 *   memory_growth_mb                          what the gateway's resident memory had grown by; for reading, nothing depends on it
 *
 *   READERS that are slow, TOKENS they ask for of WIDTH characters (in all more than the system's buffers take), HOLD_SECONDS that they
 *   do not read, FINISHERS of them that read on afterwards, RATE of the others a second, BASE_URL, STUB_URL (needed)
 */
import { sleep } from 'k6'
import exec from 'k6/execution'
import { Counter, Trend } from 'k6/metrics'
import type { Options } from 'k6/options'
import { isStillAnswered, needStub } from './lib/aborts.ts'
import { lookAfterwards, nothingLeft } from './lib/afterwards.ts'
import { answersRight } from './lib/answers.ts'
import { metricsPage, sumOf } from './lib/gauges.ts'
import { streamTurn } from './lib/stream.ts'
import { keyOf, putSession, question, setting, takeTurn } from './lib/turn.ts'

const readers = setting('READERS', 10)
const tokens = setting('TOKENS', 5_000)
const width = setting('WIDTH', 4_000)
const holdS = setting('HOLD_SECONDS', 7)
const finishers = setting('FINISHERS', 1)
const rate = setting('RATE', 40)
needStub()

const stalledBytesAsked = new Counter('stalled_bytes_asked')
const streamTextWaiting = new Trend('stream_text_waiting')
const answersLetGo = new Counter('answers_let_go')
const memoryGrowthMb = new Trend('memory_growth_mb')

/** The gateway lets no longer answer through, in characters: who means to read on asks for no more. */
const longestAnswer = 10_000_000
const tokensReadOn = Math.min(tokens, Math.floor(longestAnswer / width))

/** What may wait for a reader, in characters: as much as makes the gateway hold the model back, and what it had read by then. */
const mostWaiting = 65_536 + 70_000

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
      voidUnless: {
        ...answersRight,
        ...nothingLeft,
        stream_text_waiting: [`max<${readers * mostWaiting}`],
        answers_let_go: ['count==0'],
      },
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
  return { residentMb: residentMb(metricsPage()) }
}

export function readSlowly(before: Before): void {
  const reader = exec.scenario.iterationInTest
  const readsOn = reader < finishers
  const asksFor = readsOn ? tokensReadOn : tokens
  stalledBytesAsked.add(asksFor * width)
  const asked = {
    session: `slow-${reader}`,
    turn: 0,
    content: `stub:tokens-${asksFor} stub:width-${width} stub:gap-0`,
    key: keyOf(reader),
    tokens: asksFor,
    width,
  }
  const hold = (index: number): void => {
    if (index > 0) return
    for (let half = 0; half < 2; half++) {
      sleep(holdS / 2)
      lookAtGateway(before)
      // A shorter answer may be on its way with all that is left of it.
      if (!readsOn && !isStillAnswered(asked.session, asked.turn)) answersLetGo.add(1)
    }
    // Answers that are read to their end are put together, kept and stored: not while the others look.
    if (readsOn) sleep(holdS / 2)
  }
  if (readsOn) streamTurn(asked, { onToken: hold })
  else streamTurn(asked, { onToken: hold, leaveAfter: 1 })
}

export function others(): void {
  const iteration = exec.scenario.iterationInTest
  const session = iteration % rate
  const turn = Math.floor(iteration / rate)
  takeTurn({ session: `others-${session}`, turn, content: question(turn), key: keyOf(session) })
}

/** What the gateway does not tell is not recorded: a condition on it does not hold then. */
function lookAtGateway(before: Before): void {
  const page = metricsPage()
  const waiting = sumOf(page, 'gateway_stream_text_waiting')
  if (waiting !== undefined) streamTextWaiting.add(waiting)
  const grownMb = residentMb(page) - before.residentMb
  if (Number.isFinite(grownMb)) memoryGrowthMb.add(grownMb)
}

const residentMb = (page: string): number => (sumOf(page, 'process_resident_memory_bytes') ?? Number.NaN) / 1e6

export const teardown = lookAfterwards
