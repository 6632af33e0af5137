import { describeMetric, type MetricRow } from '../../harness/metrics/table.ts'
import type { Observation } from '../../harness/record/schema.ts'
import { capitalised } from '../format.ts'

/** The row of an observed metric. What a script declared is known from how its numbers look: unit and statistic. */
export function rowOf(observation: Pick<Observation, 'metric' | 'stat' | 'unit' | 'better'>): MetricRow {
  const isTime = observation.unit === 'ms'
  const kind = isTime && observation.stat !== 'value' ? 'trend' : 'value'
  const row = describeMetric({ name: observation.metric, kind, isTime })
  if (row.source !== 'script') return row
  return { ...row, label: capitalised(row.label), unit: observation.unit, better: observation.better }
}
