import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Distribution, draws, quantileMs } from '../../harness/calibrate/distributions.ts'
import { percentileOf } from '../../harness/calibrate/truth.ts'

const cases: [distribution: Distribution, meanMs: number][] = [
  [{ kind: 'constant', ms: 20 }, 20],
  [{ kind: 'uniform', fromMs: 5, toMs: 50 }, 27.5],
  // Each group is 2 ms wide: 0.8 * 6 + 0.2 * 61.
  [{ kind: 'bimodal', fastMs: 5, slowMs: 60, slowShare: 0.2 }, 17],
  // leastMs * (alpha - (leastMs / mostMs)^(alpha - 1)) / (alpha - 1), the mean of a Pareto that is cut off.
  [{ kind: 'pareto', leastMs: 5, alpha: 1.5, mostMs: 1000 }, 10 * (1.5 - 0.005 ** 0.5)],
]

const sample = (distribution: Distribution, count: number, seed: number): number[] => {
  const draw = draws(distribution, seed)
  return Array.from({ length: count }, draw)
}

describe('A programmed distribution', () => {
  for (const [distribution, meanMs] of cases) {
    it(`of kind ${distribution.kind} has the mean that it should have`, () => {
      const values = sample(distribution, 200_000, 7)
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length
      assert.ok(Math.abs(mean - meanMs) <= 0.02 * meanMs, `mean ${mean}, expected ${meanMs}`)
    })

    it(`of kind ${distribution.kind} has its percentiles where its quantile function says`, () => {
      const values = sample(distribution, 200_000, 8).sort((a, b) => a - b)
      for (const percent of [10, 50, 90, 99]) {
        const expected = quantileMs(distribution, percent / 100)
        const seen = percentileOf(values, percent)
        assert.ok(Math.abs(seen - expected) <= 0.03 * expected, `p${percent}: ${seen}, expected ${expected}`)
      }
    })
  }

  it('gives the same delays for the same seed, and others for another', () => {
    const uniform = cases[1]![0]
    assert.deepEqual(sample(uniform, 50, 3), sample(uniform, 50, 3))
    assert.notDeepEqual(sample(uniform, 50, 3), sample(uniform, 50, 4))
  })

  it('with a heavy tail is cut off where it should be', () => {
    const most = Math.max(...sample({ kind: 'pareto', leastMs: 5, alpha: 0.5, mostMs: 1000 }, 10_000, 1))
    assert.equal(most, 1000)
  })
})
