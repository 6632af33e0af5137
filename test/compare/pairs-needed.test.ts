import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lookLevels, mostPairsEver, planLooks } from '../../harness/compare/looks.ts'
import { pairsNeeded, powerOf, type Sought } from '../../harness/compare/pairs-needed.ts'
import { takeLooks } from '../../harness/compare/take-looks.ts'
import { decideVerdict, defaultMargins, type Margins, marginsFrom } from '../../harness/compare/verdict.ts'
import { seededNormal } from './seeded-normal.ts'

/** The share of comparisons that find the effect, by drawing them. */
function foundShare(most: number, { sd, effect, margins, alpha }: Sought, draws: number): number {
  const normal = seededNormal(most)
  const levels = lookLevels(planLooks(most, alpha), alpha)
  let found = 0
  for (let draw = 0; draw < draws; draw++) {
    const logs = Array.from({ length: most }, () => Math.log1p(effect) + sd * normal())
    const looks = takeLooks(logs, levels, ({ lower, upper }) => decideVerdict(lower, upper, 'lower', margins))
    if (looks.at(-1)?.verdict === (effect > 0 ? 'regressed' : 'improved')) found++
  }
  return found / draws
}

const none = marginsFrom({ change: 0 })
const cases: [sought: Sought, power: number][] = [
  [{ sd: 0.03, effect: 0.05, margins: defaultMargins, alpha: 0.003 }, 0.95],
  [{ sd: 0.03, effect: -0.05, margins: defaultMargins, alpha: 0.0015 }, 0.8],
  [{ sd: 0.02, effect: 0.02, margins: none, alpha: 0.001 }, 0.8],
  [{ sd: 0.09, effect: 0.1, margins: defaultMargins, alpha: 0.003 }, 0.9],
]
for (const [sought, power] of cases) {
  const { sd, effect, margins } = sought
  test(`The pairs said to find ${effect} in noise of ${sd} beyond ${margins.change} find it in ${power} of drawn comparisons`, () => {
    const needed = pairsNeeded(sought, power)!
    const share = foundShare(needed, sought, 600)
    assert.ok(share > power - 0.04, `${needed} pairs find ${share}`)
    const fewer = Math.floor(needed * 0.75)
    assert.ok(powerOf(fewer, sought) < power)
    assert.ok(foundShare(fewer, sought, 600) < power + 0.04, `${fewer} pairs would do`)
  })
}

test('Steady metrics need the fewest pairs that can decide anything, and no noise at all the same', () => {
  const sought = { sd: 0.004, effect: 0.05, margins: defaultMargins, alpha: 0.003 }
  assert.equal(pairsNeeded(sought, 0.95), 10)
  assert.equal(pairsNeeded({ ...sought, sd: 0 }, 0.95), 10)
  assert.equal(pairsNeeded({ ...sought, alpha: 0.001 }, 0.95), 11)
})

test('More noise, a smaller effect, a smaller error or more power need more pairs', () => {
  const sought = { sd: 0.03, effect: 0.05, margins: none, alpha: 0.003 }
  const needed = pairsNeeded(sought, 0.9)!
  const harder: Partial<Sought>[] = [{ sd: 0.05 }, { effect: 0.03 }, { alpha: 0.0005 }, { margins: defaultMargins }]
  for (const change of harder) assert.ok(pairsNeeded({ ...sought, ...change }, 0.9)! > needed, JSON.stringify(change))
  assert.ok(pairsNeeded(sought, 0.99)! > needed)
})

test('No more pairs are said to be needed than a comparison counts', () => {
  const sought = { sd: 0.03, effect: 0.03, margins: none, alpha: 0.003 }
  const told = [0.02, 0.03, 0.04, 0.05, 0.06, 0.08].map((sd) => pairsNeeded({ ...sought, sd }, 0.8))
  assert.ok(told.includes(null), String(told))
  for (const pairs of told) assert.ok(pairs === null || pairs <= mostPairsEver, String(told))
})

test('An effect inside of the margin, or one that drowns in noise, is found by no number of pairs', () => {
  assert.equal(pairsNeeded({ sd: 0.03, effect: 0.01, margins: defaultMargins, alpha: 0.003 }, 0.5), null)
  assert.equal(pairsNeeded({ sd: 0.5, effect: 0.02, margins: none, alpha: 0.003 }, 0.8), null)
})

test('What a look calls equivalent no later one finds, however many pairs there are', () => {
  const sought = { sd: 0.011, effect: 0.02, margins: defaultMargins, alpha: 0.003 }
  const share = foundShare(mostPairsEver, sought, 600)
  assert.ok(share < 0.8, `found in ${share}`)
  assert.ok(Math.abs(powerOf(mostPairsEver, sought) - share) < 0.06, `found in ${share}`)
  assert.equal(pairsNeeded(sought, 0.8), null)
  const neverAlike: Margins = { ...defaultMargins, equivalence: 0 }
  assert.ok(pairsNeeded({ ...sought, margins: neverAlike }, 0.8)! < 50)
})
