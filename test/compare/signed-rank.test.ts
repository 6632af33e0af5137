import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  boundRank,
  centreWithInterval,
  hodgesLehmann,
  lowerTail,
  signedRankInterval,
  smallestError,
} from '../../harness/compare/signed-rank.ts'
import { seededNormal } from './seeded-normal.ts'

/** By trying all patterns of signs. */
function bruteTail(n: number): number[] {
  const counts = new Array<number>((n * (n + 1)) / 2 + 1).fill(0)
  for (let pattern = 0; pattern < 2 ** n; pattern++) {
    let t = 0
    for (let rank = 1; rank <= n; rank++) if (pattern & (1 << (rank - 1))) t += rank
    counts[t]!++
  }
  let sum = 0
  return counts.map((count) => (sum += count) / 2 ** n)
}

for (const n of [1, 2, 5, 10, 13]) {
  test(`The distribution of the signed-rank statistic of ${n} values is that of all ${2 ** n} patterns of signs`, () => {
    assert.deepEqual([...lowerTail(n)], bruteTail(n))
  })
}

test('The distribution of 80 values ends at one, is symmetric, and keeps its smallest digits', () => {
  const tail = lowerTail(80)
  const most = (80 * 81) / 2
  assert.ok(Math.abs(tail[most]! - 1) < 1e-12)
  assert.equal(tail[0], 2 ** -80)
  assert.equal(tail[3]! / tail[0]!, 5)
  for (const t of [700, 1000, 1619]) assert.ok(Math.abs(tail[t]! + tail[most - 1 - t]! - 1) < 1e-12)
})

// Of n values the tabulated critical value, two-sided (Hollander, Wolfe & Chicken, table A.4): T <= rank - 1.
for (const [n, error, critical] of [
  [10, 0.05, 8],
  [10, 0.01, 3],
  [12, 0.05, 13],
  [15, 0.01, 15],
  [20, 0.05, 52],
  [20, 0.01, 37],
  [25, 0.05, 89],
  [30, 0.01, 109],
] as const) {
  test(`The critical value of ${n} values at ${error} is that of the textbooks' table`, () => {
    assert.equal(boundRank(n, error)!.rank - 1, critical)
  })
}

test('An interval errs in at most what is asked for, and the next narrower one in more', () => {
  for (let n = 10; n <= 80; n++) {
    for (const error of [0.0001, 0.0005, 0.002, 0.003, 0.01, 0.05]) {
      const bound = boundRank(n, error)
      if (smallestError(n) > error) {
        assert.equal(bound, null)
        continue
      }
      assert.ok(bound!.error <= error && 2 * lowerTail(n)[bound!.rank]! > error, `${n} values at ${error}`)
    }
  }
})

test('Of ten values the whole range is the only interval that errs in at most 0.003, and none errs in 0.0019', () => {
  const values = [5, 1, 2, 8, 3, 9, 4, 7, 6, 10]
  assert.deepEqual(signedRankInterval(values, 0.003), { lower: 1, upper: 10, error: 2 / 1024 })
  assert.equal(signedRankInterval(values, 0.0019), null)
  // The second averages from the ends: 1.5 and 9.5.
  assert.deepEqual(signedRankInterval(values, 0.004), { lower: 1.5, upper: 9.5, error: 4 / 1024 })
})

test('The centre is the median of the averages of each two values and of the values themselves', () => {
  assert.equal(hodgesLehmann([3]), 3)
  assert.equal(hodgesLehmann([0, 10]), 5)
  // 0, 0.5, 1, 5, 5.5, 10.
  assert.equal(hodgesLehmann([0, 1, 10]), 3)
  assert.deepEqual(centreWithInterval([0, 1, 10]), { estimate: 3, lower: null, upper: null })
})

test('Values that are all the same have an interval of no width', () => {
  assert.deepEqual(centreWithInterval(new Array<number>(10).fill(4)), { estimate: 4, lower: 4, upper: 4 })
})

test('Of values with a few levels only the interval errs less often than it says', () => {
  const normal = seededNormal(11)
  let missed = 0
  for (let draw = 0; draw < 2000; draw++) {
    const values = Array.from({ length: 12 }, () => Math.round(normal()))
    const { lower, upper } = signedRankInterval(values, 0.05)!
    if (lower > 0 || upper < 0) missed++
  }
  assert.ok(missed / 2000 <= 0.05, String(missed))
})

for (const n of [10, 20, 40]) {
  test(`The interval of ${n} values misses the centre as often as it says`, () => {
    const normal = seededNormal(100 + n)
    const [draws, asked] = [4000, 0.05]
    const { error } = boundRank(n, asked)!
    let missed = 0
    for (let draw = 0; draw < draws; draw++) {
      const { lower, upper } = signedRankInterval(
        Array.from({ length: n }, () => 7 + normal() ** 3),
        asked,
      )!
      if (lower > 7 || upper < 7) missed++
    }
    const spread = Math.sqrt((error * (1 - error)) / draws)
    assert.ok(Math.abs(missed / draws - error) < 4 * spread, `${missed / draws} against ${error}`)
  })
}
