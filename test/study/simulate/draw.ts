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
 * Whether the interval of these ranks, counted from either end of the ordered Walsh averages, holds the centre: as many
 * averages lie above it as the ranks of the values above it add up to, so the averages themselves are not needed.
 *
 * @param values without ties
 */
export function holds(values: readonly number[], rank: number, centre = 0): boolean {
  const distances = values.map((value) => value - centre).sort((one, other) => Math.abs(one) - Math.abs(other))
  const above = distances.reduce((sum, distance, at) => sum + (distance > 0 ? at + 1 : 0), 0)
  const all = (values.length * (values.length + 1)) / 2
  return above >= rank && all - above >= rank
}
