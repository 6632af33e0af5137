/** Beyond this the tail is under 1e-15. */
const farOut = 8

export const normalDensity = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)

/** P(Z <= x) of the standard normal distribution, by its power series (Marsaglia 2004). Accurate to 1e-14. */
export function normalCdf(x: number): number {
  if (Math.abs(x) > farOut) return x > 0 ? 1 : 0
  let term = x
  let sum = x
  for (let odd = 3; Math.abs(term) > 1e-17 * Math.abs(sum); odd += 2) {
    term *= (x * x) / odd
    sum += term
  }
  return 0.5 + normalDensity(x) * sum
}
