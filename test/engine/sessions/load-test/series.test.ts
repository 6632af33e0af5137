import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { mergeMetrics, SeriesBuilder, type WholeSecond } from '../../../../harness/engine/sessions/load-test/series.ts'
import { GaugeSink } from '../../../../harness/metrics/sinks.ts'
import { metricsWith, secondWith, trendOf } from './seconds.ts'

function builder(parts: number) {
  const told: WholeSecond[] = []
  const series = new SeriesBuilder(parts, (second) => void told.push(second))
  const valuesOf = (metric: string, stat = 'value'): (number | null)[] | undefined =>
    series.all().find((one) => one.metric === metric && one.stat === stat)?.v
  return { series, told, valuesOf }
}

const requests = (grown: number, sum = grown) => [{ metric: 'http_reqs', stat: 'rate', grown, sum }]

describe('the seconds of several parts', () => {
  it('are one second when all have told of it, in whatever order they do', () => {
    const { series, told } = builder(2)
    series.add(1, secondWith({ index: 1, vusActive: 2, iterationsCompleted: 5 }))
    series.add(1, secondWith({ index: 2, vusActive: 3, iterationsCompleted: 9 }))
    assert.deepEqual(told, [])
    series.add(0, secondWith({ index: 1, vusActive: 1, iterationsCompleted: 4 }))
    series.add(0, secondWith({ index: 2, vusActive: 1, iterationsCompleted: 6 }))
    assert.deepEqual(
      told.map(({ index, vus, iterationsCompleted }) => [index, vus, iterationsCompleted]),
      [[1, 3, 9], [2, 4, 15]],
    )
  }) // biome-ignore format: one list

  it('go on without a part that has ended, whose counts and users stay', () => {
    const { series, told } = builder(2)
    series.add(0, secondWith({ index: 1, vusActive: 1, vusInitialized: 1, iterationsCompleted: 4, requestsFailed: 1 }))
    series.end(0)
    series.add(1, secondWith({ index: 1, vusActive: 2, vusInitialized: 2, iterationsCompleted: 5 }))
    series.add(1, secondWith({ index: 2, vusActive: 2, vusInitialized: 2, iterationsCompleted: 7 }))
    const { values, ...counts } = told[1]!
    assert.deepEqual(counts, { index: 2, isWhole: true, vus: 2, vusInitialized: 3, iterationsCompleted: 11, requestsFailed: 1 })
    assert.equal(series.mostInitialized, 3)
    assert.ok(values.length > 0)
  }) // biome-ignore format: one object

  it('tell what each adds to the series, and that it has nothing to add to one that has begun', () => {
    const { series, told } = builder(1)
    const trends = [{ metric: 'http_req_duration', isTime: true, state: trendOf([7]) }]
    series.add(0, secondWith({ index: 1, vusActive: 2, rates: requests(3), trends }))
    series.add(0, secondWith({ index: 2, vusActive: 4, trends: [{ ...trends[0]!, state: trendOf([]) }] }))
    const values = told.map(({ values }) => new Map(values.map(({ metric, stat, value }) => [`${metric} ${stat}`, value])))
    assert.deepEqual(values.map((each) => each.get('vus value')), [2, 4])
    assert.deepEqual(values.map((each) => each.get('http_req_duration p(95)')), [7, null])
    assert.deepEqual(values.map((each) => each.get('http_reqs rate')), [3, undefined])
    assert.deepEqual(told[0]!.values.find(({ metric }) => metric === 'http_reqs')?.unit, 'per second')
  }) // biome-ignore format: one row a series

  it('of which one saw only a bit, because it ended, count as the whole second that they were for the others', () => {
    const { series, told, valuesOf } = builder(2)
    const bit = { index: 1, isWhole: false, overS: 0.2, atS: 0.1 }
    series.add(0, secondWith({ ...bit, rates: requests(10) }))
    series.end(0)
    series.add(1, secondWith({ index: 1, rates: requests(30), vusActive: 1, vusInitialized: 1 }))
    assert.equal(told[0]!.isWhole, true)
    assert.deepEqual(valuesOf('http_reqs', 'rate'), [40])
    assert.deepEqual(series.all()[0]!.t, [0.5])
    assert.equal(series.gauges().find(({ name }) => name === 'vus')?.byScenario[0]?.count, 1)
  })

  it('at the end, when none is whole, count no users', () => {
    const { series } = builder(2)
    for (const part of [0, 1]) series.add(part, secondWith({ index: 1, isWhole: false, overS: 0.4 }))
    assert.deepEqual(series.gauges(), [])
    assert.equal(series.mostInitialized, 0)
  })

  it('have their rates added up, and keep a series that has begun when its part has ended', () => {
    const { series, valuesOf } = builder(2)
    series.add(0, secondWith({ index: 1, rates: requests(3) }))
    series.end(0)
    series.add(1, secondWith({ index: 1, rates: requests(0) }))
    series.add(1, secondWith({ index: 2, rates: requests(0) }))
    assert.deepEqual(valuesOf('http_reqs', 'rate'), [3, 0])
  })

  it('have their distributions merged before a percentile is taken', () => {
    const { series, valuesOf } = builder(2)
    const trends = (values: number[]) => [{ metric: 'http_req_duration', isTime: true, state: trendOf(values) }]
    series.add(0, secondWith({ index: 1, trends: trends([1, 1, 1]) }))
    series.add(1, secondWith({ index: 1, trends: trends([100]) }))
    assert.deepEqual(valuesOf('http_req_duration', 'p(50)'), [1])
    assert.deepEqual(valuesOf('http_req_duration', 'p(95)'), [100])
  })

  it('show the generator that fares worst, and the memory of all', () => {
    const { series, valuesOf } = builder(2)
    series.add(0, secondWith({ index: 1, generator: { utilization: 0.2, loopDelayMs: 7, rssBytes: 5e6 } }))
    series.add(1, secondWith({ index: 1, generator: { utilization: 0.9, loopDelayMs: 1, rssBytes: 6e6 } }))
    assert.deepEqual(valuesOf('generator_utilization'), [0.9])
    assert.deepEqual(valuesOf('generator_event_loop_delay', 'p(99)'), [7])
    assert.deepEqual(valuesOf('generator_rss'), [11])
  })
})

