import type { Run } from '../record/schema.ts'
import { exclusionNotes } from './exclusions.ts'
import type { PairedComparison } from './paired-comparison.ts'

/**
 * Why a comparison says nothing of some gate metric for the fault of its trials, one line a metric: no pair of it can be
 * used, or fewer than the first look needs where there would be enough if all could. Empty where the measurement is sound; a
 * budget that was too short is no fault of it.
 */
export function measurementFaults(run: Run, comparisons: readonly PairedComparison[]): string[] {
  const firstLook = run.header.comparison?.looks[0] ?? 0
  return comparisons.flatMap(({ scenario, metric, pairs, excludedPairs }) => {
    if (pairs >= firstLook || excludedPairs === 0) return []
    if (pairs > 0 && pairs + excludedPairs < firstLook) return []
    const begun = pairs + excludedPairs
    const found = pairs === 0 ? `none of ${begun} pairs can be used` : `only ${pairs} of ${begun} pairs can be used`
    const [reason = 'a trial is missing, or has too few samples of it'] = exclusionNotes(run, scenario)
    return [`${scenario}: ${metric}: ${found}, the first look needs ${firstLook} (${reason})`]
  })
}
