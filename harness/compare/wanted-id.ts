import { describeMetric } from '../metrics/table.ts'
import type { GateMetric, Run } from '../record/schema.ts'
import type { WantedId } from './none-counted.ts'
import { observationOf, primaryId } from './pairs.ts'

/** What a gate metric, or a scenario's primary, names: as any of the run's trials has it, and as the script declares it. */
export function wantedId(
  { scenario, metric }: Pick<GateMetric, 'scenario' | 'metric'>,
  { header, records }: Run,
): WantedId {
  const id = primaryId(metric)
  const having = records.find((record) => record.scenario === scenario && observationOf(record, id))
  const example = having && observationOf(having, id)
  const declared = header.scenarios.find(({ name }) => name === scenario)?.declared ?? []
  const own = declared.find(({ name }) => name === id.metric)
  return { ...id, ...(example ? { example } : {}), ...(own ? { declared: describeMetric(own) } : {}) }
}
