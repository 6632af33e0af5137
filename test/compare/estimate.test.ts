import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  halfWidth,
  logRatios,
  mean,
  meanWithInterval,
  median,
  medianWithRange,
  toRatioMinusOne,
} from '../../harness/compare/estimate.ts'
import { seededNormal } from './seeded-normal.ts'

test('The interval of a mean is that of the textbook', () => {
  // Mean 4, standard deviation 2, n 3, t 4.302653: 4 -+ 4.302653 * 2 / sqrt(3).
  const { estimate, lower, upper } = meanWithInterval([2, 4, 6])
  assert.equal(estimate, 4)
  assert.ok(Math.abs(lower! - -0.968275) < 1e-5)
  assert.ok(Math.abs(upper! - 8.968275) < 1e-5)
  assert.ok(Math.abs(halfWidth([2, 4, 6], 0.9) - (2.919986 * 2) / Math.sqrt(3)) < 1e-5)
})

test('One value has an estimate and no interval', () => {
  assert.deepEqual(meanWithInterval([3]), { estimate: 3, lower: null, upper: null })
  assert.deepEqual(medianWithRange([3]), { estimate: 3, lower: null, upper: null })
})

test('Equal values have an interval of no width', () => {
  assert.deepEqual(meanWithInterval([3, 3, 3]), { estimate: 3, lower: 3, upper: 3 })
})

test('A median is the middle value, or the mean of the middle two, whatever the order', () => {
  assert.equal(median([10, 2, 9]), 9)
  assert.equal(median([10, 2, 9, 100]), 9.5)
  assert.deepEqual(medianWithRange([10, 2, 9]), { estimate: 9, lower: 2, upper: 10 })
  for (let count = 1; count <= 51; count += 2) {
    // Each of 0, 1, 2, ... once, out of order: steps that have no divisor in common with the number of values.
    const values = Array.from({ length: count }, (_, at) => (at * (count % 7 === 0 ? 11 : 7)) % count)
    assert.equal(median(values), (count - 1) / 2, `${count} values`)
    assert.equal(median([...values, -1, count]), (count - 1) / 2)
  }
})

test('Log ratios are taken pair by pair', () => {
  assert.deepEqual(logRatios([1, 2], [Math.E, 2]), [1, 0])
})

for (const [a, b] of [
  [
    [1, 0],
    [1, 1],
  ],
  [
    [1, 1],
    [1, 0],
  ],
  [
    [1, 1],
    [1, -2],
  ],
  [[-1], [-1]],
  [[1], [Number.NaN]],
] as const) {
  test(`There is no ratio between [${a}] and [${b}]`, () => assert.equal(logRatios(a, b), null))
}

test('A log ratio of ln 1.1 is 10% more', () => {
  const { estimate, lower, upper } = toRatioMinusOne({ estimate: Math.log(1.1), lower: 0, upper: null })
  assert.ok(Math.abs(estimate - 0.1) < 1e-12)
  assert.deepEqual([lower, upper], [0, null])
})

const draws = 10_000
for (const n of [2, 3, 10]) {
  test(`A 95% interval over ${n} pairs covers the true log ratio in 94 to 96% of ${draws} draws`, () => {
    const normal = seededNormal(20261121 + n)
    const [truth, deviation] = [Math.log(1.05), 0.04]
    let covered = 0
    for (let draw = 0; draw < draws; draw++) {
      const logs = Array.from({ length: n }, () => truth + deviation * normal())
      const { lower, upper } = meanWithInterval(logs)
      if (lower! <= truth && truth <= upper!) covered++
    }
    const share = covered / draws
    assert.ok(share >= 0.94 && share <= 0.96, String(share))
  })
}

test('The drawn numbers have the mean and the deviation that the coverage test takes them to have', () => {
  const normal = seededNormal(1)
  const values = Array.from({ length: 50_000 }, normal)
  assert.ok(Math.abs(mean(values)) < 0.02)
  assert.ok(Math.abs(mean(values.map((value) => value * value)) - 1) < 0.03)
})
