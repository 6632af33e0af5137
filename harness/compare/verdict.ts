import type { Better } from '../metrics/table.ts'
import { mean } from './estimate.ts'

export type Verdict = 'improved' | 'regressed' | 'equivalent' | 'inconclusive'

export interface Margins {
  /** A change counts only where the whole interval lies beyond it. */
  change: number
  /** An interval wholly inside of it, on both sides of zero, is "the same". */
  equivalence: number
}

export const defaultMargins: Margins = { change: 0.01, equivalence: 0.03 }

/** Margins as somebody wrote them, who may have left some out. */
export type WrittenMargins = { [Key in keyof Margins]?: Margins[Key] | undefined }

/**
 * The margins of which some are written. Who looks for a smaller change than usual must not be content with what is usually
 * called the same, and ends on it: the margin of equivalence shrinks with that of change, and goes with it where that is 0.
 * Who lets a larger change pass means that up to there it is the same.
 */
export function marginsFrom({ change = defaultMargins.change, equivalence }: WrittenMargins): Margins {
  const usual = Math.min(change * (defaultMargins.equivalence / defaultMargins.change), defaultMargins.equivalence)
  return { change, equivalence: equivalence ?? Math.max(change, usual) }
}

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
 * What the pairs of a look say. The interval stands around their middle, and what hits one pair in ten hardly moves it. It
 * moves their mean: where that is not within the margin, the two are not the same, and more pairs may tell.
 *
 * @param logs of all pairs, with the interval of their centre
 */
export function decidePairs(
  logs: readonly number[],
  { lower, upper }: { lower: number; upper: number },
  better: Better,
  margins: Margins,
): Verdict {
  const verdict = decideVerdict(lower, upper, better, margins)
  const isAlike = Math.abs(mean(logs)) <= Math.log1p(margins.equivalence)
  return verdict === 'equivalent' && !isAlike ? 'inconclusive' : verdict
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
