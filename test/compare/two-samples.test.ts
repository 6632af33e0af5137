import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundRank, shiftBetween } from '../../harness/compare/two-samples.ts'
import { seededNormal } from './seeded-normal.ts'

test('The shift between two samples is the median of all differences, its interval made of those differences', () => {
  // U = 0 has a probability of 1/70, which is below 2.5%, U <= 1 of 2/70, which is not: the interval holds all of them.
  const shift = shiftBetween([1, 2, 4, 8], [11, 13, 15, 20])
  const all = [11, 13, 15, 20].flatMap((b) => [1, 2, 4, 8].map((a) => b - a)).sort((x, y) => x - y)
  assert.deepEqual(shift, { estimate: (all[7]! + all[8]!) / 2, lower: all[0], upper: all[15] })
})

/** Critical values of U, two-sided at 5%, as tables of the Mann-Whitney test have them; one more is left out on each side. */
const critical: [n: number, m: number, u: number | null][] = [
  [3, 3, null],
  [3, 4, null],
  [3, 5, 0],
  [4, 4, 0],
  [5, 5, 2],
  [5, 8, 6],
  [7, 7, 8],
  [8, 10, 17],
  [10, 10, 23],
  [12, 20, 69],
  [20, 20, 127],
]
for (const [n, m, u] of critical) {
  test(`Of ${n} and ${m} values ${u === null ? 'there is no interval' : `U is critical up to ${u}`}`, () => {
    const rank = u === null ? 0 : u + 1
    assert.deepEqual([boundRank(n, m, 0.95), boundRank(m, n, 0.95)], [rank, rank])
  })
}

test('Too few values have a shift and no interval', () => {
  assert.deepEqual(shiftBetween([1], [3]), { estimate: 2, lower: null, upper: null })
})

test('Intervals at 95% cover the true shift in at least 95% of samples', () => {
  const normal = seededNormal(5)
  const sample = (length: number, shift: number) => Array.from({ length }, () => shift + normal())
  const repetitions = 2000
  let covered = 0
  for (let at = 0; at < repetitions; at++) {
    const { lower, upper } = shiftBetween(sample(6, 0), sample(8, 0.7))
    if (lower! <= 0.7 && upper! >= 0.7) covered++
  }
  // 3.3 standard errors below 95% would be a chance of 1 in 2,000.
  assert.ok(covered / repetitions > 0.95 - 3.3 * Math.sqrt((0.95 * 0.05) / repetitions), `${covered} of ${repetitions}`)
})
