import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LoadResult } from '../../../../harness/engine/port.ts'
import { defaultTrendStats } from '../../../../harness/engine/sessions/options/summary.ts'
import { readOptions } from '../../../../harness/engine/sessions/options.ts'
import type { Contains } from '../../../../harness/engine/sessions/summary/contains.ts'
import { summaryData } from '../../../../harness/engine/sessions/summary/data.ts'
import { summaryExport } from '../../../../harness/engine/sessions/summary/export.ts'
import { humanize, type TimeUnit } from '../../../../harness/engine/sessions/summary/humanize.ts'
import { machineReadableSummary } from '../../../../harness/engine/sessions/summary/machine-readable.ts'
import { colours, noColours } from '../../../../harness/engine/sessions/summary/paint.ts'
import { summaryText, type TextSettings } from '../../../../harness/engine/sessions/summary/text.ts'
import { loadResult, metricResult, trend } from '../../../support/load-result.ts'

const duration = trend('http_req_duration', [0.25, 0.5, 1, 1.5, 2000])
const scoped = trend('http_req_duration', [7], { scenario: 'paced' })
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
  groups: ['::outer', '::outer::inner', '::never checked'],
  warnings: ['the generator was late'],
})

const settings = {
  trendStats: defaultTrendStats,
  timeUnit: '',
  noColor: false,
  isStdOutTTY: false,
  isStdErrTTY: true,
} as const
const exported = (of: LoadResult, trendStats: readonly string[] = defaultTrendStats) =>
  summaryExport(summaryData(of, { ...settings, trendStats }))
const shown = (of: LoadResult, changes: Partial<TextSettings> = {}): string =>
  summaryText(of, { mode: 'compact', stats: defaultTrendStats, timeUnit: '', paint: noColours, ...changes })

test('The text holds thresholds, totals and warnings, laid out as k6 does', () => {
  assert.equal(
    shown(result),
    [
      '',
      '  █ THRESHOLDS ',
      '',
      '    http_req_duration',
      "    ✗ 'p(95)<500' p(95)=1.6s",
      "    ✓ 'med<500' med=1ms",
      '',
      '      {name:a}',
      "      ✓ 'max<1' max=500µs",
      '',
      '',
      '  █ TOTAL RESULTS ',
      '',
      '    checks_total.......: 4      0.4/s',
      '    checks_succeeded...: 75.00% 3 out of 4',
      '    checks_failed......: 25.00% 1 out of 4',
      '',
      '    ✓ is 200',
      '    ✗ has a body',
      '      ↳  50% — ✓ 1 / ✗ 1',
      '',
      '    CUSTOM',
      '    never...............: 0.00%  0 out of 0',
      '',
      '    HTTP',
      '    http_req_duration...: avg=400.65ms min=250µs med=1ms   max=2s    p(90)=1.2s  p(95)=1.6s ',
      '      { name:a }........: avg=500µs    min=500µs med=500µs max=500µs p(90)=500µs p(95)=500µs',
      '    http_reqs...........: 5      0.5/s',
      '',
      '    EXECUTION',
      '    vus.................: 3      min=1      max=5',
      '',
      '    NETWORK',
      '    data_sent...........: 1.2 MB 124 kB/s',
      '',
      '',
      '  █ WARNINGS ',
      '',
      '    the generator was late',
      '',
    ].join('\n'),
  )
})

test('The full text goes on with the groups and the k6 scenarios', () => {
  const text = shown(result, { mode: 'full' })
  const titles = text.split('\n').filter((line) => /█|↳ \w/.test(line))
  assert.deepEqual(titles, [
    '  █ THRESHOLDS ',
    '  █ TOTAL RESULTS ',
    '  █ GROUP: outer ',
    '    ↳ GROUP: inner ',
    '  █ GROUP: never checked ',
    '  █ SCENARIO: paced ',
    '  █ WARNINGS ',
  ])
  assert.ok(text.includes('\n      ✗ has a body\n          ↳  50% — ✓ 1 / ✗ 1\n'), text)
  assert.ok(text.includes('SCENARIO: paced \n\n    HTTP\n    http_req_duration...: avg=7ms'), text)
})

