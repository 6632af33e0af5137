import type { Better } from '../metrics/table.ts'

export type Verdict = 'improved' | 'regressed' | 'equivalent' | 'inconclusive'

export interface Margins {
  /** A change counts only where the whole interval lies beyond it. */
  change: number
  /** An interval wholly inside of it, on both sides of zero, is "the same". */
  equivalence: number
}

export const defaultMargins: Margins = { change: 0.01, equivalence: 0.03 }

/**
 * What an interval says. Margins are ratios minus one and are laid out on the log scale, so that 1% worse and its
 * mirror image (the same pair with A and B swapped) get mirrored verdicts.
 *
 *            improved            |      equivalent      |            regressed          (lower is better)
 *   ------------------------|----|----------|-----------|----|------------------------> ln(B/A)
 *                          -e   -m          0           +m  +e
 *
 * The direction is asked first: an interval between m and e is a change, small as it is. A metric without a better
 * side can only be equivalent or inconclusive.
 */
export function decideVerdict(logLower: number, logUpper: number, better: Better, margins = defaultMargins): Verdict {
  const change = Math.log1p(margins.change)
  const equivalence = Math.log1p(margins.equivalence)
  if (better !== 'none') {
    if (logLower > change) return better === 'lower' ? 'regressed' : 'improved'
    if (logUpper < -change) return better === 'lower' ? 'improved' : 'regressed'
  }
  return logLower >= -equivalence && logUpper <= equivalence ? 'equivalent' : 'inconclusive'
}

/**
 * The smallest effect that these pairs could have shown, as ratio minus one: an estimate must lie half an interval
 * beyond the margin before the whole interval does. An effect of just that size is shown in every other comparison.
 *
 * @param logHalfWidth half the width of the interval of ln(B/A)
 */
export const smallestShowableEffect = (logHalfWidth: number, margins = defaultMargins): number =>
  Math.expm1(logHalfWidth + Math.log1p(margins.change))

/**
 * Why a metric without a better side has no verdict, in words, with what its interval says; null where it has a better side
 * or is equivalent: no effect, however large, could have been shown to improve or regress it.
 */
export function whyNoSide(logLower: number, logUpper: number, better: Better, margins = defaultMargins): string | null {
  if (better !== 'none' || decideVerdict(logLower, logUpper, better, margins) !== 'inconclusive') return null
  const change = Math.log1p(margins.change)
  const isDifferent = logLower > change || logUpper < -change
  return `${isDifferent ? 'differs' : 'not decided whether it differs'}; no side of this metric is better, so that nothing improves or regresses`
}
