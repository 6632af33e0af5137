import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareRun } from '../../../harness/compare/campaign.ts'
import type { Run } from '../../../harness/record/schema.ts'
import { charts } from '../../../reports/charts/table.ts'
import { viewOf } from '../../../reports/view.ts'
import { goldenRun } from '../../support/records.ts'

const golden = goldenRun({ samples: 500, blocks: 2 })

const drawings = (run: Run, scenario = 0) => {
  const view = viewOf(run, compareRun(run))
  return new Map(charts.map((chart) => [chart.id, chart.prepare(view, view.scenarios[scenario]!)]))
}

test('Every chart has a name of its own, asks a question and says how it is read.', () => {
  assert.equal(new Set(charts.map(({ id }) => id)).size, charts.length)
  for (const { question, help } of charts) {
    assert.match(question, /\?$/)
    assert.match(help, /\.$/)
  }
})

for (const scenario of [0, 1]) {
  test(`On a golden run every chart of scenario ${scenario + 1} draws a line for each variant.`, () => {
    for (const [id, drawing] of drawings(golden, scenario)) {
      assert.deepEqual(
        drawing?.lines.map(({ variant }) => variant),
        [0, 1, 2, 3],
        id,
      )
    }
  })
}

test('Intended and service latency of one operation stand on the same scale.', () => {
  const drawn = drawings(golden)
  const [intended, service] = [drawn.get('latency-intended')!, drawn.get('latency-service')!]
  assert.equal(intended.subject, 'Turn intended duration, paced')
  assert.equal(service.subject, 'Turn duration, paced')
  assert.equal(intended.yMax, service.yMax)
})

test('A failed trial goes into no line.', () => {
  const run = structuredClone(golden)
  for (const record of run.records.filter(({ variant }) => variant === 'mutex')) {
    record.failure = { stage: 'target', message: 'died', outputTail: [] }
  }
  for (const [id, drawing] of drawings(run)) {
    assert.deepEqual(
      drawing?.lines.map(({ variant }) => variant),
      [0, 1, 2],
      id,
    )
  }
})

test('A phase that is invalid goes out of the latency curve and leaves what was taken over the whole load.', () => {
  const run = structuredClone(golden)
  for (const record of run.records.filter(({ variant }) => variant === 'mutex')) {
    record.invalid = [{ scenario: 'paced', code: 'generator-late', message: 'late by 9 ms' }]
  }
  const drawn = drawings(run)
  assert.equal(drawn.get('latency-intended')?.lines.length, 3)
  assert.equal(drawn.get('memory')?.lines.length, 4)
})

test('What no trial observed has no chart.', () => {
  const run = structuredClone(golden)
  for (const record of run.records) record.series = []
  const drawn = drawings(run)
  assert.equal(drawn.get('memory'), null)
  assert.ok(drawn.get('latency-intended'))
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
