import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareRun } from '../../../harness/compare/campaign.ts'
import type { Run } from '../../../harness/record/schema.ts'
import type { Drawing } from '../../../reports/charts/chart.ts'
import { charts } from '../../../reports/charts/table.ts'
import { viewOf } from '../../../reports/view.ts'
import { goldenRun } from '../../support/records.ts'

const golden = goldenRun({ samples: 500, blocks: 2 })

const drawings = (run: Run, scenario = 0) => {
  const view = viewOf(run, compareRun(run))
  return new Map(charts.map((chart) => [chart.id, chart.prepare(view, view.scenarios[scenario]!)]))
}

const variantsOf = (drawing: Drawing | null | undefined) =>
  [...new Set(drawing?.lines.map(({ variant }) => variant))].sort((a, b) => a - b)

test('Every chart has a name of its own, asks a question and says how it is read.', () => {
  assert.equal(new Set(charts.map(({ id }) => id)).size, charts.length)
  for (const { question, help } of charts) {
    assert.match(question, /\?$/)
    assert.match(help, /\.$/)
  }
})

for (const scenario of [0, 1]) {
  test(`On a golden run every chart of scenario ${scenario + 1} draws a line for each variant.`, () => {
    const drawn = [...drawings(golden, scenario)]
    assert.deepEqual(
      drawn.filter(([, drawing]) => !drawing || drawing.lines.length === 0).map(([id]) => id),
      [
        'errors',
        'dropped',
        'connections-throughput',
        'connections-latency',
        ...(scenario === 0 ? ['scaling-latency', 'scaling-memory', 'scaling-cpu'] : []),
      ],
      'nothing failed, no connections were swept, and the sessions of the first do not grow',
    )
    for (const [id, drawing] of drawn.filter(([, each]) => each && each.lines.length > 0)) {
      const isRatio = drawing!.yScale === 'ratio'
      assert.deepEqual(variantsOf(drawing), isRatio ? [1, 2, 3] : [0, 1, 2, 3], id)
    }
  })
}

test('Intended and service latency of one operation stand on one chart, the intended one first, with lines of their own.', () => {
  const latency = drawings(golden).get('latency')!
  assert.equal(latency.subject, 'Turn intended duration, paced')
  assert.deepEqual(
    latency.choices!.map(({ label }) => label),
    ['From intended start', 'Service time', 'Both'],
  )
  assert.deepEqual(
    latency.lines.map(({ variant, set, style }) => [variant, set, style]),
    [0, 1].flatMap((set) => [0, 1, 2, 3].map((variant) => [variant, set, set === 1 ? 'faint' : undefined])),
  )
  const top = Math.max(...latency.lines.flatMap(({ points }) => points.map(([, y]) => y!)))
  assert.equal(latency.yMax, top)
})

test('Where only one of the latencies was recorded there is nothing to choose.', () => {
  const run = structuredClone(golden)
  for (const record of run.records) {
    record.histograms = record.histograms.filter(({ metric }) => !metric.includes('intended'))
  }
  const latency = drawings(run).get('latency')!
  assert.equal(latency.choices, undefined)
  assert.equal(latency.lines.length, 4)
})

test('A failed trial goes into no line.', () => {
  const run = structuredClone(golden)
  for (const record of run.records.filter(({ variant }) => variant === 'mutex')) {
    record.failure = { stage: 'target', message: 'died', outputTail: [] }
  }
  for (const [id, drawing] of [...drawings(run)].filter(([, drawing]) => drawing && drawing.lines.length > 0)) {
    assert.deepEqual(variantsOf(drawing), drawing!.yScale === 'ratio' ? [1, 2] : [0, 1, 2], id)
  }
})

test('A phase that is invalid goes out of the latency curve and leaves what was taken over the whole load.', () => {
  const run = structuredClone(golden)
  for (const record of run.records.filter(({ variant }) => variant === 'mutex')) {
    record.invalid = [{ scenario: 'paced', code: 'generator-late', message: 'late by 9 ms' }]
  }
  const drawn = drawings(run)
  assert.deepEqual(variantsOf(drawn.get('latency')), [0, 1, 2])
  assert.equal(drawn.get('memory')?.lines.length, 4)
})

test('What no trial observed has no chart.', () => {
  const run = structuredClone(golden)
  for (const record of run.records) record.series = []
  const drawn = drawings(run)
  assert.equal(drawn.get('memory'), null)
  assert.ok(drawn.get('latency'))
})

