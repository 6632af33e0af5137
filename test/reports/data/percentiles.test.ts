import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as hdr from 'hdr-histogram-js'
import { mergedPercentiles } from '../../../reports/data/percentiles.ts'
import { storedHistogram } from '../../support/latencies.ts'
import { seededRandom } from '../../support/random.ts'

/** Log-normal microseconds round 40 ms. */
function drawn(seed: number, count: number): number[] {
  const random = seededRandom(seed)
  return Array.from({ length: count }, () => Math.round(40_000 * Math.exp(0.4 * random.normal())))
}

function histogramOf(values: readonly number[]) {
  const histogram = hdr.build({ bitBucketSize: 32, numberOfSignificantValueDigits: 3 })
  for (const value of values) histogram.recordValue(value)
  return storedHistogram('turn_duration', {}, histogram)
}

test('Merged percentiles are those of all samples together, in the unit of the metric.', () => {
  const [a, b] = [drawn(1, 3000), drawn(2, 1000).map((value) => value * 3)]
  const merged = mergedPercentiles([histogramOf(a), histogramOf(b)])
  const sorted = [...a, ...b].sort((x, y) => x - y)
  assert.equal(merged?.samples, 4000)
  for (const percentile of [50, 90, 99]) {
    const exactMs = sorted[Math.ceil((percentile / 100) * 4000) - 1]! / 1000
    const read = merged.values.get(percentile)!
    assert.ok(Math.abs(read / exactMs - 1) < 0.002, `p${percentile}: ${read} ms, exact ${exactMs} ms`)
  }
})

test('Histograms merge whatever their order, the larger values after the smaller too.', () => {
  const small = histogramOf([10, 20, 30])
  const large = histogramOf([10_000_000])
  const orders = [
    [small, large],
    [large, small],
  ].map((stored) => mergedPercentiles(stored)?.curve)
  assert.deepEqual(orders[0], orders[1])
})

const carried: [samples: number, percentiles: number[]][] = [
  [369, [50, 90]],
  [370, [50, 90, 99]],
  [3699, [50, 90, 99]],
  [3700, [50, 90, 99, 99.9]],
  [37_000, [50, 90, 99, 99.9, 99.99]],
]

for (const [samples, percentiles] of carried) {
  test(`${samples} samples carry ${percentiles.map((p) => `p${p}`).join(', ')} and nothing beyond.`, () => {
    const merged = mergedPercentiles([histogramOf(drawn(3, samples))])!
    assert.deepEqual([...merged.values.keys()], percentiles)
    const [lastX] = merged.curve.at(-1)!
    assert.ok(lastX <= samples / 3.7 && lastX > samples / 3.7 / 1.2, `the curve ends at ${lastX}`)
  })
}

test('A curve never falls.', () => {
  const { curve } = mergedPercentiles([histogramOf(drawn(4, 5000))])!
  assert.ok(curve.every(([, y], at) => at === 0 || y! >= curve[at - 1]![1]!))
})

test('Without a sample there is nothing to draw.', () => {
  assert.equal(mergedPercentiles([]), null)
  assert.equal(mergedPercentiles([histogramOf([])]), null)
})
