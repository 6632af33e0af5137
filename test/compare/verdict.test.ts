import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  decidePairs,
  decideVerdict,
  defaultMargins,
  marginsFrom,
  smallestShowableEffect,
  type Verdict,
  whyNoSide,
} from '../../harness/compare/verdict.ts'

const lowerIsBetter: [lowerPercent: number, upperPercent: number, verdict: Verdict][] = [
  [20, 60, 'regressed'],
  [1.01, 60, 'regressed'],
  [1.01, 2.5, 'regressed'],
  [0.99, 60, 'inconclusive'],
  [-60, -20, 'improved'],
  [-60, -1.01, 'improved'],
  [-2.5, -1.01, 'improved'],
  [-60, -0.9, 'inconclusive'],
  [-2.9, 2.9, 'equivalent'],
  [0.1, 2.9, 'equivalent'],
  [0, 0, 'equivalent'],
  [-2.9, 3.1, 'inconclusive'],
  [-3.1, 2.9, 'inconclusive'],
  [-50, 50, 'inconclusive'],
]
const mirrored: Record<Verdict, Verdict> = {
  improved: 'regressed',
  regressed: 'improved',
  equivalent: 'equivalent',
  inconclusive: 'inconclusive',
}

for (const [lower, upper, verdict] of lowerIsBetter) {
  const [logLower, logUpper] = [Math.log1p(lower / 100), Math.log1p(upper / 100)]
  test(`An interval from ${lower}% to ${upper}% is ${verdict} where lower is better, mirrored where higher is`, () => {
    assert.equal(decideVerdict(logLower, logUpper, 'lower'), verdict)
    assert.equal(decideVerdict(logLower, logUpper, 'higher'), mirrored[verdict])
  })
  test(`An interval from ${lower}% to ${upper}% gets the mirrored verdict when A and B are swapped`, () => {
    assert.equal(decideVerdict(-logUpper, -logLower, 'lower'), mirrored[verdict])
  })
}

test('A metric without a better side is never improved or regressed', () => {
  assert.equal(decideVerdict(Math.log(1.2), Math.log(1.6), 'none'), 'inconclusive')
  assert.equal(decideVerdict(-0.001, 0.001, 'none'), 'equivalent')
})

test('Where no side is better it is said whether the metric differs, unless it is equivalent', () => {
  assert.match(whyNoSide(Math.log(1.2), Math.log(1.6), 'none')!, /^differs; no side of this metric is better/)
  assert.match(whyNoSide(Math.log(0.5), Math.log(0.9), 'none')!, /^differs;/)
  assert.match(whyNoSide(-0.001, 0.6, 'none')!, /^not decided whether it differs; no side/)
  assert.match(whyNoSide(Math.log(1.2), Math.log(1.6), 'none', { change: 0.3, equivalence: 0.03 })!, /^not decided/)
  assert.equal(whyNoSide(-0.001, 0.001, 'none'), null)
  assert.equal(whyNoSide(-0.001, 0.6, 'lower'), null)
})

for (const [change, equivalence] of [
  [0, 0],
  [0.005, 0.015],
  [0.01, 0.03],
  [0.02, 0.03],
  [0.05, 0.05],
] as const)
  test(`Who says that a change of ${change} counts is told that two are alike within ${equivalence}`, () => {
    const margins = marginsFrom({ change })
    assert.equal(margins.change, change)
    assert.ok(Math.abs(margins.equivalence - equivalence) < 1e-12, String(margins.equivalence))
    assert.deepEqual(marginsFrom({ change, equivalence: 0.2 }), { change, equivalence: 0.2 })
  })

test('The usual margins are those of which nothing is written', () => {
  assert.deepEqual([marginsFrom({}), marginsFrom({ change: 0.01 })], [defaultMargins, defaultMargins])
})

test('Pairs are alike where their mean is, too, and not only the interval of their middle', () => {
  const interval = { lower: -0.01, upper: 0.01 }
  const hit = [...new Array<number>(9).fill(0), 1]
  assert.equal(decidePairs(new Array<number>(10).fill(0), interval, 'lower', defaultMargins), 'equivalent')
  assert.equal(decidePairs(hit, interval, 'lower', defaultMargins), 'inconclusive')
  assert.equal(decidePairs([...hit, Number.POSITIVE_INFINITY], interval, 'lower', defaultMargins), 'inconclusive')
  assert.equal(decidePairs(hit, { lower: 0.02, upper: 0.025 }, 'lower', defaultMargins), 'regressed')
})

test('Other margins move the borders', () => {
  const margins = { change: 0, equivalence: 0.1 }
  assert.equal(decideVerdict(0.001, 0.002, 'lower', margins), 'regressed')
  assert.equal(decideVerdict(-0.05, 0.05, 'lower', margins), 'equivalent')
})

test('The smallest effect that could be shown is the estimate whose interval just clears the margin', () => {
  const half = 0.04
  const log = Math.log1p(smallestShowableEffect(half))
  assert.equal(decideVerdict(log - half + 1e-9, log + half, 'lower'), 'regressed')
  assert.equal(decideVerdict(log - half - 1e-9, log + half, 'lower'), 'inconclusive')
})
