import { primaryId, usableValue } from '../../harness/compare/pairs.ts'
import { describeMetric } from '../../harness/metrics/table.ts'
import type { Observation, Run, TrialRecord } from '../../harness/record/schema.ts'
import { formatScope, formatStat } from '../../reports/format.ts'

/** What a run's records say, worked out here again and not with the arithmetic of the page. */

/** The usable values of one number, one for each block that has it. */
export function usableValues(
  records: readonly TrialRecord[],
  { metric, stat, scenario, phase }: Observation,
): number[] {
  const scope = { ...(scenario === undefined ? {} : { scenario }), ...(phase === undefined ? {} : { phase }) }
  return records.map((record) => usableValue(record, { metric, stat, scope })).filter((value) => value !== null)
}

export const trialsOf = ({ records }: Run, scenario: string, variant: string): TrialRecord[] =>
  records.filter((record) => record.scenario === scenario && record.variant === variant)

/**
 * Every number that was observed under a scenario, by how the page names it: label and statistic, then its scope. Two
 * have one name where a k6 scenario and a phase have.
 */
export function observedNumbers({ records }: Run, scenario: string): Map<string, Observation[]> {
  const observations = records.filter((record) => record.scenario === scenario).flatMap((each) => each.observations)
  const distinct = new Map(observations.map((each) => [keyOf(each), each]))
  return Map.groupBy(distinct.values(), nameOf)
}

const keyOf = ({ metric, stat, scenario, phase }: Observation): string =>
  JSON.stringify([metric, stat, scenario, phase])

function nameOf(observation: Observation): string {
  const { label } = describeMetric(observation.metric)
  return figureName(`${label} ${formatStat(observation.stat)}`, formatScope(observation) ?? 'whole load')
}

/** One spelling of a row's name, whatever the page's capitals and spaces are. */
export const figureName = (row: string, scope: string): string =>
  `${row.replace(/\s+/g, ' ').trim().toLowerCase()} [${scope.trim()}]`

export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)]!
  return sorted.length % 2 === 1 ? upper : (upper + sorted[sorted.length / 2 - 1]!) / 2
}

/** Ratio minus one (mean of the logarithms) and difference (mean), variant to baseline; null where no pair is usable. */
export function pairedEffect(
  run: Run,
  scenario: string,
  variant: string,
): { ratio: number; difference: number } | null {
  const id = primaryId(run.header.scenarios.find(({ name }) => name === scenario)!.primary)
  const pairs = trialsOf(run, scenario, variant).flatMap((record) => {
    const baseline = trialsOf(run, scenario, run.header.baseline).find(({ key }) => key.pair === record.key.pair)
    const [a, b] = [usableValue(baseline, id), usableValue(record, id)]
    return a === null || b === null ? [] : [{ a, b }]
  })
  if (pairs.length === 0) return null
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  return {
    ratio: Math.exp(mean(pairs.map(({ a, b }) => Math.log(b) - Math.log(a)))) - 1,
    difference: mean(pairs.map(({ a, b }) => b - a)),
  }
}
