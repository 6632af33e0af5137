import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defaultTrendStats, readOptions } from '../../../harness/engine/sessions/options.ts'
import { summaryExport, summaryText } from '../../../harness/engine/sessions/summary.ts'
import { loadResult, metricResult, trend } from '../../support/load-result.ts'

const duration = trend('http_req_duration', [0.25, 0.5, 1, 1.5, 2000])
const scoped = trend('http_req_duration', [7], { scenario: 'default' })
const narrowed = trend('http_req_duration{name:a}', [0.5])

/** One of each kind, and what must not show: figures of a scenario or a phase. */
const result = loadResult({
  metrics: [
    metricResult({ metric: 'vus', kind: 'gauge', count: 9, last: 3, min: 1, max: 5, sum: 20 }),
    metricResult({ metric: 'http_reqs', kind: 'counter', count: 5, sum: 5 }),
    metricResult({ metric: 'http_reqs', kind: 'counter', count: 5, sum: 4, phase: 'hold', overS: 2 }),
    metricResult({ metric: 'data_sent', kind: 'counter', count: 5, sum: 1_234_567 }),
    metricResult({ metric: 'checks', kind: 'rate', count: 4, sum: 3 }),
    metricResult({ metric: 'never', kind: 'rate' }),
    duration.metric,
    scoped.metric,
    narrowed.metric,
  ],
  histograms: [scoped.histogram, duration.histogram, narrowed.histogram],
  thresholds: [
    { metric: 'http_req_duration', expression: 'p(95)<500', passed: false },
    { metric: 'http_req_duration', expression: 'med<500', passed: true },
    { metric: 'http_req_duration{name:a}', expression: 'max<1', passed: true },
  ],
  checks: [
    { path: '::is 200', name: 'is 200', passes: 2, fails: 0 },
    { path: '::outer::inner::has a body', name: 'has a body', passes: 1, fails: 1 },
  ],
  warnings: ['the generator was late'],
})

test('The text holds thresholds, checks, metrics and warnings, in this order', () => {
  assert.equal(
    summaryText(result, defaultTrendStats),
    [
      '  THRESHOLDS',
      '    ✗ http_req_duration: p(95)<500',
      '    ✓ http_req_duration: med<500',
      '    ✓ http_req_duration{name:a}: max<1',
      '',
      '  CHECKS',
      '    ✓ is 200',
      '    ✗ outer › inner › has a body  (50%: 1 passed, 1 failed)',
      '',
      '  METRICS',
      '    checks ......................: 75.00% 3 of 4',
      '    data_sent ...................: 1.23 MB 123 kB/s',
      '    http_req_duration ...........: avg=400.65ms  min=250µs     med=1ms       max=2s        p(90)=2s        p(95)=2s',
      '    http_req_duration{name:a} ...: avg=500µs     min=500µs     med=500µs     max=500µs     p(90)=500µs     p(95)=500µs',
      '    http_reqs ...................: 5 0.5/s',
      '    never .......................: 0.00% 0 of 0',
      '    vus .........................: 3 min=1 max=5',
      '',
      '  WARNINGS',
      '    the generator was late',
    ].join('\n'),
  )
})

test('A load that measured nothing still has a summary', () => {
  assert.equal(summaryText(loadResult(), defaultTrendStats), '  METRICS')
  const { root_group, metrics } = summaryExport(loadResult(), defaultTrendStats)
  assert.deepEqual(metrics, {})
  assert.deepEqual(root_group, { name: '', path: '', id: 'd41d8cd98f00b204e9800998ecf8427e', groups: {}, checks: {} })
})

