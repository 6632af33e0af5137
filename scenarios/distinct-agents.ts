/**
 * A thousand agents, each asked now and then: does the gateway keep all that it ever loaded, or what is in use?
 *
 * Shows row 18 of the list of optimisations: memory in the phase `end`, when all agents have been asked. Runs on stock
 * k6 too, which knows nothing of memory.
 *
 *   AGENTS, RATE turns/s, SECONDS (all agents are asked in three quarters of them, if RATE suffices), BASE_URL, STUB_URL
 */
import exec from 'k6/execution'
import type { Options } from 'k6/options'
import { lookAfterwards, nothingLeft } from './lib/afterwards.ts'
import { answersRight } from './lib/answers.ts'
import { keyOf, putSession, question, setting, takeTurn, turnsAnswered } from './lib/turn.ts'

const agents = setting('AGENTS', 1_000)
const rate = setting('RATE', 150)
const seconds = setting('SECONDS', 10)
/** Everything has been asked for by then. */
const endS = 0.75 * seconds

export const options: Options = {
  scenarios: {
    agents: {
      executor: 'constant-arrival-rate',
      rate,
      timeUnit: '1s',
      duration: `${seconds}s`,
      preAllocatedVUs: 60,
      maxVUs: 600,
      gracefulStop: '5s',
    },
  },
  setupTimeout: '60s',
  ext: {
    weir: {
      primary: 'target_rss_mean{phase:end} value',
      phases: { agents: { start: '0s', end: `${seconds}s` }, end: { start: `${endS}s`, end: `${seconds}s` } },
      voidUnless: { ...answersRight, ...turnsAnswered, ...nothingLeft },
    },
  },
}

export function setup(): void {
  for (let agent = 0; agent < agents; agent++) putSession(`agents-${agent}`, keyOf(agent), { agent: `agent-${agent}` })
}

export default function ask(): void {
  const iteration = exec.scenario.iterationInTest
  const agent = iteration % agents
  const turn = Math.floor(iteration / agents)
  takeTurn({ session: `agents-${agent}`, turn, content: question(turn), key: keyOf(agent) })
}

export const teardown = lookAfterwards
