/**
 * One app asks for far more turns than it may have, over connections that end up at all workers: does the limit hold
 * for the app, or for each worker of the gateway?
 *
 * Shows row 9 of the list of optimisations, with several workers. Runs on stock k6 too.
 *
 *   let_through_of_allowed   `count`: turns let through, divided by those that the limit allows in these windows; 1 is right
 *   turns_refused            with 429 and Retry-After; refused_wrongly: refused in another way
 *
 *   LIMIT turns in WINDOW_MS (as the gateway is told: RATE_LIMIT_TURNS, RATE_LIMIT_WINDOW_MS), WINDOWS of them,
 *   TIMES as many as allowed are asked for, BASE_URL, STUB_URL
 */
import { sleep } from 'k6'
import exec from 'k6/execution'
import { Counter, Rate } from 'k6/metrics'
import type { Options } from 'k6/options'
import { lookAfterwards, nothingLeft } from './lib/afterwards.ts'
import { answersRight } from './lib/answers.ts'
import { postTurn, putSession, setting, takeAnswer } from './lib/turn.ts'

const limit = setting('LIMIT', 50)
const windowMs = setting('WINDOW_MS', 1_000)
const windows = setting('WINDOWS', 8)
const times = setting('TIMES', 6)
const sessions = 50
/** Who asks for much less than that finds no limit. */
const mostDropped = 0.1 * limit * times * windows
const key = 'key-a'

const letThroughOfAllowed = new Counter('let_through_of_allowed')
const turnsRefused = new Rate('turns_refused')
const refusedWrongly = new Counter('refused_wrongly')

export const options: Options = {
  scenarios: {
    greedy: {
      executor: 'constant-arrival-rate',
      rate: limit * times,
      timeUnit: `${windowMs}ms`,
      duration: `${windows * windowMs}ms`,
      preAllocatedVUs: 100,
      maxVUs: 600,
      gracefulStop: '5s',
    },
  },
  // The system gives each new connection to one of the workers.
  noVUConnectionReuse: true,
  ext: {
    weir: {
      primary: 'let_through_of_allowed count',
      better: { let_through_of_allowed: 'lower' },
      voidUnless: {
        ...answersRight,
        ...nothingLeft,
        refused_wrongly: ['count==0'],
        turns_refused: ['rate>0'],
        dropped_iterations: [`count<${mostDropped}`],
      },
    },
  },
}

export function setup(): void {
  for (let session = 0; session < sessions; session++) putSession(`limited-${session}`, key)
  // What was let through before, as by a warm-up, is out of the window then.
  sleep(windowMs / 1000)
}

export default function greedy(): void {
  const iteration = exec.scenario.iterationInTest
  const session = `limited-${iteration % sessions}`
  const turn = Math.floor(iteration / sessions)
  const asked = { session, turn, content: 'stub:take-0', key }
  const response = postTurn(asked, 429)
  turnsRefused.add(response.status === 429)
  if (response.status === 429) {
    if (!(Number(response.headers['Retry-After']) > 0)) refusedWrongly.add(1)
  } else if (takeAnswer(asked, response)) letThroughOfAllowed.add(1 / (limit * windows))
  else refusedWrongly.add(1)
}

export const teardown = lookAfterwards
