/**
 * JSON turns: first at a constant arrival rate, which nothing that the gateway does can slow down (open model), then a
 * closed loop that takes all it can get, which measures its capacity.
 *
 * Shows rows 1, 4, 5 and 25 of the list of optimisations. Runs on stock k6 too.
 *
 *   RATE turns/s, SECONDS of them, CAPACITY_USERS looping for CAPACITY_SECONDS, SESSIONS in use, BASE_URL
 */
import { check } from 'k6'
import exec from 'k6/execution'
import http from 'k6/http'
import type { Options } from 'k6/options'
import { apiKeys, baseUrl, recordWholeTurn, setting, tokensPerTurn } from './lib/turn.ts'

const rate = setting('RATE', 250)
const seconds = setting('SECONDS', 10)
const capacityUsers = setting('CAPACITY_USERS', 400)
const capacitySeconds = setting('CAPACITY_SECONDS', 4)
const sessions = setting('SESSIONS', 200)

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
    capacity: {
      executor: 'constant-vus',
      vus: capacityUsers,
      startTime: `${seconds + 0.5}s`,
      duration: `${capacitySeconds}s`,
      gracefulStop: '5s',
    },
  },
  ext: { weir: { primary: 'turn_intended_duration{scenario:paced} p(50)', capacity: ['capacity'] } },
}

const keyOf = (session: number): string => apiKeys[session % apiKeys.length] as string

export function setup(): void {
  for (let session = 0; session < sessions; session++) {
    const response = http.put(`${baseUrl}/v1/sessions/turns-${session}`, null, {
      headers: { 'x-api-key': keyOf(session) },
    })
    if (response.status !== 201 && response.status !== 200)
      throw new Error(`session turns-${session} could not be made: ${response.status} ${response.error}`)
  }
}

export default function turns(): void {
  // By the number of the iteration, not of the user: every variant gets the same turns in the same order.
  const iteration = exec.scenario.iterationInTest
  const session = iteration % sessions
  const turn = Math.floor(iteration / sessions) + (exec.scenario.name === 'capacity' ? 1_000_000 : 0)
  const response = http.post(
    http.url`${baseUrl}/v1/sessions/turns-${session}/turns`,
    JSON.stringify({ turn, content: `What is the answer to question ${turn}?` }),
    { headers: { 'content-type': 'application/json', 'x-api-key': keyOf(session) } },
  )
  const isGood = check(response, {
    'the turn was answered': (r) => r.status === 200,
    'the answer is whole and its own': (r) => {
      const answer = r.status === 200 ? (r.json() as { turn: number; tokens: number }) : null
      return answer !== null && answer.turn === turn && answer.tokens === tokensPerTurn
    },
  })
  recordWholeTurn(response.timings, isGood)
}
