import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatRatioTick, placeOn, ratioScale } from '../../../reports/charts/ratio-scale.ts'

const ranges: number[][] = [[], [1], [0.97, 1.02], [0.5, 2], [1.6, 31], [0.001, 4000], [0.2, 1.1], [1, 1e9]]

for (const ratios of ranges) {
  test(`A scale of ratios ${JSON.stringify(ratios)} shows all of them and no difference, with a few round ticks.`, () => {
    const { from, to, ticks } = ratioScale(ratios)
    for (const ratio of [1, ...ratios]) assert.ok(from < ratio && ratio < to, `${from} < ${ratio} < ${to}`)
    assert.ok(ticks.length >= 1 && ticks.length <= 6, ticks.join())
    for (const tick of ticks) assert.ok(from <= tick && tick <= to, ticks.join())
  })
}

test('Half as much lies as far from no difference as twice as much.', () => {
  const scale = ratioScale([0.5, 2])
  const [half, one, twice] = [0.5, 1, 2].map((ratio) => placeOn(scale, ratio)) as [number, number, number]
  assert.ok(Math.abs(one - half - (twice - one)) < 1e-12)
})

test('Noise fills no axis: at least 4% are shown to each side.', () => {
  const { from, to } = ratioScale([0.9999, 1.0001])
  assert.ok(from < 1 / 1.04 && to > 1.04)
})

test('Ticks are changes in percent.', () => {
  assert.deepEqual([1, 1.05, 0.5, 10, 0.965].map(formatRatioTick), ['0', '+5%', '\u221250%', '+900%', '\u22123.5%'])
})
