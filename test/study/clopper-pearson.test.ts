import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lowerBound, upperBound } from './clopper-pearson.ts'

/** Rounded to so many digits behind the point. */
const rounded = (value: number, digits: number) => Number(value.toFixed(digits))

for (const [found, tried, upper] of [
  // None of n: 1 - 0.05^(1/n).
  [0, 299, 0.009969],
  [0, 10, 0.258866],
  // The counts that a share of 1% may have at most.
  [1, 473, 0.00999],
  [10, 10, 1],
] as const) {
  test(`With 95% confidence ${found} of ${tried} is a share of at most ${upper}`, () => {
    assert.equal(rounded(upperBound(found, tried), 6), upper)
  })
}

test('Both bounds at 97.5% are the two-sided interval that tables give', () => {
  // 5 of 20: 0.0866 to 0.4910 (Clopper & Pearson).
  assert.deepEqual(
    [lowerBound(5, 20, 0.975), upperBound(5, 20, 0.975)].map((bound) => rounded(bound, 4)),
    [0.0866, 0.491],
  )
})

test('The lower bound is the mirror image of the upper', () => {
  assert.equal(lowerBound(0, 50), 0)
  assert.ok(Math.abs(lowerBound(47, 50) - (1 - upperBound(3, 50))) < 1e-12)
})
