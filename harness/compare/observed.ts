import { metricTable } from '../metrics/table.ts'
import type { Observation, Run, TrialRecord } from '../record/schema.ts'
import { type Layout, layoutOf } from './layout.ts'
import { isSame, type ObservationId, scopeOf, writtenKey } from './observation-id.ts'

/** An observation to compare, with one that shows its unit and better side. */
export interface ObservedId extends ObservationId {
  example: Observation
}

/** All that was observed under a scenario, each once, in the order of rows. */
export function observedIds(run: Run, scenario: string, primary: ObservationId): ObservedId[] {
  const ids = observedOnce(run.records.filter((record) => record.scenario === scenario)).map(
    (example): ObservedId => ({ metric: example.metric, stat: example.stat, scope: scopeOf(example), example }),
  )
  const rank = ({ example }: ObservedId) => (isSame(example, primary) ? -2 : (tablePlace.get(example.metric) ?? -1))
  return ids.sort((a, b) => rank(a) - rank(b))
}

/** Each number that any of the records has, once: as it was first observed. */
export function observedOnce(records: readonly Pick<TrialRecord, 'observations'>[]): Observation[] {
  const layouts = new Set<Layout>()
  const byKey = new Map<string, Observation>()
  for (const { observations } of records) {
    const layout = layoutOf(observations)
    if (layouts.has(layout)) continue
    layouts.add(layout)
    for (const each of observations) {
      const key = writtenKey(each, each)
      if (!byKey.has(key)) byKey.set(key, each)
    }
  }
  return [...byKey.values()]
}

const tablePlace = new Map(metricTable.map(({ name }, place) => [name, place]))