describe('what several parts recorded', () => {
  it('is added up, with sub-metrics and negative values', () => {
    const record = (sign: number) =>
      metricsWith((registry) => {
        const trend = registry.open('drift', 'trend')
        const sub = trend.subMetric('drift{a:b}', { a: 'b' })
        for (const value of [1, 2, 3]) trend.add(sign * value, 1, null)
        sub.sink.add(sign)
        registry.open('hits', 'counter').add(4, 1, null)
        for (const value of [0, 1]) registry.open('ok', 'rate').add(value, 2, null)
      })
    const registry = mergeMetrics([record(1), record(-1)], builder(2).series)
    const drift = registry.get('drift')!
    const { count, sum, min, max } = drift.total()
    assert.deepEqual([count, sum, min, max], [6, 0, -3, 3])
    assert.deepEqual([0.1, 50, 100].map((percent) => drift.total().percentile(percent)), [-3, -1, 3])
    assert.deepEqual(drift.subMetrics.map(({ key, sink }) => [key, sink.count, sink.sum]), [['drift{a:b}', 2, 0]])
    assert.equal(registry.get('hits')!.sum(), 8)
    assert.deepEqual([registry.get('ok')!.of(2).count, registry.get('ok')!.of(2).sum], [4, 2])
  }) // biome-ignore format: one list

  it('leaves aside in each part what the rest does not have', () => {
    const record = (ok: number[], failed: number[]) =>
      metricsWith((registry) => {
        const metric = registry.open('http_req_duration', 'trend', true)
        for (const value of [...ok, ...failed]) metric.add(value, 1, null)
        for (const value of failed) metric.setAside(value)
        metric.openRest('rest', {})
      })
    const registry = mergeMetrics([record([10, 20], [900]), record([], [800]), record([30], [])], builder(3).series)
    const [rest] = registry.get('http_req_duration')!.subMetrics
    assert.deepEqual([rest!.key, rest!.sink.count, rest!.sink.sum], ['rest', 3, 60])
    assert.equal(rest!.sink.percentile(100), 30)
  })

  it('keeps of a gauge the value that was set last, whichever part or scenario set it', async () => {
    const early = new GaugeSink()
    early.add(1)
    await new Promise((resolve) => setTimeout(resolve, 2))
    const late = new GaugeSink()
    late.add(2)
    const stateOf = (first: GaugeSink, second: GaugeSink) => [
      { name: 'level', kind: 'gauge' as const, isTime: false, byScenario: [first.state()], subMetrics: [] },
      { name: 'level', kind: 'gauge' as const, isTime: false, byScenario: [new GaugeSink().state(), second.state()], subMetrics: [] },
    ]
    for (const [first, second] of [[early, late], [late, early]] as const) {
      const registry = mergeMetrics(stateOf(first, second).map((state) => [state]), builder(2).series)
      const { last, min, max, count } = registry.get('level')!.total()
      assert.deepEqual([last, min, max, count], [2, 1, 2, 2])
    }
  }) // biome-ignore format: one row a part

  it('has the users of the whole, not those of one part', () => {
    const { series } = builder(2)
    for (const part of [0, 1]) series.add(part, secondWith({ index: 1, vusActive: 3, vusInitialized: 5 }))
    const own = metricsWith((registry) => registry.open('vus', 'gauge').add(3, 0, null))
    const registry = mergeMetrics([own, own], series)
    assert.equal(registry.get('vus')!.total().last, 6)
    assert.equal(registry.get('vus_max')!.total().max, 10)
  })
})
