import type { TrialRecord } from '../record/schema.ts'
import { logRatios } from './estimate.ts'
import type { ObservationId } from './observation-id.ts'
import { type Pair, usableValue } from './pairs.ts'

/** A pair of which one number may be compared, with the number on both sides. */
export interface UsablePair {
  pair: number
  baseline: TrialRecord
  variant: TrialRecord
  a: number
  b: number
  /** ln(B/A); null where a value is zero or negative. */
  log: number | null
}

/** In the order of pairs. */
export const usablePairs = (pairs: readonly Pair[], id: ObservationId): UsablePair[] =>
  pairs.flatMap(({ pair, baseline, variant }) => {
    const [a, b] = [usableValue(baseline, id), usableValue(variant, id)]
    if (!baseline || !variant || a === null || b === null) return []
    return [{ pair, baseline, variant, a, b, log: logRatios([a], [b])?.[0] ?? null }]
  })
