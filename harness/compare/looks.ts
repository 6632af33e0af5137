import type { ComparisonPlan } from '../record/schema.ts'
import { boundRank, smallestError } from './signed-rank.ts'

/**
 * When a comparison looks at its pairs, and how much of its error each look may use.
 *
 * Whoever looks often and stops at the first difference finds one where none is, so that all looks together share one error
 * (Lan & DeMets 1983): of `alpha`, the part (n / last)^0.75 may be spent by the time that n pairs are there (Kim & DeMets
 * 1987, power family), and a look gets what may be spent by then less what earlier looks used. An exact test of few pairs
 * has few levels to choose from: what a look cannot use stays for the next, and a look that can use nothing decides nothing.
 * The end of the budget may come at any n and uses all that is left.
 *
 * The exponent is a choice between early and late. Of 80 pairs with a deviation of 3%, 0.5 finds 5% (beyond a margin of 1%)
 * after 17.6 pairs in the mean and 2% (beyond none) after 44.4, 0.75 after 18.7 and 43.3; where 30 pairs are all there is,
 * 0.5 misses a tenth of the 2% that 1 finds.
 *
 * The errors of looks are added up (Bonferroni's inequality), which holds at every n, for noise of every symmetric shape and
 * however looks depend on each other. Since they share pairs, the six looks at up to 80 pairs err in about 0.25% where 0.3%
 * are allowed (docs/study/simulation.md). Integration over normal increments would make use of that, for intervals narrower
 * by some 2%, but is right for many pairs only; and neighbouring trials that are alike need the reserve: with a level of
 * which three quarters stay from trial to trial, the balanced order of pairs brings the 0.25% to 0.3%.
 */

/** No verdict stands on fewer pairs. */
export const fewestPairs = 10

/** A comparison counts no more pairs of a scenario: more find little more, and an exact interval of more takes long. */
export const mostPairsEver = 80

/** Of fewer pairs no interval errs so seldom: 10 of an error of 0.003, 11 of the half, which each of two metrics has. */
export function fewestPairsFor(error: number): number {
  let pairs = fewestPairs
  while (smallestError(pairs) > error) pairs++
  return pairs
}

/** The fewest pairs of which a comparison says anything. */
export const fewestPairsOf = ({ alpha, metrics }: Pick<ComparisonPlan, 'alpha' | 'metrics'>): number =>
  fewestPairsFor(alpha / metrics.length)

/** Whether a comparison looks once more at its end, with all the error that is left. */
export const isSpent = ({ ended }: Pick<ComparisonPlan, 'ended'>): boolean =>
  ended === 'budget' || ended === 'most-pairs'

/** The pairs that a comparison's first look needs: those of the plan, or where it has ended before them, the fewest. */
export function firstLookOf(plan: Pick<ComparisonPlan, 'alpha' | 'metrics' | 'looks' | 'ended'>): number {
  const [planned = 0] = plan.looks
  // Runs of an older weir may plan looks that can tell nothing.
  return isSpent(plan) ? fewestPairsOf(plan) : Math.max(planned, fewestPairsOf(plan))
}

/** A look, and the two-sided error that its interval may have. */
export interface LookLevel {
  pairs: number
  /** 0: so few pairs cannot tell anything with so small an error. */
  error: number
}

/**
 * The error of each look at the pairs.
 *
 * @param looks valid pairs, ascending; the last is the most there will be
 * @param alpha two-sided error of all looks together
 * @param endedAt the valid pairs at which the comparison ended, where it ended before its last look: what is left of the
 *   error goes to one more look at all of them. Where the same pairs were looked at before, that look is not counted a
 *   second time, since whatever it would have found, this one finds
 */
export function lookLevels(looks: readonly number[], alpha: number, endedAt = Infinity): LookLevel[] {
  const most = looks.at(-1) ?? 0
  const levels: LookLevel[] = []
  const look = (pairs: number, maySpend: number): void => {
    const spent = levels.reduce((sum, level) => sum + (level.pairs < pairs ? level.error : 0), 0)
    levels.push({ pairs, error: boundRank(pairs, maySpend - spent)?.error ?? 0 })
  }
  for (const pairs of looks) if (pairs <= endedAt) look(pairs, spending(alpha, pairs / most))
  if (endedAt >= fewestPairs && endedAt < most) look(endedAt, alpha)
  return levels
}

const spending = (alpha: number, fraction: number): number => alpha * fraction ** 0.75

/**
 * Each half as many again as the last but one: with 28 and 56 among them a comparison of 80 is over after a tenth fewer pairs, in
 * the mean, than with 20, 40 and 80 alone, though they share the error by two more.
 */
const ladder = [20, 28, 40, 56, 80, 112, 160]

/**
 * The looks of a comparison of at most so many pairs: the first as early as its part of the error can tell anything, those
 * of the ladder, and the most. Where fewer fit in than can tell anything, that look stands beyond them. Where that first
 * look would come in the second half, there is one look only: it would take most of the error to save little time. So would
 * the last but one, if it lay near to the last.
 *
 * @param most valid pairs that the budget lets in
 * @param alpha two-sided error of one metric over all looks
 */
export function planLooks(most: number, alpha: number): number[] {
  const fewest = fewestPairsFor(alpha)
  const last = Math.max(fewest, Math.floor(most))
  const canTell = (pairs: number): boolean => smallestError(pairs) <= spending(alpha, pairs / last)
  let first = fewest
  while (first <= last / 2 && !canTell(first)) first++
  if (first > last / 2) return [last]
  return [first, ...ladder.filter((pairs) => pairs > first && pairs <= 0.7 * last), last]
}
