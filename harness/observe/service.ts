import { describeMetric } from '../metrics/table.ts'
import type { Observation } from '../record/schema.ts'
import type { ServiceLateness } from './validity.ts'

/** How late a service was in one phase, as it said itself. */
export function observeService({ phase, count, p50Ms, p99Ms, maxMs }: ServiceLateness): Observation[] {
  const { unit, better, source } = describeMetric('service_lateness')
  const make = (stat: string, value: number): Observation => ({
    metric: 'service_lateness',
    phase,
    stat,
    value,
    unit,
    better,
    source,
    n: count,
  })
  return count === 0 ? [] : [make('p(50)', p50Ms), make('p(99)', p99Ms), make('max', maxMs)]
}
