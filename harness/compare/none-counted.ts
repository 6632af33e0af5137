import { describeMetric, type MetricRow } from '../metrics/table.ts'
import type { Observation, Scope, TrialRecord } from '../record/schema.ts'
import { type ObservationId, partsOf } from './observation-id.ts'

/** A number that is wanted; with another trial's, where one has it, and what is known of its metric from the script. */
export interface WantedId extends ObservationId {
  example?: Pick<Observation, 'unit' | 'better'>
  declared?: Pick<MetricRow, 'kind' | 'unit' | 'better'>
}

/**
 * Whether the number is of a counter of which fewer is better, and that nobody added to: nobody records that nothing was
 * dropped. Of what is done, 0 is not taken for granted: a trial that says nothing of it may not have tried.
 */
export const isNoneCounted = (record: TrialRecord, id: WantedId): boolean =>
  isOfCounter(id) && knownOf(id).better === 'lower' && isUntouched(record, id)

const knownOf = ({ metric, example, declared }: WantedId) => example ?? declared ?? describeMetric(metric)

/** Nothing but a counter is observed by its count, or by a rate a second. */
const isOfCounter = ({ metric, stat, example, declared = describeMetric(metric) }: WantedId): boolean =>
  example
    ? stat === 'count' || (stat === 'rate' && example.unit === 'per second')
    : declared.kind === 'counter' && (stat === 'count' || stat === 'rate')

/** Its unit, and which side of it is better, whether or not any trial has it. */
export function unitAndSideOf(id: WantedId): Pick<Observation, 'unit' | 'better'> {
  const { unit, better } = knownOf(id)
  return { unit: !id.example && id.stat === 'rate' && isOfCounter(id) ? 'per second' : unit, better }
}

/** Whether nothing at all was recorded of the metric in a part of the load that there was. */
export const isUntouched = (record: TrialRecord, { metric, scope }: ObservationId): boolean =>
  hasParts(record, scope) &&
  ![...record.observations, ...record.histograms].some(
    (each) => each.metric === metric && each.scenario === scope.scenario && each.phase === scope.phase,
  )

/** No number is of a k6 scenario and a phase at once. */
const hasParts = ({ phases, observations }: TrialRecord, scope: Scope): boolean => {
  const [part, other] = partsOf(scope)
  if (part === undefined || other !== undefined) return other === undefined
  return phases.some(({ name }) => name === part) || observations.some((each) => partsOf(each).includes(part))
}
