import { mulberry32 } from '../random.ts'

/** Up to here every pattern of signs is tried (65,536 of 16 values); of more, this many are drawn. */
const mostExact = 16
const draws = 65_536

/**
 * Two-sided p of the sign-flip randomisation test (Fisher 1935): were nothing changed, the sign of each value would be the
 * toss of a coin, so the sum of the values is held against its sums under all patterns of signs. Where they are drawn, the
 * pattern that was seen counts as one of them, so that p is never too small.
 *
 * @param values log ratios, one a pair
 * @param seed of the drawn patterns
 */
export function signFlipP(values: readonly number[], seed: number): number {
  const sizes = values.map(Math.abs)
  // Sums that are equal on paper differ in their last bits by the order of adding.
  const rounding = 1e-12 * sizes.reduce((sum, size) => sum + size, 0)
  const asFar = Math.abs(values.reduce((sum, value) => sum + value, 0)) - rounding
  if (values.length <= mostExact) return shareOfPatterns(sizes, asFar)
  const random = mulberry32(seed)
  let count = 1
  for (let draw = 0; draw < draws; draw++) if (Math.abs(flippedSum(sizes, random)) >= asFar) count++
  return count / (draws + 1)
}

/** From one pattern to the next one sign changes (Gray's code). The first stays as it is: a pattern and its mirror image are as far out. */
function shareOfPatterns(sizes: readonly number[], asFar: number): number {
  const patterns = 2 ** Math.max(0, sizes.length - 1)
  const signs = sizes.map(() => 1)
  let sum = sizes.reduce((total, size) => total + size, 0)
  let count = 0
  for (let pattern = 1; pattern <= patterns; pattern++) {
    if (Math.abs(sum) >= asFar) count++
    const place = 32 - Math.clz32(pattern & -pattern)
    if (place >= sizes.length) continue
    signs[place] = -signs[place]!
    sum += 2 * signs[place] * sizes[place]!
  }
  return count / patterns
}

/** Thirty signs of one random number: drawing is most of the work. */
function flippedSum(sizes: readonly number[], random: () => number): number {
  let sum = 0
  let bits = 0
  for (const [at, size] of sizes.entries()) {
    if (at % 30 === 0) bits = Math.floor(random() * 2 ** 30)
    sum += bits & 1 ? size : -size
    bits >>= 1
  }
  return sum
}
