import type { TrialRecord } from '../record/schema.ts'
import { logRatios } from './estimate.ts'
import { type Pair, usableValue, type WantedId } from './pairs.ts'

/** A pair of which one number may be compared, with the number on both sides. */
export interface UsablePair {
  pair: number
  baseline: TrialRecord
  variant: TrialRecord
  a: number
  b: number
  /** ln(B/A), 0 where nothing differs; null where just one value is zero, or one is negative. */
  log: number | null
}

/** In the order of pairs. */
export const usablePairs = (pairs: readonly Pair[], id: WantedId): UsablePair[] =>
  pairs.flatMap(({ pair, baseline, variant }) => {
    const [a, b] = [usableValue(baseline, id), usableValue(variant, id)]
    if (!baseline || !variant || a === null || b === null) return []
    return [{ pair, baseline, variant, a, b, log: a === b ? 0 : (logRatios([a], [b])?.[0] ?? null) }]
  })
