import type { LookLevel } from '../../harness/compare/looks.ts'
import { boundRank } from '../../harness/compare/signed-rank.ts'

/**
 * The first look whose interval misses zero; null where none does. An interval lies above zero when fewer Walsh averages
 * than its rank lie at zero or below, and there are as many of those as the signed-rank statistic says: ranks are summed
 * where a look of the product sorts all averages, so that a hundred thousand comparisons take seconds.
 */
export function firstMiss(values: readonly number[], levels: readonly LookLevel[]): number | null {
  for (const [at, { pairs, error }] of levels.entries()) {
    const rank = error === 0 ? 0 : boundRank(pairs, error)!.rank
    const below = signedRanks(values.slice(0, pairs))
    if (below < rank || (pairs * (pairs + 1)) / 2 - below < rank) return at
  }
  return null
}

/** The sum of the ranks, by size, of the values below zero. */
function signedRanks(values: readonly number[]): number {
  const bySize = Float64Array.from(values, Math.abs).sort()
  const isBelow = new Set(values.filter((value) => value < 0).map(Math.abs))
  let sum = 0
  for (const [index, size] of bySize.entries()) if (isBelow.has(size)) sum += index + 1
  return sum
}

export interface LookErrors {
  repetitions: number
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
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const at = firstMiss(draw(), levels)
    if (at !== null) missedAt[at]!++
  }
  return { repetitions, missedAt, missed: missedAt.reduce((sum, count) => sum + count, 0) }
}
