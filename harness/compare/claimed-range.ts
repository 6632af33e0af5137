import type { Bounds, Claimed } from '../record/schema.ts'

export type ClaimVerdict = 'confirmed' | 'direction only' | 'refuted' | 'inconclusive' | 'not run'

/** Where a claim says that a number lies. */
export interface Range {
  lower: number
  upper: number
  /** The bounds themselves are left out, as in "above 1". */
  isOpen: boolean
}

/** What is claimed, taken apart. */
export interface ClaimedRange {
  kind: 'ratio' | 'difference' | 'value'
  range: Range
  /** What the number would be if nothing were different; a value by itself has no such thing. */
  noEffect: number | null
  /** On which side of no effect the claim lies; null where it holds no effect, or there is none. */
  direction: 'up' | 'down' | null
}

export function readClaimed(claimed: Claimed): ClaimedRange {
  if ('value' in claimed) return { kind: 'value', range: rangeOf(claimed.value), noEffect: null, direction: null }
  if ('ratio' in claimed) return withDirection('ratio', rangeOf(claimed.ratio), 1)
  return withDirection('difference', rangeOf(claimed.difference), 0)
}

function withDirection(kind: 'ratio' | 'difference', range: Range, noEffect: number): ClaimedRange {
  const direction = isInside(noEffect, range) ? null : noEffect <= range.lower ? 'up' : 'down'
  return { kind, range, noEffect, direction }
}

function rangeOf(bounds: Bounds): Range {
  if ('from' in bounds) return { lower: bounds.from, upper: bounds.to, isOpen: false }
  if ('equals' in bounds) return { lower: bounds.equals, upper: bounds.equals, isOpen: false }
  if ('atLeast' in bounds) return { lower: bounds.atLeast, upper: Infinity, isOpen: false }
  if ('above' in bounds) return { lower: bounds.above, upper: Infinity, isOpen: true }
  if ('atMost' in bounds) return { lower: -Infinity, upper: bounds.atMost, isOpen: false }
  return { lower: -Infinity, upper: bounds.below, isOpen: true }
}

const isInside = (x: number, { lower, upper, isOpen }: Range): boolean =>
  isOpen ? lower < x && x < upper : lower <= x && x <= upper

/** An interval that was measured. */
export interface Interval {
  lower: number
  upper: number
}

/**
 * What an interval says of a claim. `confirmed`: the whole interval lies at or beyond the claim. `direction only`: it
 * excludes no effect, in the claimed direction, and does not wholly reach the claim. `refuted`: it excludes the claim,
 * and shows no effect in its direction. `inconclusive` otherwise.
 *
 *   claim "at least 3":     refuted        direction only      confirmed
 *                         |----------|   |-------------|     |--------|
 *   ------------------------1------------------------3---------------------> variant / against
 *
 * More than was claimed, in its direction, is beyond the claim. A value has no direction: outside is refuted.
 */
export function decideClaim(claimed: ClaimedRange, measured: Interval): Exclude<ClaimVerdict, 'not run'> {
  const { direction, noEffect } = claimed
  const range = atOrBeyond(claimed)
  if (isInside(measured.lower, range) && isInside(measured.upper, range)) return 'confirmed'
  if (direction === 'up' && measured.lower > noEffect!) return 'direction only'
  if (direction === 'down' && measured.upper < noEffect!) return 'direction only'
  return excludes(measured, range) ? 'refuted' : 'inconclusive'
}

/** The claim, and all that is further from no effect. */
export function atOrBeyond({ range, direction }: ClaimedRange): Range {
  if (direction === 'up') return { ...range, upper: Infinity }
  return direction === 'down' ? { ...range, lower: -Infinity } : range
}

/** Whether no number of the interval is in the range. */
export const excludes = (measured: Interval, { lower, upper, isOpen }: Range): boolean =>
  isOpen ? measured.upper <= lower || measured.lower >= upper : measured.upper < lower || measured.lower > upper
