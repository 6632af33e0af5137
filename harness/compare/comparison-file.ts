import type { ComparisonPlan, Run } from '../record/schema.ts'
import { comparePairs, type PairedComparison } from './paired-comparison.ts'

/**
 * What `weir compare --json` writes. Estimates and bounds are ratios minus one. It follows from a run's header and records
 * alone: the same run gives the same bytes at any time.
 */
export interface ComparisonFile {
  comparisons: PairedComparison[]
  /** Pairs that count for every gate metric of their scenario, and those that have begun and do not. */
  validPairs: number
  invalidPairs: number
  seed: number
  run: string
  isDecided: boolean
  ended: ComparisonPlan['ended']
  commit: string | null
  /** The machine, see `environment.fingerprint` of run.json. */
  fingerprint: string
}

/** @throws UserError where the run is no comparison */
export function comparisonFile(run: Run): ComparisonFile {
  const { comparisons, validPairs, invalidPairs, seed, isDecided } = comparePairs(run)
  const { id, comparison, environment } = run.header
  return {
    comparisons,
    validPairs,
    invalidPairs,
    seed,
    run: id,
    isDecided,
    ended: comparison?.ended ?? null,
    commit: environment.git?.commit ?? null,
    fingerprint: environment.fingerprint,
  }
}
