import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ClaimEstimate, estimateClaim } from '../../harness/compare/claim-interval.ts'
import { decideClaim, readClaimed } from '../../harness/compare/claimed-range.ts'
import { seededNormal } from './seeded-normal.ts'

const estimated = (...args: Parameters<typeof estimateClaim>): ClaimEstimate => {
  const estimate = estimateClaim(...args)
  assert.ok(!('none' in estimate))
  return estimate
}

const near = (value: number | null, expected: number) => assert.ok(Math.abs(value! - expected) < 1e-6, `${value}`)

test('A ratio is taken on the log scale: the mean of logs, and a t interval around it', () => {
  // Logs ln 2, ln 4, ln 8; t(0.975, 2) = 4.302653; s = ln 2.
  const { estimate, lower, upper, kind } = estimated('ratio', [1, 1, 1], [2, 4, 8])
  near(estimate, 4)
  near(lower, 4 * Math.exp((-4.302652729 * Math.LN2) / Math.sqrt(3)))
  near(upper, 4 * Math.exp((4.302652729 * Math.LN2) / Math.sqrt(3)))
  assert.equal(kind, 't95')
})

test('A difference and a value are taken as they are', () => {
  const difference = estimated('difference', [1, 2, 3], [11, 13, 12])
  near(difference.estimate, 10)
  near(difference.upper, 10 + 4.302652729 / Math.sqrt(3))
  const value = estimated('value', [], [10, 11, 9])
  near(value.estimate, 10)
  near(value.lower, 10 - 4.302652729 / Math.sqrt(3))
})

const constant: [
  why: string,
  kind: 'ratio' | 'difference' | 'value',
  against: number[],
  variant: number[],
  point: number,
][] = [
  ['a count that is always the same', 'value', [3, 3, 3], [3, 3, 3], 3],
  ['a count of nothing', 'value', [0, 0], [0, 0], 0],
  ['four against one in every block', 'ratio', [1, 1, 1], [4, 4, 4], 4],
  ['nothing of something', 'ratio', [5, 7, 6], [0, 0, 0], 0],
  ['no difference of nothing from nothing', 'difference', [0, 0], [0, 0], 0],
]

for (const [why, kind, against, variant, point] of constant) {
  test(`${why}: the interval is that point, and says why`, () => {
    assert.deepEqual(estimated(kind, against, variant), {
      estimate: point,
      lower: point,
      upper: point,
      kind: 'constant',
    })
  })
}

const noRatio: [against: number[], variant: number[], why: RegExp][] = [
  [
    [0, 0, 0],
    [4, 5, 6],
    /^no ratio, since what it is held against is 0 in 3 of 3 pairs: claim a difference or a value$/,
  ],
  [[0, 0], [0, 0], /what it is held against is 0 in 2 of 2 pairs/],
  [[1, 0, 1], [4, 5, 6], /what it is held against is 0 in 1 of 3 pairs/],
  [[1, 2, 1], [4, 0, 6], /the variant is 0 in 1 of 3 pairs/],
  [[1, -2, 1], [4, 1, 6], /what it is held against is zero or less in 1 of 3 pairs/],
]

for (const [against, variant, why] of noRatio) {
  test(`${JSON.stringify(variant)} against ${JSON.stringify(against)} has no ratio, and nothing is divided by zero`, () => {
    const estimate = estimateClaim('ratio', against, variant)
    assert.ok('none' in estimate)
    assert.match(estimate.none, why)
  })
}

test('One pair has an estimate and no interval', () => {
  assert.deepEqual(estimated('ratio', [2], [3]), { estimate: 1.5, lower: null, upper: null, kind: 'none' })
})

/** Blocks share what the machine does slowly; a ratio has its own noise beside that. */
function drawPairs(normal: () => number, blocks: number, ratio: number): [against: number[], variant: number[]] {
  const against = Array.from({ length: blocks }, () => 40 * Math.exp(0.1 * normal()))
  return [against, against.map((value) => value * ratio * Math.exp(0.05 * normal()))]
}

test('Intervals of ratios, differences and values hold the truth in 95% of simulated campaigns', () => {
  const normal = seededNormal(4)
  const rounds = 1500
  const held = { ratio: 0, difference: 0, value: 0 }
  const holds = ({ lower, upper }: ClaimEstimate, truth: number) => (lower! <= truth && truth <= upper! ? 1 : 0)
  for (let round = 0; round < rounds; round++) {
    held.ratio += holds(estimated('ratio', ...drawPairs(normal, 4, 1.3)), 1.3)
    const noise = Array.from({ length: 4 }, () => 5 + 2 * normal())
    held.value += holds(estimated('value', [], noise), 5)
    const base = noise.map(() => 100 + 10 * normal())
    held.difference += holds(
      estimated(
        'difference',
        base,
        base.map((value, at) => value + noise[at]!),
      ),
      5,
    )
  }
  // Three standard errors of a share of 0.95 over 1,500 rounds are 0.017.
  for (const [kind, count] of Object.entries(held))
    assert.ok(Math.abs(count / rounds - 0.95) < 0.017, `${kind}: ${count / rounds}`)
})

test('Where nothing is different, a claim of more is confirmed in at most 2.5% of simulated campaigns', () => {
  const normal = seededNormal(9)
  const rounds = 1500
  const claimed = readClaimed({ ratio: { above: 1 } })
  let confirmed = 0
  for (let round = 0; round < rounds; round++) {
    const { lower, upper } = estimated('ratio', ...drawPairs(normal, 4, 1))
    if (decideClaim(claimed, { lower: lower!, upper: upper! }) === 'confirmed') confirmed++
  }
  assert.ok(confirmed / rounds < 0.025 + 0.012, `${confirmed / rounds}`)
  assert.ok(confirmed / rounds > 0.025 - 0.012, `${confirmed / rounds}`)
})