test('Only the full text tells the parts of a request', () => {
  const { metric, histogram } = trend('http_req_waiting', [1])
  const waiting = loadResult({ metrics: [metric], histograms: [histogram] })
  assert.ok(!shown(waiting).includes('http_req_waiting'))
  assert.ok(shown(waiting, { mode: 'full' }).includes('http_req_waiting'))
})

test('On a terminal good is green, bad red, and values cyan', () => {
  const text = shown(result, { paint: colours })
  assert.ok(text.includes('\x1b[32m✓ is 200\x1b[0m') && text.includes('\x1b[31m✗ has a body\x1b[0m'), text)
  assert.ok(text.includes('http_reqs\x1b[2;37m...........:\x1b[0m \x1b[36m5\x1b[0m'), text)
})

test('A load that measured nothing still has a summary', () => {
  assert.equal(shown(loadResult()), '\n  █ TOTAL RESULTS \n\n')
  const { root_group, metrics } = exported(loadResult())
  assert.deepEqual(metrics, {})
  assert.deepEqual(root_group, { name: '', path: '', id: 'd41d8cd98f00b204e9800998ecf8427e', groups: {}, checks: {} })
})

test('handleSummary() is given what k6 gives it', () => {
  const { metrics, ...others } = summaryData(loadResult({ ...result, setupJson: '{"a":[1]}' }), settings)
  assert.deepEqual(others.options, { summaryTrendStats: defaultTrendStats, summaryTimeUnit: '', noColor: false })
  assert.deepEqual(others.state, { isStdOutTTY: false, isStdErrTTY: true, testRunDurationMs: 10_000 })
  assert.deepEqual(others.setup_data, { a: [1] })
  assert.deepEqual(
    others.root_group.groups.map(({ name, groups, checks }) => [name, groups.length, checks.length]),
    [
      ['outer', 1, 0],
      ['never checked', 0, 0],
    ],
  )
  assert.deepEqual(metrics.checks, {
    type: 'rate',
    contains: 'default',
    values: { rate: 0.75, passes: 3, fails: 1 },
  })
  assert.deepEqual(metrics.http_req_duration?.thresholds, { 'p(95)<500': { ok: false }, 'med<500': { ok: true } })
  assert.deepEqual([metrics.data_sent?.contains, metrics.http_req_duration?.contains], ['data', 'time'])
  assert.equal('setup_data' in summaryData(result, settings), false)
})

test('The newer format for machines has its own names for the same figures', () => {
  const origin = { script: 'the text', version: '1', generatedAt: new Date(0) }
  const readable = machineReadableSummary(result, settings, origin) as {
    config: object
    metadata: object
    results: { checks: { results: object[] }; metrics: { name: string; values: Record<string, number> }[] }
  }
  assert.deepEqual(readable.config, { duration: 10, execution: 'local', script: 'the text' })
  assert.deepEqual(readable.metadata, { generated_at: '1970-01-01T00:00:00.000Z', k6_version: '1' })
  assert.deepEqual(readable.results.checks.results, [
    { fails: 0, name: 'is 200', passes: 2 },
    { fails: 1, name: 'has a body', passes: 1 },
  ])
  const named = (name: string) => readable.results.metrics.find((metric) => metric.name === name)
  assert.deepEqual(named('http_reqs'), {
    contains: 'default',
    name: 'http_reqs',
    type: 'counter',
    values: { count: 5 },
  })
  assert.deepEqual(named('never')?.values, { matches: 0, rate: 0, total: 0 })
  assert.deepEqual(Object.keys(named('http_req_duration')!.values), ['avg', 'max', 'med', 'min', 'p90', 'p95'])
  assert.equal(named('checks'), undefined)
})

