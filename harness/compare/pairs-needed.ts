import { lookLevels, mostPairsEver, planLooks } from './looks.ts'
import { normalCdf, normalDensity } from './normal.ts'
import { boundRank } from './signed-rank.ts'

/** What is to be found, and in what noise. */
export interface Sought {
  /** Standard deviation of ln(B/A) from pair to pair where nothing changed. */
  sd: number
  /** Ratio minus one: 0.05 for 5% more, -0.05 for 5% less. */
  effect: number
  /** The interval must lie beyond it, see `Margins.change`. */
  changeMargin: number
  /** Two-sided error of one metric over all looks. */
  alpha: number
}

/**
 * The fewest pairs of which a comparison finds the effect with at least this probability: planned for at most so many, and
 * looked at as `planLooks` says. Null where the effect is not beyond the margin, or `most` pairs are too few.
 *
 * @param power 0.95 for 95% @param most unless given, as many as a comparison counts
 */
export function pairsNeeded(sought: Sought, power: number, most = mostPairsEver): number | null {
  if (powerOf(most, sought) < power) return null
  let [tooFew, enough] = [0, most]
  while (enough - tooFew > 1) {
    const middle = (tooFew + enough) >> 1
    if (powerOf(middle, sought) < power) tooFew = middle
    else enough = middle
  }
  return enough
}

/**
 * The probability that a comparison of at most so many pairs finds the effect, in normal noise, at its last look (what an
 * earlier look finds, the last one would nearly always find, too). By the normal approximation of the signed-rank statistic
 * with its mean and variance under the alternative (Lehmann, Nonparametrics, 4.2), to about 0.03.
 */
export function powerOf(pairs: number, { sd, effect, changeMargin, alpha }: Sought): number {
  const last = lookLevels(planLooks(pairs, alpha), alpha).at(-1)!
  const shift = Math.abs(Math.log1p(effect)) - Math.log1p(changeMargin)
  const bound = boundRank(last.pairs, last.error)
  if (last.pairs > pairs || last.error === 0 || !bound || shift <= 0) return 0
  return probabilityAtMost(bound.rank - 1, last.pairs, shift / sd)
}

/** P(T <= t) where T counts the Walsh averages below zero of n values that are normal about `shift` with deviation 1. */
function probabilityAtMost(t: number, n: number, shift: number): number {
  const one = normalCdf(-shift)
  const both = normalCdf(-Math.SQRT2 * shift)
  const three = bothSumsNegative(shift)
  const pairs = (n * (n - 1)) / 2
  const mean = n * one + pairs * both
  const variance =
    n * one * (1 - one) +
    pairs * (2 * (one - both) ** 2 + 3 * both * (1 - both)) +
    n * (n - 1) * (n - 2) * (three - both * both)
  return variance > 0 ? normalCdf((t + 0.5 - mean) / Math.sqrt(variance)) : 1
}

/** P(X + Y < 0 and X + Z < 0) of three values: the integral of P(Y < -x)^2 over the density of X, by the trapezoidal rule. */
function bothSumsNegative(shift: number): number {
  const step = 0.05
  let sum = 0
  for (let z = -8; z <= 8; z += step) sum += normalDensity(z) * normalCdf(-2 * shift - z) ** 2
  return sum * step
}
