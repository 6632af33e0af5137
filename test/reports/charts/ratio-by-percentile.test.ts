import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareRun } from '../../../harness/compare/campaign.ts'
import { meanWithInterval } from '../../../harness/compare/estimate.ts'
import { blockRatios } from '../../../harness/compare/percentile-ratios.ts'
import { ratioByPercentile } from '../../../reports/charts/ratio-by-percentile.ts'
import { formatRatio } from '../../../reports/format.ts'
import { viewOf } from '../../../reports/view.ts'
import { goldenRun } from '../../support/records.ts'

const run = goldenRun({ samples: 500 })
const view = viewOf(run, compareRun(run))
const metric = 'turn_intended_duration{scenario:paced}'

test('A block’s ratio is that of its two observations, with Student’s t interval over the blocks.', () => {
  const p50Of = (variant: string, block: number) =>
    run.records
      .find((record) => record.scenario === 'turns' && record.variant === variant && record.key.block === block)!
      .observations.find(
        ({ metric, stat, scenario }) => metric === 'turn_intended_duration' && stat === 'p(50)' && scenario === 'paced',
      )!.value
  const logs = [1, 2, 3].map((block) => Math.log(p50Of('polling', block) / p50Of('optimized', block)))
  const expected = meanWithInterval(logs)
  const [p50] = blockRatios(run, 'turns', 'polling', metric)
  assert.equal(p50!.percentile, 50)
  for (const bound of ['estimate', 'lower', 'upper'] as const) {
    assert.ok(Math.abs(Math.log1p(p50!.ratio![bound]!) - expected[bound]!) < 1e-9, bound)
  }
})

test('Every challenger has a line of ratios with intervals, as far as its samples carry, and the same in numbers.', () => {
  const drawing = ratioByPercentile.prepare(view, view.scenarios[0]!)!
  assert.deepEqual(
    drawing.lines.map(({ variant }) => variant),
    [1, 2, 3],
  )
  const ratios = blockRatios(run, 'turns', 'polling', metric)
  assert.deepEqual(
    ratios.map(({ percentile }) => percentile),
    [50, 75, 90, 99],
    'p99.9 would need 3,700 samples',
  )
  const [polling] = drawing.lines
  assert.deepEqual(
    polling!.points.map(([, y]) => y),
    ratios.map(({ ratio }) => 1 + ratio!.estimate),
  )
  assert.deepEqual(
    polling!.intervals,
    ratios.map(({ ratio }) => [1 + ratio!.lower!, 1 + ratio!.upper!]),
  )
  assert.deepEqual(drawing.table!.columns, ['p50', 'p75', 'p90', 'p99'])
  assert.equal(drawing.table!.rows[0]!.cells[0]![0], formatRatio(ratios[0]!.ratio!.estimate))
})

test('One block gives ratios without intervals; the baseline alone gives nothing.', () => {
  const single = goldenRun({ samples: 500, blocks: 1 })
  const of = viewOf(single, compareRun(single))
  const drawing = ratioByPercentile.prepare(of, of.scenarios[0]!)!
  assert.ok(drawing.lines.every(({ intervals }) => intervals!.every((each) => each === null)))
  const alone = { ...single, records: single.records.filter(({ variant }) => variant === 'optimized') }
  const view = viewOf(alone, compareRun(alone))
  assert.equal(ratioByPercentile.prepare(view, view.scenarios[0]!), null)
})
