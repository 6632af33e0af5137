import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lookLevels, planLooks } from '../../harness/compare/looks.ts'

const alpha = 0.003
const spent = (levels: readonly { error: number }[]) => levels.reduce((sum, { error }) => sum + error, 0)

test('By each look at most its share of the error is spent, and by the last nearly all of it', () => {
  const looks = [12, 20, 40, 80]
  const levels = lookLevels(looks, alpha)
  assert.deepEqual(
    levels.map(({ pairs }) => pairs),
    looks,
  )
  for (const [at, pairs] of looks.entries()) assert.ok(spent(levels.slice(0, at + 1)) <= alpha * (pairs / 80) ** 0.75)
  assert.ok(spent(levels) > 0.99 * alpha, String(spent(levels)))
})

test('What a look of few pairs cannot use stays for the next', () => {
  // Of ten pairs the smallest error is 0.00195; (10/80)^0.75 of 0.003 is 0.00063.
  const [first, second] = lookLevels([10, 20, 40, 80], alpha)
  assert.deepEqual(first, { pairs: 10, error: 0 })
  const [without] = lookLevels([20, 40, 80], alpha)
  assert.equal(second?.error, without?.error)
  assert.ok(second!.error > 0.9 * alpha * 0.25 ** 0.75)
})

test('Where the budget ends, one more look at all pairs uses what is left', () => {
  const levels = lookLevels([13, 20, 40, 80], alpha, 31)
  assert.deepEqual(
    levels.map(({ pairs }) => pairs),
    [13, 20, 31],
  )
  assert.ok(spent(levels) <= alpha && spent(levels) > 0.95 * alpha, String(spent(levels)))
  assert.deepEqual(levels.slice(0, 2), lookLevels([13, 20, 40, 80], alpha).slice(0, 2))
})

test('Where the budget ends at a look, the pairs are looked at again with all that earlier looks left', () => {
  const [first, planned, last] = lookLevels([13, 20, 40, 80], alpha, 20)
  assert.deepEqual([planned?.pairs, last?.pairs], [20, 20])
  assert.ok(last!.error > planned!.error)
  assert.ok(first!.error + last!.error <= alpha)
})

test('Fewer than ten pairs are not looked at, and the last look is the last', () => {
  assert.deepEqual(lookLevels([10, 20], alpha, 9), [])
  assert.deepEqual(lookLevels([10, 20], alpha, 25), lookLevels([10, 20], alpha))
  assert.deepEqual(lookLevels([10, 20], alpha, 20), lookLevels([10, 20], alpha))
})

for (const [most, share, looks] of [
  [80, 0.003, [12, 20, 28, 40, 56, 80]],
  [80, 0.0015, [13, 20, 28, 40, 56, 80]],
  [80, 0.0003, [15, 20, 28, 40, 56, 80]],
  [200, 0.003, [13, 20, 28, 40, 56, 80, 112, 200]],
  [30, 0.003, [11, 20, 30]],
  [25, 0.003, [11, 25]],
  [20, 0.003, [20]],
  [14, 0.003, [14]],
  [10, 0.003, [10]],
  [7, 0.003, [10]],
] as const) {
  test(`Where ${most} pairs fit into the budget, a metric with an error of ${share} is looked at after ${looks.join(', ')}`, () => {
    assert.deepEqual(planLooks(most, share), looks)
    // The first look can tell something.
    assert.ok(lookLevels(looks, share)[0]!.error > 0)
  })
}

test('No look is planned of so few pairs that they cannot tell anything, however little the budget lets in', () => {
  for (const metrics of [1, 2, 3, 6])
    for (let most = 1; most <= 90; most++) {
      const looks = planLooks(most, alpha / metrics)
      const [first] = lookLevels(looks, alpha / metrics)
      assert.ok(first!.error > 0, `${metrics} metrics, ${most} pairs: ${looks}`)
    }
  assert.deepEqual(planLooks(10, alpha / 2), [11])
})
