import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as hdr from 'hdr-histogram-js'
import { decodeHistogram, Histogram } from '../../harness/metrics/histogram.ts'
import { seededRandom } from '../support/random.ts'

const percents = [0, 0.1, 1, 25, 50, 75, 90, 95, 99, 99.9, 99.99, 100]

function histogramOf(values: Iterable<number>): Histogram {
  const histogram = new Histogram()
  for (const value of values) histogram.record(value)
  return histogram
}

/** Values of all magnitudes, from 0 to 2^40. */
function spread(count: number, seed: number): number[] {
  const random = seededRandom(seed)
  return Array.from({ length: count }, () => Math.floor(2 ** (40 * random.uniform()) - 1))
}

/** The value at a percentile as it is defined: the smallest that at least so many values do not exceed. */
function exactPercentile(values: number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length - 1e-9) - 1)]!
}

test('An empty histogram has no values', () => {
  const histogram = new Histogram()
  assert.equal(histogram.count, 0)
  for (const percent of percents) assert.equal(histogram.percentile(percent), 0)
  assert.equal(decodeHistogram(histogram.encode()).totalCount, 0)
})

test('Values below 2048 are kept exactly', () => {
  for (let value = 0; value < 2048; value++) assert.equal(histogramOf([value]).percentile(50), value)
})

test('Every value is kept to three digits, never rounded down, around each power of two', () => {
  for (let power = 11; power <= 46; power++) {
    for (const value of [2 ** power - 1, 2 ** power, 2 ** power + 1].filter((each) => each <= 2 ** 46)) {
      const kept = histogramOf([value]).percentile(100)
      assert.ok(kept >= value && kept <= value * 1.001, `${value} was kept as ${kept}`)
    }
  }
})

test('Fractions are cut off, and what is too large counts as the largest', () => {
  assert.equal(histogramOf([1.9]).percentile(100), 1)
  assert.equal(histogramOf([1e300]).percentile(100), histogramOf([2 ** 46]).percentile(100))
  assert.equal(histogramOf([Number.POSITIVE_INFINITY]).count, 1)
})

test('Percentiles are the exact ones to three digits', () => {
  for (const [count, seed] of [
    [1, 1],
    [2, 2],
    [3, 3],
    [10, 4],
    [1000, 5],
  ] as const) {
    const values = spread(count, seed)
    const histogram = histogramOf(values)
    for (const percent of percents) {
      const exact = exactPercentile(values, percent)
      const kept = histogram.percentile(percent)
      assert.ok(kept >= exact && kept <= exact * 1.001, `p(${percent}) of ${count}: ${exact} was kept as ${kept}`)
    }
  }
})

test('The library that everybody uses reads the same distribution out of what was encoded', () => {
  const values = spread(3000, 6)
  const histogram = histogramOf(values)
  const theirs = hdr.build({ bitBucketSize: 64, highestTrackableValue: 2 ** 46, numberOfSignificantValueDigits: 3 })
  for (const value of values) theirs.recordValue(value)
  const decoded = decodeHistogram(histogram.encode())
  assert.equal(decoded.totalCount, 3000)
  for (const percent of percents.slice(1)) {
    assert.equal(decoded.getValueAtPercentile(percent), theirs.getValueAtPercentile(percent), `p(${percent})`)
    assert.equal(decoded.getValueAtPercentile(percent), histogram.percentile(percent), `p(${percent})`)
  }
  assert.equal(histogram.encode(), hdr.encodeIntoCompressedBase64(decoded))
})

test('Adding one histogram to another is the same as recording into one', () => {
  const [left, right] = [spread(500, 7), spread(500, 8)]
  const sum = histogramOf(left)
  sum.add(histogramOf(right))
  assert.equal(sum.count, 1000)
  assert.equal(sum.encode(), histogramOf([...left, ...right]).encode())
})

test('What came since an earlier copy of it is the difference, slot by slot', () => {
  const [first, second] = [spread(300, 9), spread(200, 10)]
  const { count, slots } = histogramOf([...first, ...second]).since(histogramOf(first))
  const later = new Histogram()
  later.addSlots(slots)
  assert.equal(count, 200)
  assert.equal(later.encode(), histogramOf(second).encode())
})
