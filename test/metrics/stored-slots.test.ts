import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as hdr from 'hdr-histogram-js'
import { Distribution, decodeHistogram, Histogram } from '../../harness/metrics/histogram.ts'
import { mergedSlots, storedSlots } from '../../harness/metrics/stored-slots.ts'
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

test('What was stored has the slots that were recorded, whatever the values.', () => {
  for (const samples of [0, 1, 7, 300, 5000]) {
    const histogram = histogramOf(samples)
    assert.deepEqual(storedSlots(histogram.encode()), histogram.slots())
  }
})

test('Of several together percentiles are those that the library finds.', () => {
  const all = [400, 20, 3000].map((samples) => histogramOf(samples).encode())
  const expected = hdr.build({ bitBucketSize: 64, autoResize: true, numberOfSignificantValueDigits: 3 })
  for (const data of all) expected.add(decodeHistogram(data))
  const merged = new Distribution(mergedSlots(all.map(storedSlots)))
  assert.equal(merged.count, expected.totalCount)
  assert.deepEqual(
    percentiles.map((percentile) => merged.percentile(percentile)),
    percentiles.map((percentile) => expected.getValueAtPercentile(percentile)),
  )
})

test('Percentiles of what was stored are those of what was recorded; of nothing they are 0.', () => {
  for (const samples of [0, 1, 300]) {
    const recorded = histogramOf(samples)
    const stored = new Distribution(storedSlots(recorded.encode()))
    assert.equal(stored.count, recorded.count)
    for (const percentile of percentiles) assert.equal(stored.percentile(percentile), recorded.percentile(percentile))
  }
})

test('One of other digits is refused with what it has.', () => {
  const coarse = hdr.build({ numberOfSignificantValueDigits: 2 })
  coarse.recordValue(5)
  assert.throws(() => storedSlots(hdr.encodeIntoCompressedBase64(coarse)), /2 significant digits from 1 on: expected 3/)
})
