import type { Run, RunHeader } from '../record/schema.ts'
import { exclusionNotes } from './exclusions.ts'
import type { PairedComparison } from './paired-comparison.ts'

/**
 * Whether a comparison says nothing of a gate metric for the fault of its trials: no pair can be used, or fewer than the
 * first look needs where there would be enough if all could. A budget that was too short is no fault of theirs.
 */
export function isInvalidMeasurement(
  { pairs, excludedPairs }: Pick<PairedComparison, 'pairs' | 'excludedPairs'>,
  { comparison, status }: RunHeader,
): boolean {
  if (pairs === 0) return status !== 'interrupted'
  const firstLook = comparison?.looks[0] ?? 0
  return pairs < firstLook && pairs + excludedPairs >= firstLook
}

/** What is wrong with the measurement, one line a gate metric of which it says nothing; empty where it is sound. */
export function measurementFaults(run: Run, comparisons: readonly PairedComparison[]): string[] {
  const firstLook = run.header.comparison?.looks[0] ?? 0
  return comparisons
    .filter((comparison) => isInvalidMeasurement(comparison, run.header))
    .map(({ scenario, metric, pairs, excludedPairs }) => {
      const begun = pairs + excludedPairs
      if (begun === 0) return `${scenario}: ${metric}: no pair was run, the budget lets none in`
      const usable = pairs === 0 ? 'none' : `only ${pairs}`
      const [reason = 'a trial is missing, or has too few samples of it'] = exclusionNotes(run, scenario)
      return `${scenario}: ${metric}: ${usable} of ${begun} pairs can be used, the first look needs ${firstLook} (${reason})`
    })
}
