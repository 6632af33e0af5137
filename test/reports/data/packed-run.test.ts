import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareRun } from '../../../harness/compare/campaign.ts'
import { metricTable } from '../../../harness/metrics/table.ts'
import type { Run } from '../../../harness/record/schema.ts'
import { figureCells, figureRows } from '../../../reports/data/figure-rows.ts'
import { digitsToTry, packRun, unpackRun } from '../../../reports/data/packed-run.ts'
import { goldenRun } from '../../support/records.ts'

const golden = goldenRun({ samples: 400, blocks: 2 })

/** As a page carries it: through JSON. */
const carried = (run: Run, digits = digitsToTry(run)[0]): Run =>
  unpackRun(JSON.parse(JSON.stringify(packRun(run, digits))))

/** Of the golden run's metrics those that the table ranks so, shares left out. */
const isDetail = new Set(
  metricTable.filter(({ rank, unit }) => rank === 'detail' && unit !== 'share').map(({ name }) => name),
)

const cellsOf = (run: Run) => figureRows(run).map((row) => figureCells(run.header.id, row))

test('What was packed has every figure of the run, in its order and with all of its digits.', () => {
  assert.deepEqual(cellsOf(carried(golden)), cellsOf(golden))
})

test('It is compared as the run is.', () => {
  assert.deepEqual(compareRun(carried(golden)), compareRun(golden))
})

test('What was not observed is not there, and what is no number stays none.', () => {
  const run = structuredClone(golden)
  run.records[0]!.observations.pop()
  run.records[1]!.observations[0]!.value = Number.NaN
  run.records[2]!.failure = { stage: 'load', message: 'died', outputTail: ['last words'] }
  run.records[2]!.observations = []
  assert.deepEqual(cellsOf(carried(run)), cellsOf(run))
  assert.deepEqual(carried(run).records[2]!.failure, { stage: 'load', message: 'died', outputTail: [] })
})

test('A number that a record has twice is there twice.', () => {
  const run = structuredClone(golden)
  const { observations } = run.records[0]!
  observations.push({ ...observations[0]!, value: 7 })
  assert.deepEqual(cellsOf(carried(run)), cellsOf(run))
})

test('Columns that are alike are carried once.', () => {
  const run = structuredClone(golden)
  for (const { observations } of run.records) {
    observations.push(...observations.map((each) => ({ ...each, metric: `${each.metric}_again` })))
  }
  assert.equal(packRun(run).columns.length, packRun(golden).columns.length)
})

test('Of a run with more figures than a page holds, details are rounded first, and what verdicts stand on far less.', () => {
  const { header, records } = goldenRun({ samples: 400, blocks: 1 })
  const [record] = records
  const many = Array.from({ length: 3000 }, (_, at) => ({ ...record!, trial: at + 1 }))
  const run = { header, records: many }
  assert.deepEqual(digitsToTry(golden)[0], { headlines: null, details: null })
  assert.deepEqual(
    digitsToTry(run).map(({ headlines, details }) => [headlines, details]),
    [
      [null, 4],
      [6, 3],
      [5, 2],
      [4, 2],
      [3, 2],
    ],
  )
  const valuesOf = (of: Run) => of.records[0]!.observations.map(({ metric, stat, value }) => ({ metric, stat, value }))
  const rounded = valuesOf(run).map((each) =>
    isDetail.has(each.metric) ? { ...each, value: Number(each.value.toPrecision(4)) } : each,
  )
  assert.deepEqual(valuesOf(carried(run)), rounded)
  assert.notDeepEqual(rounded, valuesOf(run))
  const coarse = valuesOf(carried(run, digitsToTry(run).at(-1)))
  for (const [at, { metric, value }] of valuesOf(run).entries())
    assert.equal(coarse[at]!.value, Number(value.toPrecision(isDetail.has(metric) ? 2 : 3)), metric)
})
