import { reasonsAgainst } from '../../harness/compare/pairs.ts'
import type { Scope, TrialRecord } from '../../harness/record/schema.ts'

/** Whether numbers of this scope may be used: the trial ran to its end and nothing voids them. */
export const isUsable = (record: TrialRecord, scope: Scope): boolean => reasonsAgainst(record, scope).length === 0

export const sameScope = (a: Scope, b: Scope): boolean => a.scenario === b.scenario && a.phase === b.phase

/** A trial that was run again replaces the earlier one; the order of trials is kept. */
export function latestTrials(records: readonly TrialRecord[]): TrialRecord[] {
  const place = ({ scenario, variant, key }: TrialRecord) => JSON.stringify([scenario, variant, key.block])
  const latest = new Map(records.map((record) => [place(record), record]))
  return records.filter((record) => latest.get(place(record)) === record)
}
