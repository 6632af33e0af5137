import { parseThreshold } from '../../metrics/thresholds.ts'
import type { Phase } from '../../record/schema.ts'
import type { Condition } from '../port.ts'
import type { TestPlan } from '../sessions/load-test/part.ts'
import type { Scenario } from './scenario.ts'

/** The one phase of a load of this engine. */
export const phaseName = 'load'

export const phasesOf = (scenario: Scenario): Phase[] => {
  const startS = scenario.connecting / 1000
  return [{ name: phaseName, startS, endS: startS + scenario.duration / 1000 }]
}

/**
 * What a reader of the numbers must know of autocannon 9. Its `ignoreCoordinatedOmission` is refused where there is no rate, and
 * there never is one here: nothing is filled up, and each latency is that of an answer that came.
 */
const remarks = [
  'latencies are those of autocannon’s own clock, from when it hands a request over to when it has read the answer; what it keeps itself has a resolution of 1 ms, here they are recorded as it tells them, in microseconds',
  'closed loop of a fixed number of connections: intended start and sending are one, a slow server is asked less often',
]

/** What a load of this engine is going to do. */
export function planOf(scenario: Scenario, digest: string): TestPlan {
  const { connections, pipelining, connecting, duration, primary } = scenario
  return {
    scenarios: [{ name: phaseName, durationMs: connecting + duration }],
    thresholds: [],
    thresholdTargets: [],
    handlesSummary: false,
    notes: {
      primary,
      operation: 'iterations',
      capacity: [],
      fixedConcurrency: [phaseName],
      sessionsHeldIn: null,
      phases: null,
      voidUnless: [
        condition('iterations', 'count>0'),
        condition('http_req_lost', 'count==0'),
        condition('connections_missing', 'count==0'),
      ],
    },
    phases: phasesOf(scenario),
    maxVUs: connections,
    durationS: (connecting + duration) / 1000,
    descriptions: [
      `${phaseName}: ${connections} connections${pipelining > 1 ? `, ${pipelining} requests at once on each,` : ''} for ${duration / 1000}s`,
    ],
    summaryTrendStats: ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)'],
    declared: [],
    remarks,
    warnings: [],
    digest,
  }
}

/**
 * An engine that lost track of requests says nothing of their latencies, one that got no right answer nothing at all, and one
 * without all of its connections nothing of so many.
 */
const condition = (metric: string, expression: string): Condition => ({
  metric,
  key: metric,
  tags: {},
  threshold: parseThreshold(expression),
})
