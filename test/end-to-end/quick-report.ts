/**
 * Opens the report of a run in Chromium and holds it against the run's records:
 *
 *   node test/end-to-end/quick-report.ts [run folder; the latest run unless given]
 *
 * No message on the console, nothing asked of the network, every chart drawn, every number as recorded.
 */
import assert from 'node:assert/strict'
import { join, resolve } from 'node:path'
import type { Unit } from '../../harness/metrics/table.ts'
import type { Run } from '../../harness/record/schema.ts'
import { latestRun, readRun } from '../../harness/record/store.ts'
import { figureName, medianOf, observedNumbers, pairedEffect, trialsOf, usableValues } from './recorded.ts'
import { type FigureRow, type ReportPage, readReportPage } from './report-page.ts'
import { shows } from './shown-number.ts'

const dir = resolve(process.argv[2] ?? (await latestRun(resolve('.weir/runs'))))
const run = await readRun(dir)
const page = await readReportPage(join(dir, 'report.html'))

assert.deepEqual(page.messages, [], 'messages on the console')
assert.deepEqual(page.requests, [], 'requests to elsewhere')
assert.ok(page.question.includes(run.header.question), 'the question of the campaign heads the page')
checkCharts(page, run)
checkVerdicts(page, run)
const numbers = checkFigures(page, run)
console.log(
  `${dir}: ${page.charts.length} charts drawn, ${page.emptyCharts} without usable trials, ${page.verdicts.length} comparisons and ${numbers} numbers as recorded`,
)

function checkCharts({ charts, paintedPixels, emptyCharts }: ReportPage, { records }: Run): void {
  assert.deepEqual(Object.keys(paintedPixels).sort(), charts.toSorted(), 'a canvas for every chart')
  for (const id of charts) assert.ok(paintedPixels[id]! > 500, `${id}: only ${paintedPixels[id]} pixels are painted`)
  const isWhole = records.every(({ failure, invalid }) => failure === undefined && invalid.length === 0)
  assert.ok(charts.length > 0 || !isWhole, 'no chart, though every trial is usable')
  if (isWhole) assert.equal(emptyCharts, 0, 'charts without data, though every trial is usable')
}

function checkVerdicts({ verdicts }: ReportPage, run: Run): void {
  const { scenarios, variants, baseline, blocks } = run.header
  assert.equal(verdicts.length, scenarios.length * (variants.length - 1), 'a cell for each scenario and challenger')
  assert.ok(variants.some(({ name }) => name === baseline))
  for (const { scenario, variant, verdict, ratio, difference } of verdicts) {
    const where = `${variant} under ${scenario}`
    const effect = pairedEffect(run, scenario, variant)
    assertClose(ratio, effect?.ratio ?? null, `${where}: ratio`)
    assertClose(difference, effect?.difference ?? null, `${where}: difference`)
    if (blocks === 1) assert.match(verdict, /no verdict/, `${where}: one block gets no verdict`)
  }
}

function assertClose(shown: number | null, recorded: number | null, what: string): void {
  const isClose =
    shown === null || recorded === null
      ? shown === recorded
      : Math.abs(shown - recorded) <= 1e-9 * Math.max(1, Math.abs(recorded))
  assert.ok(isClose, `${what}: the page has ${shown}, the records ${recorded}`)
}

/** @returns how many cells were compared */
function checkFigures({ figures }: ReportPage, run: Run): number {
  for (const { name } of run.header.scenarios) {
    const shown = figures.filter(({ scenario }) => scenario === name).map(({ row, scope }) => figureName(row, scope))
    const recorded = observedNumbers(run, name)
    assert.deepEqual(
      [...recorded.keys()].filter((each) => !shown.includes(each)),
      [],
      `${name}: not on the page`,
    )
    assert.deepEqual(
      shown.filter((each) => !recorded.has(each)),
      [],
      `${name}: not in the records`,
    )
    assert.equal(shown.length, [...recorded.values()].flat().length, `${name}: every figure once`)
  }
  return figures.reduce((count, row) => count + checkRow(row, run), 0)
}

function checkRow(row: FigureRow, run: Run): number {
  const { scenario, scope, cells } = row
  const name = `${scenario}, ${figureName(row.row, scope)}`
  const { variants } = run.header
  assert.equal(cells.length, variants.length, `${name}: a cell for each variant`)
  const candidates = observedNumbers(run, scenario).get(figureName(row.row, scope))!
  const recorded = candidates.map((observation) => ({
    observation,
    values: variants.map((variant) => usableValues(trialsOf(run, scenario, variant.name), observation)),
  }))
  const fitting = recorded.find(({ observation, values }) =>
    values.every((each, at) => isShownAs(cells[at]!, each, observation.unit)),
  )
  const said = `the page has ${cells.join(' | ')}, the records ${recorded.map(({ values }) => values.join(' | ')).join(' or ')}`
  assert.ok(fitting, `${name}: ${said}`)
  return fitting.values.filter((each) => each.length > 0).length
}

function isShownAs(cell: string, values: readonly number[], unit: Unit): boolean {
  const isEmpty = /^(–|too few samples)$/.test(cell)
  if (isEmpty || values.length === 0) return isEmpty && values.length === 0
  return shows(cell, medianOf(values), unit)
}
