import type { ObservationId } from '../harness/compare/observation-id.ts'
import { primaryId } from '../harness/compare/pairs.ts'
import type { NumberValues } from '../harness/record/schema.ts'
import { formatScope, formatStat } from './format.ts'
import { rowOf } from './view.ts'

/** What a selector names, with its scope as observations have it. */
export function observationOf(selector: string): Omit<ObservationId, 'scope'> & ObservationId['scope'] {
  const { metric, stat, scope } = primaryId(selector)
  return { metric, stat, ...scope }
}

/** A number by the selector that names it, as it stands in claims, ablations, comparisons and kept runs. */
export type NamedNumber = Pick<NumberValues, 'metric' | 'unit' | 'better'>

/** `Event-loop delay p99, paced`: the label of the metric without its explanation. */
export function labelOf({ metric, unit, better }: NamedNumber): string {
  const observation = observationOf(metric)
  const [label] = rowOf({ ...observation, unit, better }).label.split(':')
  const stat = formatStat(observation.stat)
  return [stat ? `${label} ${stat}` : label, formatScope(observation)].filter(Boolean).join(', ')
}
