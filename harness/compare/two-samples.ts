import { type Estimate, median } from './estimate.ts'

/**
 * How much larger the values of `now` are than those of `before`, two samples that are not paired: the median of all
 * differences (Hodges and Lehmann 1963), and the shifts that an exact Mann-Whitney test does not reject. Both samples are
 * taken for independent, with the same spread; nothing that happened between them is seen.
 *
 * @param before at least one value, as is `now`
 * @param confidence of the interval, at least; bounds are null where so few values allow none
 */
export function shiftBetween(before: readonly number[], now: readonly number[], confidence = 0.95): Estimate {
  const differences = now.flatMap((b) => before.map((a) => b - a)).sort((x, y) => x - y)
  const rank = boundRank(before.length, now.length, confidence)
  return {
    estimate: median(differences),
    lower: rank === 0 ? null : differences[rank - 1]!,
    upper: rank === 0 ? null : differences[differences.length - rank]!,
  }
}

/** So many of the differences lie outside of the interval on each side, the bound included; 0: there is no interval. */
export function boundRank(before: number, now: number, confidence: number): number {
  const counts = mannWhitneyCounts(before, now)
  const orders = counts.reduce((sum, count) => sum + count, 0)
  let [rank, tail] = [0, 0]
  while (rank < counts.length && (tail += counts[rank]!) <= (orders * (1 - confidence)) / 2) rank++
  return rank
}

/**
 * In how many orders of n and m values U is 0, 1, ... n m: the coefficients of the Gaussian binomial, the product of
 * (1 - q^(n+i)) / (1 - q^i) for i = 1 to m (Mann and Whitney 1947, by their recurrence).
 */
function mannWhitneyCounts(n: number, m: number): Float64Array {
  const counts = new Float64Array(n * m + 1)
  counts[0] = 1
  for (let factor = 1; factor <= m; factor++) {
    for (let u = counts.length - 1; u >= n + factor; u--) counts[u]! -= counts[u - n - factor]!
    for (let u = factor; u < counts.length; u++) counts[u]! += counts[u - factor]!
  }
  return counts
}
