/** What of a record an invalidity voids: which part of the load, and which of the numbers over it. */

import { percentileOf } from '../metrics/stat.ts'
import type { Invalidity, Observation, Scope } from '../record/schema.ts'
import { partsOf } from './observation-id.ts'

/**
 * An invalidity without a scope voids the whole record; one of a k6 scenario or phase voids what was taken over that
 * part, and over the whole load too, which is made of that part among others. A k6 scenario and the phase that it fills
 * have one name, and are one part.
 */
export const covers = (invalidity: Scope, scope: Scope): boolean =>
  isWhole(invalidity) || isWhole(scope) || sharesPart(invalidity, scope)

/** Whether both are of one k6 scenario or phase, by whichever of the two names. */
export const sharesPart = (a: Scope, b: Scope): boolean => partsOf(a).some((part) => partsOf(b).includes(part))

/** Of the whole load, and no part of it. */
export const isWhole = (scope: Scope): boolean => partsOf(scope).length === 0

/** What of a number says whether it is spared. */
export type SparedNumber = Pick<Observation, 'stat' | 'unit' | 'n'>

/** Of fewer one in a hundred is no share. */
const leastSpared = 20

/**
 * Whether what is wrong leaves this number as it is: a low percentile of as many times. What is no time may be made of many
 * operations, as a rate is, and suffer from each.
 */
export function spares({ abovePercentile }: Invalidity, { stat = '', unit, n = 0 }: Partial<SparedNumber>): boolean {
  if (abovePercentile === undefined || unit !== 'ms' || n < leastSpared) return false
  const percentile = stat === 'med' ? 50 : percentileOf(stat)
  return percentile !== null && percentile <= abovePercentile
}

/** ` above p50` where lower percentiles are spared, else nothing. */
export const aboveInWords = ({ abovePercentile }: Pick<Invalidity, 'abovePercentile'>): string =>
  abovePercentile === undefined ? '' : ` above p${abovePercentile}`
