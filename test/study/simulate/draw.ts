import { planPairs } from '../../../harness/schedule.ts'
import type { Noise } from './noise.ts'

/**
 * ln(B/A) of the pairs of one comparison of identical servers, measured in the order that `weir compare` would have.
 *
 * @param seed of the order; the noise has its own source
 */
export function drawLogs(noise: Noise, pairs: number, seed: number, random: () => number): number[] {
  const levels = noise.levels(2 * pairs, random)
  const plan = planPairs({ pairs, scenarios: ['s'], against: 'a', variant: 'b', seed })
  const logs = new Array<number>(pairs).fill(0)
  for (const [at, { pair, side }] of plan.entries()) logs[pair - 1]! += side === 'B' ? levels[at]! : -levels[at]!
  return logs
}

/**
 * Whether the interval of these ranks, counted from either end of the ordered Walsh averages, holds the centre: that takes
 * the number of averages below the centre, and not the averages themselves.
 *
 * @param values without ties
 */
export function holds(values: readonly number[], rank: number, centre = 0): boolean {
  const below = averagesBelow(values, centre)
  const all = (values.length * (values.length + 1)) / 2
  return below >= rank && all - below >= rank
}

/** For each value from the smallest on: those up to the largest that still averages with it below the centre. */
function averagesBelow(values: readonly number[], centre: number): number {
  const sorted = Float64Array.from(values).sort()
  let count = 0
  let high = sorted.length - 1
  for (let low = 0; low <= high; low++) {
    while (high >= low && sorted[low]! + sorted[high]! >= 2 * centre) high--
    count += high - low + 1
  }
  return count
}
