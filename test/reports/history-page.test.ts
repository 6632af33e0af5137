import assert from 'node:assert/strict'
import { test } from 'node:test'
import { trendsOf } from '../../harness/compare/trends.ts'
import { renderHistory } from '../../reports/history-page.ts'
import { type PageData, pageDataId } from '../../reports/page/client/data.ts'
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

test('It needs no network, and text of a history cannot become markup', () => {
  assert.ok(!/(src|href)="(?!#|data:)/.test(page))
  assert.ok(!page.includes('<b>:') && page.includes('&lt;b&gt;'))
})
