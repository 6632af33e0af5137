import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Metric, MetricRegistry, type TagSource } from '../../harness/metrics/registry.ts'
import { TrendSink } from '../../harness/metrics/sinks.ts'

const tagged = (tags: Record<string, string>): TagSource => ({
  tag: (name) => tags[name],
  collect: (into) => void Object.assign(into.tags, tags),
})

test('A name that is taken by another type is refused', () => {
  const registry = new MetricRegistry()
  registry.open('mine', 'trend')
  assert.throws(() => registry.open('mine', 'counter'), /metric 'mine' already exists but with type trend/)
  assert.throws(() => registry.open('mine', 'trend', true), /metric 'mine' already exists/)
})

test('The same name and type again is the same metric', () => {
  const registry = new MetricRegistry()
  assert.equal(registry.open('mine', 'trend'), registry.open('mine', 'trend'))
  assert.deepEqual(
    registry.all().map(({ name }) => name),
    ['mine'],
  )
})

test('A metric of the table has the type that the table gives it; one without samples cannot be opened', () => {
  const registry = new MetricRegistry()
  const { kind, isTime } = registry.builtin('http_req_duration')
  assert.deepEqual([kind, isTime], ['trend', true])
  assert.throws(() => registry.builtin('target_boot'), /target_boot is not a metric that takes samples/)
})

test('Every figure exists by scenario and over all of them', () => {
  const metric = new Metric('m', 'trend', true)
  metric.add(1, 1, null)
  metric.add(5, 3, null)
  metric.add(7, 3, null)
  assert.deepEqual(
    [0, 1, 2, 3, 4].map((scenario) => metric.of(scenario).count),
    [0, 1, 0, 2, 0],
  )
  const total = metric.total()
  assert.deepEqual([total.count, total.sum, total.min, total.max], [3, 13, 1, 7])
  assert.equal(metric.sum(), 13)
})

test('A metric is empty until something was added', () => {
  const metric = new Metric('m', 'counter', false)
  assert.equal(metric.isEmpty, true)
  metric.add(0, 0, null)
  assert.equal(metric.isEmpty, false)
})

test('A sub-metric takes the samples that carry all of its tags', () => {
  const metric = new Metric('m', 'counter', false)
  const sub = metric.subMetric('m{a:1,b:2}', { a: '1', b: '2' })
  const samples: [number, Record<string, string> | null][] = [
    [1, { a: '1', b: '2', c: '3' }],
    [10, { a: '1' }],
    [100, { a: '1', b: '3' }],
    [1000, null],
    [10_000, { b: '2', a: '1' }],
  ]
  for (const [value, tags] of samples) metric.add(value, 0, tags && tagged(tags))
  assert.equal(sub.sink.sum, 10_001)
  assert.equal(metric.sum(), 11_111)
})

test('The same sub-metric asked for twice counts once', () => {
  const metric = new Metric('m', 'counter', false)
  assert.equal(metric.subMetric('m{a:1}', { a: '1' }), metric.subMetric('m{a:1}', { a: '1' }))
  assert.equal(metric.subMetrics.length, 1)
})

test('Tags are asked for only where a sub-metric wants to know', () => {
  const metric = new Metric('m', 'counter', false)
  const source = {
    tag: (): string => {
      throw new Error('asked')
    },
    collect: (): void => {
      throw new Error('asked')
    },
  }
  assert.doesNotThrow(() => metric.add(1, 0, source))
  metric.subMetric('m{a:1}', { a: '1' })
  assert.throws(() => metric.add(1, 0, source), /asked/)
})

test('A trend that is watched over time gives each interval once; a counter is not watched so', () => {
  const metric = new Metric('m', 'trend', true)
  const taken = () => {
    const interval = metric.takeInterval()
    if (interval === null) return null
    const sink = new TrendSink()
    sink.absorb(interval)
    return [sink.count, sink.percentile(0), sink.percentile(100)]
  }
  metric.add(1, 0, null)
  assert.equal(taken(), null)
  metric.watchOverTime()
  metric.add(2, 0, null)
  metric.watchOverTime()
  metric.add(3, 1, null)
  assert.deepEqual(taken(), [2, 2, 3])
  assert.deepEqual(taken(), [0, 0, 0])
  assert.equal(metric.sum(), 6)

  const counter = new Metric('c', 'counter', false)
  counter.watchOverTime()
  assert.equal(counter.isWatchedOverTime, false)
})
