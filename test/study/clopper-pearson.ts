import { incompleteBeta } from '../../harness/compare/student-t.ts'

/**
 * The exact interval of a share by Clopper & Pearson (1934), one bound at a time: with this confidence the true share is at
 * most the upper bound, and with this confidence at least the lower one.
 *
 * @param found of `tried`, at least one of which was tried
 */
export const upperBound = (found: number, tried: number, confidence = 0.95): number =>
  found === tried ? 1 : betaQuantile(confidence, found + 1, tried - found)

export const lowerBound = (found: number, tried: number, confidence = 0.95): number =>
  found === 0 ? 0 : betaQuantile(1 - confidence, found, tried - found + 1)

function betaQuantile(p: number, a: number, b: number): number {
  let [low, high] = [0, 1]
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (incompleteBeta(middle, a, b) < p) low = middle
    else high = middle
  }
  return (low + high) / 2
}
