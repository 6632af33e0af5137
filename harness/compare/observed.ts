import { metricTable } from '../metrics/table.ts'
import type { Observation, Run, Scope } from '../record/schema.ts'
import { isSame, type ObservationId, writtenKey } from './pairs.ts'

/** An observation to compare, with one that shows its unit and better side. */
export interface ObservedId extends ObservationId {
  example: Observation
}

/** All that was observed under a scenario, each once, in the order of rows. */
export function observedIds(run: Run, scenario: string, primary: ObservationId): ObservedId[] {
  const byKey = new Map<string, ObservedId>()
  for (const record of run.records) {
    if (record.scenario !== scenario) continue
    for (const example of record.observations) {
      const { metric, stat } = example
      const key = writtenKey(example, example)
      if (!byKey.has(key)) byKey.set(key, { metric, stat, scope: scopeOf(example), example })
    }
  }
  const rank = ({ example }: ObservedId) => (isSame(example, primary) ? -2 : (tablePlace.get(example.metric) ?? -1))
  return [...byKey.values()].sort((a, b) => rank(a) - rank(b))
}

const tablePlace = new Map(metricTable.map(({ name }, place) => [name, place]))

const scopeOf = ({ scenario, phase }: Scope): Scope => ({
  ...(scenario === undefined ? {} : { scenario }),
  ...(phase === undefined ? {} : { phase }),
})
