import { reasonsAgainst } from '../../harness/compare/pairs.ts'
import type { Observation, Scope, Series, TrialRecord } from '../../harness/record/schema.ts'

/** Whether the numbers of this scope, or this one of them, may be used: the trial ran to its end and nothing voids them. */
export const isUsable = (record: TrialRecord, what: Scope | Observation): boolean =>
  reasonsAgainst(record, what).length === 0

/** A series with gaps where its values may not be used: all of it, or the windows of phases that are void. */
export function usablePart(record: TrialRecord, series: Series): Series {
  if (record.failure === undefined && record.invalid.length === 0) return series
  if (record.failure !== undefined || !isUsable({ ...record, invalid: record.invalid.filter(isWhole) }, {})) {
    return { ...series, v: series.v.map(() => null) }
  }
  const voids = record.phases.filter(({ name }) =>
    record.invalid.some((each) => (each.phase ?? each.scenario) === name),
  )
  const isVoid = (t: number) => voids.some(({ startS, endS }) => t >= startS && t <= endS + 1)
  return { ...series, v: series.v.map((value, at) => (isVoid(series.t[at]!) ? null : value)) }
}

const isWhole = ({ scenario, phase }: Scope): boolean => scenario === undefined && phase === undefined

export const sameScope = (a: Scope, b: Scope): boolean => a.scenario === b.scenario && a.phase === b.phase

/** A trial that was run again replaces the earlier one; the order of trials is kept. */
export function latestTrials(records: readonly TrialRecord[]): TrialRecord[] {
  const place = ({ scenario, variant, key }: TrialRecord) => JSON.stringify([scenario, variant, key.block])
  const latest = new Map(records.map((record) => [place(record), record]))
  return records.filter((record) => latest.get(place(record)) === record)
}
