import type { ClaimedRange } from './claimed-range.ts'
import { type Estimate, logRatios, meanWithInterval } from './estimate.ts'

/** What was measured of a claim: a ratio, a difference or a value, as it was claimed. */
export interface ClaimEstimate extends Estimate {
  /** t95: Student's t over pairs; constant: the same in all of them, so that there is no spread to judge by; none: one pair. */
  kind: 't95' | 'constant' | 'none'
}

/**
 * The number that is claimed with its interval at 95%: of ratios on the log scale, of differences and values as they
 * are, one value a pair.
 *
 * @param against as many as `variant`, pair by pair, at least one; not looked at for a value
 * @returns why there is no such number, where a ratio would have to be taken of zero
 */
export function estimateClaim(
  kind: ClaimedRange['kind'],
  against: readonly number[],
  variant: readonly number[],
): ClaimEstimate | { none: string } {
  if (kind === 'value') return overPairs(variant)
  if (kind === 'difference') return overPairs(variant.map((value, pair) => value - against[pair]!))
  const logs = logRatios(against, variant)
  if (logs) return toRatio(overPairs(logs))
  // Nothing of something is no ratio on the log scale, but a clear one where it is so every time.
  const isNothing = variant.every((value) => value === 0) && against.every((value) => value > 0)
  return isNothing ? overPairs(variant) : { none: whyNoRatio(against, variant) }
}

function overPairs(values: readonly number[]): ClaimEstimate {
  const [first] = values
  if (values.length < 2) return { ...meanWithInterval(values), kind: 'none' }
  if (values.every((value) => value === first)) {
    return { estimate: first!, lower: first!, upper: first!, kind: 'constant' }
  }
  return { ...meanWithInterval(values), kind: 't95' }
}

const toRatio = ({ estimate, lower, upper, kind }: ClaimEstimate): ClaimEstimate => ({
  estimate: Math.exp(estimate),
  lower: lower === null ? null : Math.exp(lower),
  upper: upper === null ? null : Math.exp(upper),
  kind,
})

function whyNoRatio(against: readonly number[], variant: readonly number[]): string {
  const [side, values] = against.every((value) => value > 0)
    ? (['the variant', variant] as const)
    : (['what it is held against', against] as const)
  const count = values.filter((value) => value <= 0).length
  const what = values.some((value) => value < 0) ? 'zero or less' : '0'
  return `no ratio, since ${side} is ${what} in ${count} of ${values.length} pairs: claim a difference or a value`
}
