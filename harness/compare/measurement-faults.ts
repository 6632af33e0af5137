import type { Run, RunHeader } from '../record/schema.ts'
import { exclusionNotes } from './exclusions.ts'
import { firstLookOf } from './looks.ts'
import type { PairedComparison } from './paired-comparison.ts'
import { primaryId } from './pairs.ts'

/**
 * Whether a comparison says nothing of a gate metric since no look at it could decide: pairs that cannot be used, or a budget
 * too short for enough of them. Of a run that was interrupted that is no news.
 */
export const isInvalidMeasurement = (
  { looks }: Pick<PairedComparison, 'looks'>,
  { status }: Pick<RunHeader, 'status'>,
): boolean => status !== 'interrupted' && looks.every(({ alpha }) => alpha === 0)

/** What is wrong with the measurement, one line a gate metric of which it says nothing; empty where it is sound. */
export const measurementFaults = (run: Run, comparisons: readonly PairedComparison[]): string[] =>
  comparisons
    .filter((comparison) => isInvalidMeasurement(comparison, run.header))
    .map((comparison) => `${comparison.scenario}: ${comparison.metric}: ${faultOf(run, comparison)}`)

function faultOf(run: Run, { scenario, metric, pairs, excludedPairs }: PairedComparison): string {
  const begun = pairs + excludedPairs
  if (begun === 0) return 'no pair was run, the budget lets none in'
  const needed = firstLookOf(run.header.comparison!)
  if (excludedPairs === 0)
    return `only ${pairs} pairs were run, the first look needs ${needed}: give it a longer budget`
  const usable = pairs === 0 ? 'none' : `only ${pairs}`
  const [reason = 'a trial is missing'] = exclusionNotes(run, scenario, primaryId(metric))
  return `${usable} of ${begun} pairs can be used, the first look needs ${needed} (${reason})`
}
