import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as hdr from 'hdr-histogram-js'
import { decodeHistogram, Histogram } from '../../harness/metrics/histogram.ts'
import { withDistribution } from '../../harness/metrics/stored-distribution.ts'
import { seededRandom } from '../support/random.ts'

const percentiles = [0.1, 1, 10, 25, 50, 75, 90, 95, 99, 99.9, 99.99, 100]
const random = seededRandom(11)

/** Values of any size, many of them often. */
function histogramOf(samples: number): Histogram {
  const histogram = new Histogram()
  for (let sample = 0; sample < samples; sample++) {
    const value = Math.exp(random.uniform() * 30)
    histogram.record(value, random.uniform() < 0.1 ? Math.ceil(random.uniform() * 5e6) : 1)
  }
  return histogram
}

/** Of several stored ones together. */
const readFrom = (stored: readonly string[]) =>
  withDistribution(stored, ({ count, percentile }) => ({ count, values: percentiles.map(percentile) }))

const expectedOf = (histogram: Histogram) => ({
  count: histogram.slots().times.reduce((sum, each) => sum + each, 0),
  values: percentiles.map((percent) => histogram.percentile(percent)),
})

test('Of several together percentiles are those that the library finds.', () => {
  const all = [400, 20, 3000].map((samples) => histogramOf(samples).encode())
  const expected = hdr.build({ bitBucketSize: 64, autoResize: true, numberOfSignificantValueDigits: 3 })
  for (const data of all) expected.add(decodeHistogram(data))
  assert.deepEqual(readFrom(all), {
    count: expected.totalCount,
    values: percentiles.map((percentile) => expected.getValueAtPercentile(percentile)),
  })
})

test('Percentiles of what was stored are those of what was recorded, whatever was read before; of nothing they are 0.', () => {
  for (const samples of [3000, 1, 0, 700, 7, 5000, 300]) {
    const recorded = histogramOf(samples)
    assert.deepEqual(readFrom([recorded.encode()]), expectedOf(recorded))
    assert.deepEqual(readFrom([]), expectedOf(new Histogram()))
  }
})

test('A few small values are not mixed with large ones that were read before.', () => {
  const [large, small] = [new Histogram(), new Histogram()]
  large.record(5e6, 1000)
  small.record(3, 2)
  readFrom([large.encode()])
  assert.deepEqual(readFrom([small.encode()]), expectedOf(small))
  const both = new Histogram()
  both.add(small)
  both.add(large)
  assert.deepEqual(readFrom([small.encode(), large.encode()]), expectedOf(both))
  assert.deepEqual(readFrom([large.encode(), small.encode()]), expectedOf(both))
})

test('One of more slots than any before is read to its end.', () => {
  const wide = new Histogram()
  for (let value = 1; value < 1e9; value *= 1.0006) wide.record(value, 1 + (Math.floor(value) % 1000))
  assert.deepEqual(readFrom([wide.encode()]), expectedOf(wide))
})

test('One of other digits is refused with what it has.', () => {
  const coarse = hdr.build({ numberOfSignificantValueDigits: 2 })
  coarse.recordValue(5)
  const data = hdr.encodeIntoCompressedBase64(coarse)
  assert.throws(() => readFrom([data]), /2 significant digits from 1 on: expected 3/)
})
