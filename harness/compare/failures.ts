import type { Observation, Scope, TrialRecord } from '../record/schema.ts'
import { mean } from './estimate.ts'

/** A share of failures that is larger by more than this makes times incomparable: who fails fast is not faster. */
export const failureMargin = 0.001

/** The share of failures that an observation tells of; null where it tells of none. */
export function failureShare({ metric, stat, value }: Pick<Observation, 'metric' | 'stat' | 'value'>): number | null {
  if (stat !== 'rate') return null
  if (metric === 'checks') return 1 - value
  return metric.endsWith('_failed') ? value : null
}

/** A k6 scenario and the phase that it fills have one name; the whole load has none. */
const nameOf = ({ scenario, phase }: Scope): string | undefined => scenario ?? phase

/** Whether a number over the one scope says something of the other: the whole load of every part, a part of itself. */
export const isOfPart = (scope: Scope, part: Scope): boolean =>
  nameOf(scope) === undefined || nameOf(scope) === nameOf(part)

/** `polling fails more often (checks: 3% against 0%)`: see `whichFailsMore`. */
export const whoFailsMore = (a: readonly TrialRecord[], b: readonly TrialRecord[], part: Scope): string | null =>
  whichFailsMore(a, b, part)?.words ?? null

/**
 * Which side's requests failed more often where the numbers compared come from (those of the whole load from every part of
 * it); null where neither's did.
 */
export function whichFailsMore(
  a: readonly TrialRecord[],
  b: readonly TrialRecord[],
  part: Scope,
): { side: 'A' | 'B'; words: string } | null {
  const [ofA, ofB] = [sharesOf(a, part), sharesOf(b, part)]
  for (const [metric, shareA] of ofA) {
    const shareB = ofB.get(metric)
    if (shareB === undefined || Math.abs(shareA - shareB) <= failureMargin) continue
    const side = shareA > shareB ? 'A' : 'B'
    const [more, less] = [Math.max(shareA, shareB), Math.min(shareA, shareB)]
    const { variant } = (side === 'A' ? a : b)[0]!
    return { side, words: `${variant} fails more often (${metric}: ${percent(more)} against ${percent(less)})` }
  }
  return null
}

const percent = (share: number): string => `${Number((100 * share).toPrecision(2))}%`

/** By metric the mean share of failures over the trials that have it. */
function sharesOf(records: readonly TrialRecord[], part: Scope): Map<string, number> {
  const values = new Map<string, number[]>()
  for (const observation of records.flatMap(({ observations }) => observations)) {
    const share = failureShare(observation)
    if (share === null || !(nameOf(part) === undefined || isOfPart(observation, part))) continue
    values.set(observation.metric, [...(values.get(observation.metric) ?? []), share])
  }
  return new Map([...values].map(([metric, shares]) => [metric, mean(shares)]))
}
