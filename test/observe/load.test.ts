import assert from 'node:assert/strict'
import { test } from 'node:test'
import { driftOf, observeLoad } from '../../harness/observe/load.ts'
import type { Observation, Series } from '../../harness/record/schema.ts'
import { loadResult, metricResult, trend } from '../support/load-result.ts'

const one = (observations: Observation[], metric: string, stat: string, scope: object = {}): Observation | undefined =>
  observations.find(
    (each) =>
      each.metric === metric &&
      each.stat === stat &&
      each.scenario === (scope as Observation).scenario &&
      each.phase === (scope as Observation).phase,
  )

test('A trend gives average, extremes and percentiles for the load and for each scenario, with the samples behind them', () => {
  const all = trend('turn_duration', [1, 2, 3, 10])
  const paced = trend('turn_duration', [1, 2], { scenario: 'paced' })
  const result = loadResult({ metrics: [all.metric, paced.metric], histograms: [paced.histogram, all.histogram] })
  const observations = observeLoad(result, { operation: 'iterations' }).filter(
    ({ metric }) => metric === 'turn_duration',
  )
  const stats = ['avg', 'min', 'p(50)', 'p(90)', 'p(95)', 'max']
  assert.deepEqual(
    observations.map(({ stat }) => stat),
    [...stats, ...stats],
  )
  assert.equal(one(observations, 'turn_duration', 'avg')?.value, 4)
  assert.equal(one(observations, 'turn_duration', 'p(95)')?.value, 10)
  assert.equal(one(observations, 'turn_duration', 'max', { scenario: 'paced' })?.value, 2)
  assert.equal(one(observations, 'turn_duration', 'p(50)', { scenario: 'paced' })?.n, 2)
  assert.deepEqual([...new Set(observations.map(({ unit, better }) => `${unit} ${better}`))], ['ms lower'])
})

test('A trend that is no time is better neither way unless the script says so', () => {
  const { metric, histogram } = trend('updates_per_second', [20, 90])
  const result = loadResult({ metrics: [{ ...metric, isTime: false }], histograms: [histogram] })
  const sides = (notes: Partial<Parameters<typeof observeLoad>[1]> = {}) =>
    observeLoad(result, { operation: 'iterations', ...notes })
      .filter((each) => each.metric === metric.metric)
      .map(({ better }) => better)
  const of = (better: string) => Array(sides().length).fill(better)
  assert.deepEqual(sides(), of('none'))
  assert.deepEqual(sides({ better: { updates_per_second: 'higher' } }), of('higher'))
})

test('A tail percentile stands on enough samples or is left out: 370 for p99, 3,700 for p99.9', () => {
  const tailsOf = (count: number): string[] => {
    const { metric, histogram } = trend(
      'turn_duration',
      Array.from({ length: count }, (_, index) => index % 100),
    )
    const stats = observeLoad(loadResult({ metrics: [metric], histograms: [histogram] }), {
      operation: 'iterations',
    }).map(({ stat }) => stat)
    return stats.filter((stat) => stat.startsWith('p(99'))
  }
  assert.deepEqual([369, 370, 3699, 3700].map(tailsOf), [[], ['p(99)'], ['p(99)'], ['p(99)', 'p(99.9)']])
})

test('A counter gives its sum and its rate, a rate its share, a gauge its last value and its maximum', () => {
  const metrics = [
    metricResult({ metric: 'http_reqs', kind: 'counter', count: 40, sum: 40 }),
    metricResult({ metric: 'dead', kind: 'counter', count: 1, sum: 1, overS: 0 }),
    metricResult({ metric: 'checks', kind: 'rate', count: 8, sum: 6 }),
    metricResult({ metric: 'vus', kind: 'gauge', count: 3, sum: 12, last: 2, max: 7 }),
  ]
  const observations = observeLoad(loadResult({ metrics }), { operation: 'iterations' })
  assert.equal(one(observations, 'http_reqs', 'count')?.value, 40)
  assert.deepEqual(
    [one(observations, 'http_reqs', 'rate')?.value, one(observations, 'http_reqs', 'rate')?.unit],
    [4, 'per second'],
  )
  assert.equal(one(observations, 'dead', 'rate')?.value, 0)
  assert.equal(one(observations, 'checks', 'rate')?.value, 0.75)
  assert.equal(one(observations, 'vus', 'value')?.value, 2)
  assert.equal(one(observations, 'vus', 'max')?.value, 7)
})

test('Throughput is the operation a second within each phase', () => {
  const turns = (phase: string, sum: number, overS: number) =>
    metricResult({ metric: 'turns', kind: 'counter', phase, count: 99, sum, overS })
  const metrics = [turns('paced', 30, 10), turns('flat-out', 50, 5), turns('never', 0, 0)]
  const observations = observeLoad(loadResult({ metrics }), { operation: 'turns' }).filter(
    ({ metric }) => metric === 'throughput',
  )
  assert.deepEqual(
    observations.map(({ phase, value, n }) => [phase, value, n]),
    [
      ['paced', 3, 30],
      ['flat-out', 10, 50],
    ],
  )
})

test('Sub-metrics of thresholds are no numbers of a record', () => {
  const sub = trend('turn_duration{name:a}', [1])
  const observations = observeLoad(loadResult({ metrics: [sub.metric], histograms: [sub.histogram] }), {
    operation: 'iterations',
  })
  assert.deepEqual(
    observations.filter(({ metric }) => metric.startsWith('turn')),
    [],
  )
})

test('The generator tells what it used, and its memory of one user', () => {
  const generator = {
    utilizationByPhase: { paced: 0.4 },
    cpuMsByPhase: { paced: 1500 },
    gcPauseMaxMs: 3,
    rssPeakBytes: 300e6,
    rssIdleBytes: 100e6,
  }
  const observations = observeLoad(loadResult({ generator, maxVUs: 1000 }), { operation: 'iterations' })
  assert.equal(one(observations, 'generator_utilization', 'value', { phase: 'paced' })?.value, 0.4)
  assert.equal(one(observations, 'generator_cpu', 'value', { phase: 'paced' })?.value, 1500)
  assert.equal(one(observations, 'generator_rss_peak', 'value')?.value, 300)
  assert.equal(one(observations, 'generator_rss_per_user', 'value')?.value, 200)
})

const series = (changes: Partial<Series>): Series => ({
  metric: 'http_req_duration',
  stat: 'p(50)',
  unit: 'ms',
  source: 'k6',
  t: [0.5, 1.5, 2.5, 3.5, 4.5, 5.5],
  v: [1, 2, 3, 4, null, 60],
  ...changes,
})

test('Drift is the median of the first against that of the second half of a phase, without the gaps', () => {
  const phases = [{ name: 'all', startS: 0, endS: 6 }]
  assert.deepEqual(driftOf(loadResult({ phases, series: [series({})] })), [
    { phase: 'all', metric: 'http_req_duration', stat: 'p(50)', firstHalf: 2, secondHalf: 60 },
  ])
})

test('Drift has nothing to say of a half without values, of the generator, or of a tail', () => {
  const phases = [{ name: 'late', startS: 4, endS: 6 }]
  assert.deepEqual(driftOf(loadResult({ phases, series: [series({})] })), [])
  const others = [series({ source: 'generator' }), series({ stat: 'p(99)' })]
  assert.deepEqual(driftOf(loadResult({ phases: [{ name: 'all', startS: 0, endS: 6 }], series: others })), [])
})
