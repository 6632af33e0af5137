import { studentTCdf } from '../../../harness/compare/student-t.ts'
import { momentsOf } from './moments.ts'
import { directionOf, type Outcome, type Rule } from './rule.ts'

/**
 * Welch's t test on the requests of each second: seconds are taken for independent observations, which those of one process
 * are not.
 *
 * @param pairs of trials whose seconds are thrown together
 */
export const welch = ({ pairs, title }: { pairs: number; title: string }): Rule => ({
  name: `welch, ${title}`,
  title: `Welch, ${title}`,
  description: `per-second rates of ${pairs === 1 ? 'one pair' : `${pairs} pairs, all seconds together`}; changed: p < 0.05`,
  mostPairs: pairs,
  sides: 'together',
  appliesTo: ({ key }) => key === 'throughput',
  decide: (all, better): Outcome => {
    const used = all.slice(0, pairs)
    const { t, p } = welchTest(
      used.flatMap(({ ratesA }) => ratesA),
      used.flatMap(({ ratesB }) => ratesB),
    )
    return { found: p < 0.05 ? directionOf(t, better) : 'nothing', pairs }
  },
})

/** Two-sided, with the degrees of freedom of Welch and Satterthwaite. @param a, b at least two values each */
export function welchTest(a: readonly number[], b: readonly number[]): { t: number; df: number; p: number } {
  const [one, other] = [momentsOf(a), momentsOf(b)]
  const variance = one.variance + other.variance
  const t = (other.mean - one.mean) / Math.sqrt(variance)
  const df = variance ** 2 / (one.variance ** 2 / (a.length - 1) + other.variance ** 2 / (b.length - 1))
  return { t, df, p: 2 * studentTCdf(-Math.abs(t), df) }
}
