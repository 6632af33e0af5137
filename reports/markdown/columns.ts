import { type ObservationId, primaryId } from '../../harness/compare/pairs.ts'
import type { NumberValues } from '../../harness/record/schema.ts'
import { formatScope, formatStat } from '../format.ts'
import { rowOf } from '../view.ts'

/** More columns than this beside each other, and a pull request hides the last ones. */
const mostColumns = 6

/** In order, as many to a table as fit; one group where there is nothing. */
export const inGroups = <T>(columns: readonly T[]): T[][] =>
  Array.from({ length: Math.max(1, Math.ceil(columns.length / mostColumns)) }, (_, at) =>
    columns.slice(at * mostColumns, (at + 1) * mostColumns),
  )

/** What a selector names, with its scope as observations have it. */
export function observationOf(selector: string): Omit<ObservationId, 'scope'> & ObservationId['scope'] {
  const { metric, stat, scope } = primaryId(selector)
  return { metric, stat, ...scope }
}

/** `Event-loop delay p99, paced`: the label of the metric without its explanation. */
export function labelOf({ metric, unit, better }: Pick<NumberValues, 'metric' | 'unit' | 'better'>): string {
  const observation = observationOf(metric)
  const [label] = rowOf({ ...observation, unit, better }).label.split(':')
  const stat = formatStat(observation.stat)
  return [stat ? `${label} ${stat}` : label, formatScope(observation)].filter(Boolean).join(', ')
}
