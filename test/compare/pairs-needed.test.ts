import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lookLevels, mostPairsEver, planLooks } from '../../harness/compare/looks.ts'
import { normalCdf, normalDensity } from '../../harness/compare/normal.ts'
import { pairsNeeded, powerOf, type Sought } from '../../harness/compare/pairs-needed.ts'
import { takeLooks } from '../../harness/compare/take-looks.ts'
import { decideVerdict } from '../../harness/compare/verdict.ts'
import { seededNormal } from './seeded-normal.ts'

test('The normal distribution is that of the textbook', () => {
  for (const [x, p] of [
    [0, 0.5],
    [1, 0.8413447460685429],
    [-1.959963984540054, 0.025],
    [-3.0902323061678132, 0.001],
    [5, 0.9999997133484281],
  ] as const) {
    assert.ok(Math.abs(normalCdf(x) - p) < 1e-12, `${x}: ${normalCdf(x)}`)
  }
  assert.deepEqual([normalCdf(-9), normalCdf(9), normalCdf(Infinity)], [0, 1, 1])
  assert.ok(Math.abs(normalDensity(1) - 0.24197072451914337) < 1e-15)
})

/** The share of comparisons that find the effect, by drawing them. */
function foundShare(most: number, { sd, effect, changeMargin, alpha }: Sought, draws: number): number {
  const normal = seededNormal(most)
  const levels = lookLevels(planLooks(most, alpha), alpha)
  const margins = { change: changeMargin, equivalence: 0.0001 }
  let found = 0
  for (let draw = 0; draw < draws; draw++) {
    const logs = Array.from({ length: most }, () => Math.log1p(effect) + sd * normal())
    const looks = takeLooks(logs, levels, (lower, upper) => decideVerdict(lower, upper, 'lower', margins))
    if (looks.at(-1)?.verdict === (effect > 0 ? 'regressed' : 'improved')) found++
  }
  return found / draws
}

const cases: [sought: Sought, power: number][] = [
  [{ sd: 0.03, effect: 0.05, changeMargin: 0.01, alpha: 0.003 }, 0.95],
  [{ sd: 0.03, effect: -0.05, changeMargin: 0.01, alpha: 0.0015 }, 0.8],
  [{ sd: 0.02, effect: 0.02, changeMargin: 0, alpha: 0.001 }, 0.8],
  [{ sd: 0.09, effect: 0.1, changeMargin: 0.01, alpha: 0.003 }, 0.9],
]
for (const [sought, power] of cases) {
  const { sd, effect, changeMargin } = sought
  test(`The pairs said to find ${effect} in noise of ${sd} beyond ${changeMargin} find it in ${power} of drawn comparisons`, () => {
    const needed = pairsNeeded(sought, power)!
    const share = foundShare(needed, sought, 600)
    assert.ok(share > power - 0.04, `${needed} pairs find ${share}`)
    const fewer = Math.floor(needed * 0.75)
    assert.ok(powerOf(fewer, sought) < power)
    assert.ok(foundShare(fewer, sought, 600) < power + 0.04, `${fewer} pairs would do`)
  })
}

test('Steady metrics need the fewest pairs that can decide anything, and no noise at all the same', () => {
  const sought = { sd: 0.004, effect: 0.05, changeMargin: 0.01, alpha: 0.003 }
  assert.equal(pairsNeeded(sought, 0.95), 10)
  assert.equal(pairsNeeded({ ...sought, sd: 0 }, 0.95), 10)
  assert.equal(pairsNeeded({ ...sought, alpha: 0.001 }, 0.95), 11)
})

test('More noise, a smaller effect, a smaller error or more power need more pairs', () => {
  const sought = { sd: 0.03, effect: 0.05, changeMargin: 0.01, alpha: 0.003 }
  const needed = pairsNeeded(sought, 0.9)!
  for (const change of [{ sd: 0.05 }, { effect: 0.03 }, { alpha: 0.0005 }, { changeMargin: 0.02 }]) {
    assert.ok(pairsNeeded({ ...sought, ...change }, 0.9)! > needed, JSON.stringify(change))
  }
  assert.ok(pairsNeeded(sought, 0.99)! > needed)
})

test('No more pairs are said to be needed than a comparison counts', () => {
  const sought = { sd: 0.03, effect: 0.03, changeMargin: 0.01, alpha: 0.003 }
  const told = [0.02, 0.03, 0.04, 0.05, 0.06, 0.08].map((sd) => pairsNeeded({ ...sought, sd }, 0.8))
  assert.ok(told.includes(null), String(told))
  for (const pairs of told) assert.ok(pairs === null || pairs <= mostPairsEver, String(told))
})

test('An effect inside of the margin, or one that drowns in noise, is found by no number of pairs', () => {
  assert.equal(pairsNeeded({ sd: 0.03, effect: 0.01, changeMargin: 0.01, alpha: 0.003 }, 0.5), null)
  assert.equal(pairsNeeded({ sd: 0.5, effect: 0.02, changeMargin: 0.01, alpha: 0.003 }, 0.8), null)
})
