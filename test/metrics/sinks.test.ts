import assert from 'node:assert/strict'
import { describe, it, test } from 'node:test'
import { CounterSink, GaugeSink, RateSink, type Sink, sinkKinds, TrendSink } from '../../harness/metrics/sinks.ts'
import { seededRandom } from '../support/random.ts'

function filled<T extends Sink>(sink: T, values: readonly number[]): T {
  for (const value of values) sink.add(value)
  return sink
}

const shown = ({ count, sum, min, max, last }: Sink) => ({ count, sum, min, max, last })

test('A counter sums, a gauge keeps the last and its extremes', () => {
  const counter = filled(new CounterSink(), [1, 7, -2, 4])
  assert.deepEqual([counter.count, counter.sum], [4, 10])
  const expected = { count: 4, sum: 10, min: -2, max: 7, last: 4 }
  assert.deepEqual(shown(filled(new GaugeSink(), [1, 7, -2, 4])), expected)
})

test('Zeros of a trend count like any other value', () => {
  const sink = filled(new TrendSink(), [0, 0, 3])
  assert.deepEqual([sink.count, sink.sum, sink.min, sink.max], [3, 3, 0, 3])
  assert.deepEqual([sink.percentile(66), sink.percentile(67)], [0, 3])
  const positive = filled(new TrendSink(), [2, 3])
  assert.equal(positive.min, 2)
  const zeros = filled(new TrendSink(), [0])
  assert.deepEqual([zeros.min, zeros.max, zeros.histogram.count], [0, 0, 1])
})

test('A rate counts what is not zero', () => {
  const sink = filled(new RateSink(), [0, 1, 5, -1, 0])
  assert.deepEqual([sink.sum, sink.count], [3, 5])
})

test('A trend keeps sum and extremes exactly and percentiles to three digits', () => {
  const sink = filled(new TrendSink(), [0.1234567, 1.5, 1000.0004])
  assert.deepEqual(shown(sink), {
    count: 3,
    sum: 0.1234567 + 1.5 + 1000.0004,
    min: 0.1234567,
    max: 1000.0004,
    last: 0,
  })
  assert.equal(sink.percentile(50), 1.5)
  assert.equal(sink.percentile(0), 0.1234567)
  assert.equal(sink.percentile(100), 1000.0004)
})

test('A percentile is never outside of what was added', () => {
  const random = seededRandom(1)
  for (let round = 0; round < 50; round++) {
    const sink = filled(
      new TrendSink(),
      Array.from({ length: 3 }, () => 1e5 * random.uniform()),
    )
    for (const percent of [0, 1, 50, 99, 100]) {
      assert.ok(sink.percentile(percent) >= sink.min && sink.percentile(percent) <= sink.max)
    }
  }
})

test('Trends hold negative values, too', () => {
  const sink = filled(new TrendSink(), [-5, -1, 0, 2, 10])
  assert.deepEqual(
    [0, 20, 40, 60, 80, 100].map((percent) => sink.percentile(percent)),
    [-5, -5, -1, 0, 2, 10],
  )
})

test('Of nothing but negative values every percentile is one of them', () => {
  const sink = filled(new TrendSink(), [-3, -2, -1])
  assert.deepEqual(
    [1, 50, 100].map((percent) => sink.percentile(percent)),
    [-3, -2, -1],
  )
})

describe('Merging two sinks is the same as adding to one, of kind', () => {
  const [left, right] = [
    [3, -1, 0],
    [8, 0.5],
  ] as const
  for (const [kind, SinkOfKind] of Object.entries(sinkKinds)) {
    it(kind, () => {
      const merged = filled(new SinkOfKind() as Sink, left)
      merged.merge(filled(new SinkOfKind() as Sink, right))
      const both = filled(new SinkOfKind() as Sink, [...left, ...right])
      assert.deepEqual(shown(merged), shown(both))
      for (const percent of [1, 50, 99]) assert.equal(merged.percentile(percent), both.percentile(percent))
    })

    it(`${kind}, when the other one comes as the state of another process`, () => {
      const merged = filled(new SinkOfKind() as Sink, left)
      merged.absorb(structuredClone(filled(new SinkOfKind() as Sink, right).state()))
      const both = filled(new SinkOfKind() as Sink, [...left, ...right])
      assert.deepEqual(shown(merged), shown(both))
      for (const percent of [1, 50, 99]) assert.equal(merged.percentile(percent), both.percentile(percent))
    })

    it(`${kind}, where the other is empty`, () => {
      const merged = filled(new SinkOfKind() as Sink, left)
      merged.merge(new SinkOfKind() as Sink)
      assert.deepEqual(shown(merged), shown(filled(new SinkOfKind() as Sink, left)))
    })
  }
})

test('Percentiles of few samples are the samples themselves, also of several sinks, or without some', () => {
  const sink = filled(new TrendSink(), [100, 150, 200, 200])
  sink.merge(filled(new TrendSink(), [200, 100, 100]))
  assert.deepEqual(sink.few, [100, 100, 100, 150, 200, 200, 200])
  assert.equal(sink.percentile(50), 150)
  sink.remove(filled(new TrendSink(), [150, 100]))
  assert.deepEqual(sink.few, [100, 100, 200, 200, 200])
})

test('Many samples are not kept, wherever they come together', () => {
  const many = (count: number): TrendSink =>
    filled(
      new TrendSink(),
      Array.from({ length: count }, (_, index) => index),
    )
  assert.equal(many(1000).few?.length, 1000)
  assert.equal(many(1001).few, null)
  const merged = many(600)
  merged.merge(many(600))
  assert.equal(merged.few, null)
  const absorbed = many(1)
  absorbed.absorb(many(1001).state())
  assert.equal(absorbed.few, null)
})