test('The export has the shape that k6 writes, with a threshold true that failed', () => {
  const { metrics } = summaryExport(result, defaultTrendStats)
  assert.deepEqual(metrics, {
    checks: { passes: 3, fails: 1, value: 0.75 },
    data_sent: { count: 1_234_567, rate: 123_456.7 },
    http_req_duration: {
      avg: 400.65,
      min: 0.25,
      med: 1,
      max: 2000,
      'p(90)': 2000,
      'p(95)': 2000,
      thresholds: { 'p(95)<500': true, 'med<500': false },
    },
    'http_req_duration{name:a}': {
      avg: 0.5,
      min: 0.5,
      med: 0.5,
      max: 0.5,
      'p(90)': 0.5,
      'p(95)': 0.5,
      thresholds: { 'max<1': false },
    },
    http_reqs: { count: 5, rate: 0.5 },
    never: { passes: 0, fails: 0, value: 0 },
    vus: { value: 3, min: 1, max: 5 },
  })
})

test("Checks stand in their groups under the ids that k6 gives them: the path's MD5", () => {
  const check = (name: string, path: string, id: string, passes: number, fails: number) => ({
    [name]: { name, path, id, passes, fails },
  })
  const inner = '::outer::inner'
  assert.deepEqual(summaryExport(result, defaultTrendStats).root_group, {
    name: '',
    path: '',
    id: 'd41d8cd98f00b204e9800998ecf8427e',
    checks: check('is 200', '::is 200', 'b90917b286da7eb763f41c72548efc6d', 2, 0),
    groups: {
      outer: {
        name: 'outer',
        path: '::outer',
        id: 'c34b428ee7255085dfe7fef53d3394d5',
        checks: {},
        groups: {
          inner: {
            name: 'inner',
            path: inner,
            id: 'b6c425bc7b9e3d21a2d56ce7a6de3614',
            checks: check('has a body', `${inner}::has a body`, '5ce7b68b6683c96c16e8ea2b0db4459c', 1, 1),
            groups: {},
          },
        },
      },
    },
  })
})

test('Trends show the statistics that the script asks for, under the names that it gives them', () => {
  const { metrics } = summaryExport(loadResult({ metrics: [duration.metric], histograms: [duration.histogram] }), [
    'count',
    'p(50)',
    'p(99.90)',
  ])
  assert.deepEqual(metrics, { http_req_duration: { count: 5, 'p(50)': 1, 'p(99.90)': 2000 } })
})

test('A statistic that trends do not have is refused with those that they have', () => {
  const read = (summaryTrendStats: unknown) => readOptions({ summaryTrendStats }, {}, ['default']).summaryTrendStats
  assert.deepEqual(read(undefined), ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)'])
  assert.deepEqual(read(['count', 'p(99.90)']), ['count', 'p(99.90)'])
  const list = 'It is one of: avg, min, med, max, count, p(N)'
  assert.throws(() => read(['med', 'median']), {
    name: 'UserError',
    message: `options.summaryTrendStats: "median" does not exist. ${list}`,
  })
  assert.throws(() => read(['p(101)']), /"p\(101\)" does not exist/)
  assert.throws(() => read('med'), /options\.summaryTrendStats: expected a list .* found "med"/)
})

const formatted: [metric: string, value: number, shown: string][] = [
  ['data_sent', 0, '0 B'],
  ['data_sent', 999, '999 B'],
  ['data_sent', 1000, '1 kB'],
  ['data_sent', 999_999, '1000 kB'],
  ['data_sent', 1e18, '1000000 TB'],
  ['my_counter', 0.1, '0.1'],
  ['my_counter', 1234.56789, '1234.57'],
]

for (const [metric, sum, shown] of formatted) {
  test(`${sum} of ${metric} is shown as ${shown}`, () => {
    const text = summaryText(loadResult({ metrics: [metricResult({ metric, kind: 'counter', sum })] }), [])
    assert.ok(text.includes(`: ${shown} `), text)
  })
}

for (const [ms, shown] of [
  [0, '0s'],
  [0.0123, '12.3µs'],
  [0.9994, '999.4µs'],
  [12.3456, '12.35ms'],
  [61_500, '61.5s'],
] as const) {
  test(`${ms} ms are shown as ${shown}`, () => {
    const { metric, histogram } = trend('t', [ms])
    const text = summaryText(loadResult({ metrics: [metric], histograms: [histogram] }), ['max'])
    assert.ok(text.endsWith(`: max=${shown}`), text)
  })
}
