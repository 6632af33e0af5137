import type { LookLevel } from './looks.ts'
import { hodgesLehmann, signedRankInterval } from './signed-rank.ts'
import type { Verdict } from './verdict.ts'

/** The verdict of the interval of ln(B/A), and of the pairs that it is of. */
type Judge = (interval: { lower: number; upper: number }, logs: readonly number[]) => Verdict

/** What a look saw, on the scale of ln(B/A). */
export interface LogLook extends LookLevel {
  /** Null where a pair has no ratio; infinite where most come from zero, or go to it. */
  estimate: number | null
  /** Null where so few pairs have no interval of so small an error, too. */
  interval: { lower: number; upper: number } | null
  verdict: Verdict
}

/**
 * Looks at the pairs as often as there are enough of them, until a look decides: what comes later changes nothing. The
 * intervals cover the truth all together with the probability that looks share, so that any verdict may be read off them.
 *
 * @param logs ln(B/A) in the order of pairs, infinite where one value is zero; null where one is negative
 * @param judge what a look that has an interval says
 */
export function takeLooks(logs: readonly (number | null)[], levels: readonly LookLevel[], judge: Judge): LogLook[] {
  const taken: LogLook[] = []
  for (const level of levels) {
    if (logs.length < level.pairs || (taken.at(-1)?.verdict ?? 'inconclusive') !== 'inconclusive') break
    // The look at the end replaces one at the same pairs that had less error to use.
    if (taken.at(-1)?.pairs === level.pairs) taken.pop()
    taken.push(lookAt(logs.slice(0, level.pairs), level, judge))
  }
  return taken
}

function lookAt(all: readonly (number | null)[], level: LookLevel, judge: Judge): LogLook {
  const logs = all.filter((log) => log !== null)
  // Of one that comes from nothing and one that goes to it there is no middle.
  const isTorn = logs.includes(Number.POSITIVE_INFINITY) && logs.includes(Number.NEGATIVE_INFINITY)
  if (isTorn || logs.length < all.length) return { ...level, estimate: null, interval: null, verdict: 'inconclusive' }
  const estimate = hodgesLehmann(logs)
  const interval = level.error === 0 ? null : signedRankInterval(logs, level.error)
  if (!interval) return { ...level, estimate, interval: null, verdict: 'inconclusive' }
  const { lower, upper } = interval
  return { ...level, estimate, interval: { lower, upper }, verdict: judge(interval, logs) }
}
