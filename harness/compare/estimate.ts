import { studentTQuantile } from './student-t.ts'

/** An estimate with the interval around it; null bounds where there are too few values for one. */
export interface Estimate {
  estimate: number
  lower: number | null
  upper: number | null
}

/**
 * Mean with Student's t interval: values are taken for independent and normal, one value a pair.
 *
 * @param values at least one
 */
export function meanWithInterval(values: readonly number[], confidence = 0.95): Estimate {
  const estimate = mean(values)
  if (values.length < 2) return { estimate, lower: null, upper: null }
  const half = halfWidth(values, confidence)
  return { estimate, lower: estimate - half, upper: estimate + half }
}

/** Half the width of the t interval of the mean. Needs two values or more. */
export function halfWidth(values: readonly number[], confidence = 0.95): number {
  const df = values.length - 1
  const centre = mean(values)
  const variance = values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / df
  return studentTQuantile((1 + confidence) / 2, df) * Math.sqrt(variance / values.length)
}

/** Median with the smallest and the largest value; of one value there is no range. */
export function medianWithRange(values: readonly number[]): Estimate {
  const isRange = values.length > 1
  return {
    estimate: median(values),
    lower: isRange ? Math.min(...values) : null,
    upper: isRange ? Math.max(...values) : null,
  }
}

/** ln(B/A) pair by pair; null where one value is zero, negative or not finite, since then no ratio exists. */
export function logRatios(baseline: readonly number[], variant: readonly number[]): number[] | null {
  const logs = baseline.map((a, pair) => (a > 0 && variant[pair]! > 0 ? Math.log(variant[pair]! / a) : Number.NaN))
  return logs.every(Number.isFinite) ? logs : null
}

/** From the scale of log ratios to ratio minus one: 0.0953 -> 0.1. */
export const toRatioMinusOne = ({ estimate, lower, upper }: Estimate): Estimate => ({
  estimate: Math.expm1(estimate),
  lower: lower === null ? null : Math.expm1(lower),
  upper: upper === null ? null : Math.expm1(upper),
})

export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** The same of values that there may be none of: null then. */
export const medianOf = (values: readonly number[]): number | null => (values.length === 0 ? null : median(values))

/** Most medians are of a few blocks or trials, and a large run has hundreds of thousands of them: a typed array for each is slow. */
const few = 24

function ascending(values: readonly number[]): ArrayLike<number> {
  if (values.length > few) return new Float64Array(values).sort()
  const sorted = [...values]
  for (let at = 1; at < sorted.length; at++) {
    const value = sorted[at]!
    let place = at
    for (; place > 0 && sorted[place - 1]! > value; place--) sorted[place] = sorted[place - 1]!
    sorted[place] = value
  }
  return sorted
}

/** Of an even number of values the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = ascending(values)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
