import { boundRank, smallestError } from './signed-rank.ts'

/**
 * When a comparison looks at its pairs, and how much of its error each look may use.
 *
 * Whoever looks often and stops at the first difference finds one where none is, so that all looks together share one error
 * (Lan & DeMets 1983): of `alpha`, the share n / last may be spent by the time that n pairs are there (Kim & DeMets 1987,
 * power family, exponent 1), and a look gets what may be spent by then less what earlier looks used. An exact test of few
 * pairs has few levels to choose from: what a look cannot use stays for the next, and a look that can use nothing decides
 * nothing. The end of the budget may come at any n and uses all that is left.
 *
 * The errors of looks are added up (Bonferroni's inequality), which holds at every n, for noise of every symmetric shape and
 * however looks depend on each other. Taking their correlation into account, by integration over normal increments, would
 * make intervals narrower by 1 to 2%, and be right for many pairs only.
 */

/** No verdict stands on fewer pairs. */
export const fewestPairs = 10

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

const spending = (alpha: number, fraction: number): number => alpha * fraction

const ladder = [20, 40, 80]

/**
 * The looks of a comparison of at most so many pairs: the first as early as its share of the error allows, then 20, 40, 80
 * and the most. A look that lies too near to a later one would take more error than it saves time.
 *
 * @param most valid pairs that the budget lets in
 * @param alpha two-sided error of one metric over all looks
 */
export function planLooks(most: number, alpha: number): number[] {
  const last = Math.max(fewestPairs, Math.floor(most))
  const isEarly = (pairs: number) => pairs <= earlyShare * last
  const first = Array.from({ length: last }, (_, index) => index + 1).find(
    (pairs) => pairs >= fewestPairs && smallestError(pairs) <= spending(alpha, pairs / last),
  )
  const early = [...new Set([first ?? last, ...ladder])].filter((pairs) => pairs >= (first ?? last) && isEarly(pairs))
  return [...early, last]
}

/** A look at more than this share of the last one's pairs is left out. */
const earlyShare = 0.67
