import type { LookLevel } from '../../harness/compare/looks.ts'
import { boundRank } from '../../harness/compare/signed-rank.ts'

/** A look as numbers to count by. */
interface CountedLook {
  pairs: number
  /** The rank of its interval's bounds among the averages; 0: it has none. */
  rank: number
  averages: number
}

/**
 * The first of these looks whose interval misses zero; null where none does. An interval lies above zero when fewer
 * averages of two values than its rank lie below zero. To count those takes a sort of the values, where a look of the
 * product sorts all averages: a hundred thousand comparisons are drawn in seconds.
 */
export function missFinder(levels: readonly LookLevel[]): (values: readonly number[]) => number | null {
  const looks = levels.map(({ pairs, error }): CountedLook => {
    const rank = error === 0 ? 0 : boundRank(pairs, error)!.rank
    return { pairs, rank, averages: (pairs * (pairs + 1)) / 2 }
  })
  return (values) => {
    const first = looks.findIndex(({ pairs, rank, averages }) => {
      const below = averagesBelowZero(Float64Array.from(values.slice(0, pairs)).sort())
      return below < rank || averages - below < rank
    })
    return first < 0 ? null : first
  }
}

/** @param sorted ascending, none of them zero and no two each other's opposite */
function averagesBelowZero(sorted: Float64Array): number {
  let count = 0
  let high = sorted.length - 1
  for (let low = 0; low <= high; low++) {
    while (high >= low && sorted[low]! + sorted[high]! >= 0) high--
    count += high - low + 1
  }
  return count
}

export interface LookErrors {
  /** Comparisons whose interval missed zero at this look, and at none before. */
  missedAt: number[]
  missed: number
}

export function countMisses(
  draw: () => readonly number[],
  levels: readonly LookLevel[],
  repetitions: number,
): LookErrors {
  const missedAt = levels.map(() => 0)
  const firstMiss = missFinder(levels)
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const at = firstMiss(draw())
    if (at !== null) missedAt[at]!++
  }
  return { missedAt, missed: missedAt.reduce((sum, count) => sum + count, 0) }
}
