import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signFlipP } from '../../harness/compare/sign-flip.ts'
import { seededNormal } from './seeded-normal.ts'

test('Values that all lie on one side are as far out as two of all patterns of signs', () => {
  assert.equal(signFlipP([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 1), 2 / 1024)
  assert.equal(signFlipP([-1, -2, -3], 1), 2 / 8)
  assert.equal(signFlipP([1], 1), 1)
})

test('Of few values every pattern of signs is counted', () => {
  // |1 + 2 - 4| = 1: the patterns' sums are -+1, -+3, -+5 and -+7.
  assert.equal(signFlipP([1, 2, -4], 1), 1)
  // |-1 + 2 + 4| = 5: -+5 and -+7.
  assert.equal(signFlipP([-1, 2, 4], 1), 4 / 8)
})

test('The size of the values does not matter, nor does a difference in the last bits of a sum', () => {
  const values = [0.1, 0.2, 0.3, -0.6, 0.7]
  assert.equal(signFlipP(values, 1), signFlipP([...values].reverse(), 1))
  assert.equal(
    signFlipP(values, 1),
    signFlipP(
      values.map((value) => value * -1e-9),
      1,
    ),
  )
})

test('Of many values a seed draws the same patterns again, and about as many as there are', () => {
  const normal = seededNormal(3)
  const values = Array.from({ length: 17 }, () => 0.4 + normal())
  const drawn = signFlipP(values, 5)
  assert.equal(signFlipP(values, 5), drawn)
  assert.notEqual(signFlipP(values, 6), drawn)
  // A zero leaves all sums as they are, so that 16 values and a zero are drawn, and the 16 are counted.
  const exact = signFlipP(values.slice(1), 1)
  const near = signFlipP([...values.slice(1), 0], 1)
  assert.ok(Math.abs(near - exact) < 4 * Math.sqrt((exact * (1 - exact)) / 65_536), `${near} against ${exact}`)
})

test('Where nothing changed a p under 0.05 comes in one of twenty', () => {
  const normal = seededNormal(4)
  const draws = 1500
  let found = 0
  for (let draw = 0; draw < draws; draw++) {
    if (signFlipP(Array.from({ length: 10 }, normal), 1) <= 0.05) found++
  }
  assert.ok(Math.abs(found / draws - 0.05) < 4 * Math.sqrt((0.05 * 0.95) / draws), String(found / draws))
})
