import assert from 'node:assert/strict'
import { test } from 'node:test'
import { trendsOf } from '../../harness/compare/trends.ts'
import type { Unit } from '../../harness/metrics/table.ts'
import { renderHistory } from '../../reports/history-page.ts'
import { verticalAxis } from '../../reports/page/client/axes.ts'
import { type PageData, pageDataId } from '../../reports/page/client/data.ts'
import type { Theme } from '../../reports/page/client/theme.ts'
import { carriedBy } from '../support/report-page.ts'
import { historyOf, machineOf, numberOf } from '../support/run-values.ts'

const all = { scenarios: [], metrics: [] }
const history = historyOf(
  16,
  (day) => [
    numberOf([day <= 8 ? 100 + (day % 3) : 120 + (day % 3)]),
    ...(day > 2 ? [numberOf([50 + (day % 2)], { variant: '<b>' })] : []),
  ],
  (day) => ({ machine: machineOf(day === 16 ? 'f2' : 'f1') }),
)
const page = await renderHistory(trendsOf(history, all))
const { variants, charts } = carriedBy<PageData>(page, pageDataId)

test('A history page has a chart for each number and machine, with a line for each variant', () => {
  assert.deepEqual(variants, ['v', '<b>'])
  assert.deepEqual(
    charts.map(({ axis, lines }) => [axis, lines.map(({ points }) => points.length)]),
    [
      ['runs', [1, 1]],
      ['runs', [15, 13]],
    ],
  )
  for (const { id } of charts) assert.ok(page.includes(`<canvas id="${id}"`))
})

test('A place on its axis is a run, the same for all variants', () => {
  const { runs, lines } = charts[1]!
  assert.deepEqual([runs![0], runs!.length], ['010101010', 15])
  assert.deepEqual(
    [lines[0]!.points[0], lines[1]!.points[0]],
    [
      [0, 101],
      [2, 51],
    ],
  )
})

test('A change is marked in the chart and named in words', () => {
  assert.deepEqual(charts[1]!.marks, [{ at: 8, label: '090909090' }])
  assert.match(page, /<p>v: turn p\(50\): \+19\.\d% from commit 090909090 \(2026-11-09\) on/)
})

test('Its answer says that machines are never put together', () => {
  assert.match(page, /16 runs on 2 machines, whose numbers are never put together: 1 change point\./)
})

test('A chart is titled in words, with the selector beside, and says of one run that it makes no trend', async () => {
  const [alone = '', many = ''] = page.split('<figure>').slice(1)
  for (const figure of [alone, many])
    assert.match(figure, /<h4 id="chart-[01]-0-title">Turn p50<\/h4>\s*<p class="subject"><code>turn p\(50\)<\/code>/)
  assert.match(alone, /One run: a trend needs two\./)
  const single = await renderHistory(
    trendsOf(
      historyOf(1, () => [numberOf([100])]),
      all,
    ),
  )
  assert.match(single, /1 run on 1 machine: a trend needs two of one machine\./)
  assert.ok(!alone.includes('No change point') && !many.includes('a trend needs two'))
})

test('Its axis of shares begins at zero, that of other numbers where they lie', () => {
  const theme = { muted: '', grid: '', font: '' } as Theme
  const axisOf = (unit: Unit) => Object.entries(verticalAxis({ ...charts[1]!, unit }, theme))
  for (const [unit, is] of [
    ['share', true],
    ['ms', false],
  ] as const)
    assert.deepEqual(new Map(axisOf(unit)).get('beginAtZero'), is, unit)
})

test('It needs no network, and text of a history cannot become markup', () => {
  assert.ok(!/(src|href)="(?!#|data:)/.test(page))
  assert.ok(!page.includes('<b>:') && page.includes('&lt;b&gt;'))
})