test('The export has the shape that k6 writes, with a threshold true that failed', () => {
  const { metrics } = exported(result)
  assert.deepEqual(metrics, {
    checks: { passes: 3, fails: 1, value: 0.75 },
    data_sent: { count: 1_234_567, rate: 123_456.7 },
    http_req_duration: {
      avg: 400.65,
      min: 0.25,
      med: 1,
      max: 2000,
      'p(90)': 1200.6000000000001,
      'p(95)': 1600.2999999999997,
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
  assert.deepEqual(exported(result).root_group, {
    name: '',
    path: '',
    id: 'd41d8cd98f00b204e9800998ecf8427e',
    checks: check('is 200', '::is 200', 'b90917b286da7eb763f41c72548efc6d', 2, 0),
    groups: {
      'never checked': {
        name: 'never checked',
        path: '::never checked',
        id: 'eb91f425bdac0fb30b41249a447e74e0',
        checks: {},
        groups: {},
      },
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
  const { metrics } = exported(loadResult({ metrics: [duration.metric], histograms: [duration.histogram] }), [
    'count',
    'p(50)',
    'p(99.90)',
  ])
  assert.deepEqual(metrics, { http_req_duration: { count: 5, 'p(50)': 1, 'p(99.90)': 1992.0060000000008 } })
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

const printed: [value: number, kind: string, contains: Contains, unit: TimeUnit, text: string][] = [
  [0, 'counter', 'data', '', '0 B'],
  [999, 'counter', 'data', '', '999 B'],
  [1000, 'counter', 'data', '', '1.0 kB'],
  [999_999, 'counter', 'data', '', '1000 kB'],
  [1e18, 'counter', 'data', '', '1.0 EB'],
  [0.1, 'counter', 'default', '', '0.1'],
  [1234.567_891_2, 'counter', 'default', '', '1234.567891'],
  [0.999_99, 'rate', 'default', '', '99.99%'],
  [0, 'trend', 'time', '', '0s'],
  [0.000_308, 'trend', 'time', '', '308ns'],
  [0.0123, 'trend', 'time', '', '12.3µs'],
  [12.349, 'trend', 'time', '', '12.34ms'],
  [59_999, 'trend', 'time', '', '59.99s'],
  [61_500, 'trend', 'time', '', '1m1s'],
  [7_265_000, 'trend', 'time', '', '2h1m5s'],
  [12.3456, 'trend', 'time', 'us', '12345.60µs'],
  [12.3456, 'trend', 'time', 's', '0.01s'],
]

for (const [value, kind, contains, unit, text] of printed) {
  test(`${value} of a ${kind} that holds ${contains} is printed as ${text}`, () => {
    assert.equal(humanize(value, kind, contains, unit), text)
  })
}

test("k6's formats hold k6's metrics and the script's, and none of weir's own; the text shows those apart", () => {
  const queued = trend('http_req_queued', [1])
  const narrowed = trend('http_req_intended_duration{scenario:a}', [1])
  const own = [
    queued.metric,
    narrowed.metric,
    metricResult({ metric: 'interrupted_iterations', kind: 'counter' }),
    metricResult({ metric: 'http_req_retried', kind: 'counter' }),
    metricResult({ metric: 'generator_lateness', kind: 'trend' }),
  ]
  const kept = ['http_reqs', 'sse_event', 'throughput'].map((metric) => metricResult({ metric, kind: 'counter' }))
  const all = loadResult({ metrics: [...own, ...kept], histograms: [queued.histogram, narrowed.histogram] })
  const names = kept.map(({ metric }) => metric)
  assert.deepEqual(Object.keys(exported(all).metrics as object), names)
  assert.deepEqual(Object.keys(summaryData(all, settings).metrics), names)
  const origin = { script: '', version: '', generatedAt: new Date(0) }
  const { results } = machineReadableSummary(all, settings, origin) as { results: { metrics: { name: string }[] } }
  assert.deepEqual(
    results.metrics.map(({ name }) => name),
    names,
  )
  assert.match(shown(all), /CUSTOM\n[^█]*throughput[^█]*█?[\s\S]*WEIR\n[\s\S]*http_req_queued/)
})
