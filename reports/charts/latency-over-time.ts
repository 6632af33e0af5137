import type { ScenarioView } from '../view.ts'
import { overTime } from './over-time.ts'
import { intendedName, serviceName } from './percentiles.ts'

/** The primary metric where it is a latency, else HTTP's, else an iteration's; of each the intended one first. */
export const latencies = (scenario: ScenarioView, stat: string) =>
  [scenario.primary.metric, 'http_req_duration', 'iteration_duration'].flatMap((metric) => [
    { metric: intendedName(metric), stat },
    { metric: serviceName(metric), stat },
  ])

export const typicalLatencyOverTime = overTime({
  id: 'latency-p50-over-time',
  question: 'Did the typical wait stay the same throughout?',
  help: 'The median of each second. Lower is better; a slope means that the server tires or warms up.',
  series: (scenario) => latencies(scenario, 'p(50)'),
})

export const slowLatencyOverTime = overTime({
  id: 'latency-p95-over-time',
  question: 'When were the slowest answers?',
  help: 'The slowest 5% of each second begin here. Lower is better; spikes are stalls, a plateau is overload.',
  series: (scenario) => latencies(scenario, 'p(95)'),
})
