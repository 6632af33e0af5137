/**
 * The first people after a start: how long until the gateway is ready (weir sees that itself), and how long does the
 * very first turn take, beside those that follow? The target must be cold: no warm-up before this one.
 *
 * Shows rows 17 and 28 of the list of optimisations. Runs on stock k6 too, against a gateway that has just started.
 *
 *   first_turn_duration   of the first turn of all; next_turn_duration: of the others
 *
 *   TURNS, one after the other, BASE_URL, STUB_URL
 */
import exec from 'k6/execution'
import { Trend } from 'k6/metrics'
import type { Options } from 'k6/options'
import { lookAfterwards, nothingLeft } from './lib/afterwards.ts'
import { answersRight } from './lib/answers.ts'
import { keyOf, now, putSession, setting, takeTurn, turnsAnswered } from './lib/turn.ts'

const turns = setting('TURNS', 20)

const firstTurnDuration = new Trend('first_turn_duration', true)
const nextTurnDuration = new Trend('next_turn_duration', true)

export const options: Options = {
  scenarios: { first: { executor: 'per-vu-iterations', vus: 1, iterations: turns, maxDuration: `${1 + turns / 5}s` } },
  ext: {
    weir: {
      primary: 'target_boot value',
      voidUnless: { ...answersRight, ...turnsAnswered, ...nothingLeft },
    },
  },
}

export function setup(): void {
  putSession('boot', keyOf(0), { agent: 'agent-0' })
}

export default function first(): void {
  const turn = exec.scenario.iterationInTest
  const beganMs = now()
  // The model's own time is the same for all.
  if (!takeTurn({ session: 'boot', turn, content: 'stub:take-20', key: keyOf(0) })) return
  const trend = turn === 0 ? firstTurnDuration : nextTurnDuration
  trend.add(now() - beganMs)
}

export const teardown = lookAfterwards