test('A trial that was run again replaces the earlier one.', () => {
  const run = structuredClone(golden)
  const again = structuredClone(run.records[0]!)
  const rss = again.series.find(({ metric }) => metric === 'target_rss')!
  rss.v = rss.v.map(() => 999)
  run.records = [...run.records.filter(({ key }) => key.block === 1), again]
  const [optimized] = drawings(run).get('memory')!.lines
  assert.ok(optimized!.points.every(([, y]) => y === 999))
})

test('Where only one variant had failures the others are drawn at zero, and those of a failed trial not at all.', () => {
  const run = structuredClone(golden)
  for (const record of run.records.filter(({ variant }) => variant === 'polling')) {
    const [like] = record.series
    record.series.push({ ...like!, metric: 'http_req_failed', stat: 'rate', v: like!.t.map((t) => (t === 7 ? 5 : 0)) })
  }
  for (const record of run.records.filter(({ variant }) => variant === 'mutex')) {
    record.failure = { stage: 'target', message: 'died', outputTail: [] }
  }
  const { lines } = drawings(run).get('errors')!
  const totals = lines.map(({ variant, points }) => [variant, points.reduce((sum, [, y]) => sum + (y ?? 0), 0)])
  assert.deepEqual(totals, [
    [0, 0],
    [1, 5],
    [2, 0],
  ])
})

test('What failed and what was left undone in a single trial is drawn, each on a chart of its own.', () => {
  const run = goldenRun({ samples: 100, blocks: 4 })
  const add = (block: number, metric: string, values: readonly (readonly [t: number, perS: number])[]) => {
    const { series } = run.records.find(({ key, variant }) => key.block === block && variant === 'polling')!
    const [t, v] = [values.map(([at]) => at), values.map(([, perS]) => perS)]
    series.push({ ...series[0]!, metric, stat: 'rate', t, v })
  }
  const fromFirstOn = [[20, 40] as const, [21, 0] as const]
  add(1, 'http_req_failed', fromFirstOn)
  add(2, 'dropped_iterations', fromFirstOn)
  add(3, 'dropped_iterations', [[10, 8]])
  const seen = (id: string) =>
    drawings(run)
      .get(id)!
      .lines.map(({ variant, points }) => [variant, points.filter(([, y]) => y !== 0)])
  assert.deepEqual(seen('errors'), [
    [0, []],
    [1, [[20, 10]]],
    [2, []],
    [3, []],
  ])
  const undone = [
    [10, 2],
    [20, 10],
  ]
  assert.deepEqual(seen('dropped'), [
    [0, []],
    [1, undone],
    [2, []],
    [3, []],
  ])
})

test('Failures that a script counts by itself are drawn where no HTTP request failed.', () => {
  const run = structuredClone(golden)
  for (const { variant, series } of run.records) {
    const [like] = series
    if (variant === 'polling') series.push({ ...like!, metric: 'turn_failed', stat: 'rate', v: like!.t.map(() => 3) })
  }
  const { subject, lines } = drawings(run).get('errors')!
  assert.match(subject, /^turn failed/i)
  assert.ok(lines.find(({ variant }) => variant === 1)!.points.every(([, y]) => y === 3))
})

test('Where nothing failed there is nothing to draw of it; where no load was seen, nothing is said.', () => {
  assert.deepEqual(drawings(golden).get('errors')?.lines, [])
  const unseen = structuredClone(golden)
  for (const record of unseen.records) record.series = record.series.filter(({ metric }) => metric !== 'iterations')
  assert.equal(drawings(unseen).get('errors'), null)
})

test('All charts over time of a scenario share the ends of their axis.', () => {
  const spans = [...drawings(golden).values()].flatMap((drawing) =>
    drawing?.axis === 'seconds' && drawing.lines.length > 0 ? [drawing.xRange] : [],
  )
  assert.equal(spans.length, 9)
  for (const span of spans) assert.deepEqual(span, [0, 75])
})

test('Phases of the load are marked where there is more than one.', () => {
  assert.deepEqual(drawings(golden, 0).get('throughput')?.marks, [
    { at: 0, label: 'paced' },
    { at: 60, label: 'capacity' },
  ])
  assert.deepEqual(drawings(golden, 1).get('throughput')?.marks, [])
})

test('Values that differ by more than a linear axis can show are drawn on a log scale.', () => {
  const run = structuredClone(golden)
  const slow = run.records.filter(({ variant }) => variant === 'polling')
  for (const { series } of slow) {
    for (const each of series) each.v = each.v.map((value) => (value === null ? null : value * 100))
  }
  assert.equal(drawings(golden).get('latency-p50-over-time')?.yScale, 'linear')
  assert.equal(drawings(run).get('latency-p50-over-time')?.yScale, 'logarithmic')
})
