import type { TrialRecord } from '../record/schema.ts'
import type { WantedId } from './none-counted.ts'
import { type Pair, usableValue } from './pairs.ts'

/** A pair of which one number may be compared, with the number on both sides. */
export interface UsablePair {
  pair: number
  baseline: TrialRecord
  variant: TrialRecord
  a: number
  b: number
  /** ln(B/A), 0 where nothing differs, infinite where just one value is zero; null where one is negative. */
  log: number | null
}

/** In the order of pairs. */
export const usablePairs = (pairs: readonly Pair[], id: WantedId): UsablePair[] =>
  pairs.flatMap(({ pair, baseline, variant }) => {
    const [a, b] = [usableValue(baseline, id), usableValue(variant, id)]
    if (!baseline || !variant || a === null || b === null) return []
    return [{ pair, baseline, variant, a, b, log: logOf(a, b) }]
  })

/** From nothing to something, or to nothing, is the largest of all changes: ranks have a place for it. */
function logOf(a: number, b: number): number | null {
  if (a === b) return 0
  return a >= 0 && b >= 0 ? Math.log(b / a) : null
}
