import { studentTQuantile } from '../../../harness/compare/student-t.ts'
import { momentsOf } from './moments.ts'
import { directionOf, type Outcome, type Rule } from './rule.ts'

/** Defaults of tachometer 0.7: samples of each side before the first look, and between two looks. */
const firstSamples = 50
const moreSamples = 10

/**
 * tachometer's rule with its defaults (src/stats.ts, src/runner.ts): 50 samples of each side, then 10 more as long as the
 * 95% interval of the relative difference holds 0. Every look has the whole 5%. Samples are not paired. A sample is a trial
 * here, and its 3 minutes of samples of a second or so are as many trials as the caller says.
 *
 * @param most samples of each side
 */
export const tachometer = (most: number): Rule => ({
  name: `tachometer-${most}`,
  title: `tachometer, ${most} samples`,
  description: `at most ${most} samples of each side; looks at ${firstSamples} and after every ${moreSamples} more; changed: the 95% interval of the relative difference does not hold 0`,
  mostPairs: most,
  sides: 'together',
  appliesTo: () => true,
  decide: (pairs, better): Outcome => {
    for (let n = firstSamples; n <= most; n += moreSamples) {
      const { low, high } = relativeDifference(
        pairs.slice(0, n).map(({ a }) => a),
        pairs.slice(0, n).map(({ b }) => b),
      )
      if (low > 0 || high < 0) return { found: directionOf(low > 0 ? 1 : -1, better), pairs: n }
    }
    return { found: 'nothing', pairs: most }
  },
})

/** The 95% interval of (mean of b - mean of a) / mean of a, with Student's t of n - 1 degrees of freedom. */
export function relativeDifference(a: readonly number[], b: readonly number[]): { low: number; high: number } {
  const [one, other] = [momentsOf(a), momentsOf(b)]
  const centre = (other.mean - one.mean) / one.mean
  const variance = (one.variance * other.mean ** 2 + other.variance * one.mean ** 2) / one.mean ** 4
  const margin = quantile(Math.min(a.length, b.length) - 1) * Math.sqrt(variance)
  return { low: centre - margin, high: centre + margin }
}

const quantiles = new Map<number, number>()

/** Of Student's t at 97.5%: asked for a few numbers of samples, each very often. */
function quantile(df: number): number {
  const known = quantiles.get(df) ?? studentTQuantile(0.975, df)
  quantiles.set(df, known)
  return known
}
