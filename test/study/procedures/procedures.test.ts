import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { planLooks } from '../../../harness/compare/looks.ts'
import { defaultMargins } from '../../../harness/compare/verdict.ts'
import { lastValue } from './last-value.ts'
import { pairsOf } from './made-up-pairs.ts'
import { alpha, sequential } from './sequential.ts'
import { relativeDifference, tachometer } from './tachometer.ts'
import { welch, welchTest } from './welch.ts'

/** 100 plus a zigzag whose mean is 0 over every ten values. */
const zigzag = (length: number, centre = 100): number[] =>
  Array.from({ length }, (_, at) => centre + [1, -2, 3, -1, -1, 2, -3, 1, -2, 2][at % 10]!)

describe("tachometer's rule", () => {
  it('has the interval of a known series', () => {
    // a: 9, 10, 11 (mean 10, variance of the mean 1/3); b: 11, 12, 13. Centre 0.2, variance (144 + 100) / 3 / 10^4,
    // t of 2 degrees of freedom at 97.5% 4.302653.
    const { low, high } = relativeDifference([9, 10, 11], [11, 12, 13])
    const margin = 4.302653 * Math.sqrt(244 / 3 / 1e4)
    assert.ok(Math.abs(low - (0.2 - margin)) < 1e-6 && Math.abs(high - (0.2 + margin)) < 1e-6, `${low} ${high}`)
  })

  it('says nothing before 50 samples, and then what is plain', () => {
    const pairs = pairsOf(zigzag(80), zigzag(80, 110))
    assert.deepEqual(tachometer(80).decide(pairs, 'lower'), { found: 'worse', pairs: 50 })
    assert.deepEqual(tachometer(80).decide(pairs, 'higher'), { found: 'better', pairs: 50 })
  })

  it('takes ten more samples as long as the interval holds 0, up to its most', () => {
    const same = pairsOf(zigzag(80), zigzag(80))
    assert.deepEqual(tachometer(80).decide(same, 'lower'), { found: 'nothing', pairs: 80 })
    const late = pairsOf(zigzag(80), [...zigzag(60), ...zigzag(20, 110)])
    assert.deepEqual(tachometer(80).decide(late, 'lower'), { found: 'worse', pairs: 70 })
  })
})

describe("Welch's test", () => {
  it('has the t, degrees of freedom and p of a known series', () => {
    // Means 3 and 6, variances of the mean 0.5 and 2: t = 3 / sqrt(2.5), df = 2.5^2 / (0.5^2/4 + 2^2/4) = 5.88.
    const { t, df, p } = welchTest([1, 2, 3, 4, 5], [2, 4, 6, 8, 10])
    assert.ok(Math.abs(t - 1.897367) < 1e-6 && Math.abs(df - 5.882353) < 1e-6, `${t} ${df}`)
    assert.ok(Math.abs(p - 0.10753) < 1e-4, String(p))
  })

  it('takes the seconds of so many pairs together, and reads rates by their better side', () => {
    const pairs = pairsOf([100, 100], [97, 97])
    assert.deepEqual(welch({ pairs: 2, title: '' }).decide(pairs, 'higher'), { found: 'worse', pairs: 2 })
    assert.deepEqual(welch({ pairs: 2, title: '' }).decide(pairsOf([100, 100], [100, 100]), 'higher'), {
      found: 'nothing',
      pairs: 2,
    })
  })
})

describe('The ratio to the last value', () => {
  it('alerts beyond the threshold, in the direction that is worse', () => {
    const alert = lastValue(1.1)
    for (const [a, b, better, found] of [
      [100, 111, 'lower', 'worse'],
      [100, 109, 'lower', 'nothing'],
      [100, 80, 'lower', 'nothing'],
      [111, 100, 'higher', 'worse'],
      [109, 100, 'higher', 'nothing'],
    ] as const)
      assert.deepEqual(alert.decide(pairsOf([a], [b]), better), { found, pairs: 1 }, `${a} ${b} ${better}`)
  })
})

describe('The comparison of this project', () => {
  const budget = { pairs: 80, title: '80 pairs' }

  it('decides at the first look that can, and says in which direction', () => {
    const pairs = pairsOf(zigzag(80), zigzag(80, 120))
    const look = planLooks(80, alpha)[0]!
    assert.deepEqual(sequential(budget, { change: 0, equivalence: 0 }).decide(pairs, 'lower'), {
      found: 'worse',
      pairs: look,
    })
    assert.deepEqual(sequential(budget, { change: 0, equivalence: 0 }).decide(pairs, 'higher'), {
      found: 'better',
      pairs: look,
    })
  })

  it('asks the margin: what is surely there and not surely larger than 1% is no change', () => {
    const [a, b] = [zigzag(80, 1000), zigzag(80, 1005)]
    // Turned by one place, so that A and B do not go up and down together.
    const pairs = pairsOf(a, [...b.slice(1), b[0]!])
    assert.equal(sequential(budget, { change: 0, equivalence: 0 }).decide(pairs, 'lower').found, 'worse')
    assert.equal(sequential(budget, defaultMargins).decide(pairs, 'lower').found, 'nothing')
  })

  it('says nothing where the budget does not hold ten pairs', () => {
    const pairs = pairsOf(zigzag(80), zigzag(80, 120))
    assert.deepEqual(sequential({ pairs: 9, title: '' }, defaultMargins).decide(pairs, 'lower'), {
      found: 'nothing',
      pairs: 9,
    })
  })
})
