/**
 * Student's t distribution by the regularised incomplete beta function. Formulas: Abramowitz & Stegun, Handbook of
 * Mathematical Functions: 6.1.40 (log-gamma), 26.5.8 (continued fraction), 26.7.1 (t by the incomplete beta function);
 * the continued fraction is evaluated as Lentz (1976) does.
 */

/** P(T <= t) with `df` degrees of freedom (df > 0, need not be whole). Accurate to 1e-10. */
export const studentTCdf = (t: number, df: number): number => (t < 0 ? upperTail(-t, df) : 1 - upperTail(t, df))

/**
 * The t with P(T <= t) = p. Accurate to 1e-9 of itself.
 *
 * @throws RangeError where p is not inside (0, 1) or df not above 0
 */
export function studentTQuantile(p: number, df: number): number {
  if (!(p > 0 && p < 1) || !(df > 0)) throw new RangeError(`t quantile: p=${p} must be inside (0, 1), df=${df} above 0`)
  const key = `${p} ${df}`
  const known = quantiles.get(key)
  if (known !== undefined) return known
  const found = p < 0.5 ? -tOfUpperTail(p, df) : tOfUpperTail(1 - p, df)
  quantiles.set(key, found)
  return found
}

/** Of one campaign a handful: its blocks are as many everywhere, and it has thousands of intervals. */
const quantiles = new Map<string, number>()

/** Works on the tail, where a small probability keeps its digits. */
function tOfUpperTail(tail: number, df: number): number {
  let high = 1
  while (upperTail(high, df) > tail) high *= 2
  return bisect((t) => upperTail(t, df) - tail, high === 1 ? 0 : high / 2, high)
}

/** P(T > t) for t >= 0; of the two mirror images of the incomplete beta function the one that keeps its digits. */
function upperTail(t: number, df: number): number {
  const square = t * t
  if (square < df) return 0.5 - 0.5 * incompleteBeta(square / (df + square), 0.5, df / 2)
  return 0.5 * incompleteBeta(df / (df + square), df / 2, 0.5)
}

/** The zero of a falling function, to the last bits of its place. */
function bisect(falling: (x: number) => number, low: number, high: number): number {
  let [left, right] = [low, high]
  for (let step = 0; step < 60; step++) {
    const middle = (left + right) / 2
    if (falling(middle) > 0) left = middle
    else right = middle
  }
  return (left + right) / 2
}

/** I_x(a, b), for x from 0 to 1. */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  // The fraction converges fast only below this point; above it the mirror image is used.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a)
  const logFront = a * Math.log(x) + b * Math.log1p(-x) - Math.log(a) - logBeta(a, b)
  return Math.exp(logFront) * continuedFraction(x, a, b)
}

/** 1 / (1 + d1 / (1 + d2 / (1 + ...))), from the front: `value` grows by the ratio of successive convergents. */
function continuedFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300
  let value = 1
  let upper = 1
  let lower = 0
  for (let term = 1; term <= 500; term++) {
    const coefficient = betaCoefficient(term, x, a, b)
    lower = 1 / (1 + coefficient * lower || tiny)
    upper = 1 + coefficient / upper || tiny
    value *= upper * lower
    if (Math.abs(upper * lower - 1) < 1e-15) break
  }
  return 1 / value
}

function betaCoefficient(term: number, x: number, a: number, b: number): number {
  const m = Math.floor(term / 2)
  const even = (m * (b - m)) / ((a + 2 * m - 1) * (a + 2 * m))
  const odd = (-(a + m) * (a + b + m)) / ((a + 2 * m) * (a + 2 * m + 1))
  return (term % 2 === 0 ? even : odd) * x
}

const logBeta = (a: number, b: number): number => logGamma(a) + logGamma(b) - logGamma(a + b)

/** Stirling's series, exact to 1e-12 from 10 on; smaller arguments are brought there by gamma(x + 1) = x gamma(x). */
function logGamma(x: number): number {
  if (x < 10) return logGamma(x + 1) - Math.log(x)
  const inverse = 1 / x
  const square = inverse * inverse
  const series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680)))
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series
}
