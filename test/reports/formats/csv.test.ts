import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Run, TrialRecord } from '../../../harness/record/schema.ts'
import { figureColumns } from '../../../reports/data/figure-rows.ts'
import { csv } from '../../../reports/formats/csv.ts'
import { goldenRun } from '../../support/records.ts'

/** Fields as RFC 4180 has them, by a reader of its own. */
function parse(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  for (const [, quoted, bare, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted?.replaceAll('""', '"') ?? bare!)
    if (end === ',') continue
    rows.push(row)
    row = []
  }
  return rows
}

type Row = Record<(typeof figureColumns)[number], string>

async function rowsOf(...runs: Run[]): Promise<Row[]> {
  const [titles, ...rows] = parse(await csv.render(runs))
  assert.deepEqual(titles, figureColumns)
  return rows.map((row) => {
    assert.equal(row.length, figureColumns.length)
    return Object.fromEntries(figureColumns.map((name, at) => [name, row[at]!])) as Row
  })
}

const golden = goldenRun({ blocks: 2 })
const changed = (trial: number, change: Partial<TrialRecord>): Run => ({
  ...golden,
  records: golden.records.map((record) => (record.trial === trial ? { ...record, ...change } : record)),
})

test('The header of the CSV stays as it is', async () => {
  assert.equal(
    (await csv.render([golden])).split('\r\n')[0],
    'run,scenario,variant,block,trial,metric,stat,scope,value,unit,usable,reason',
  )
})

test('Each observation of each trial is a row with the value that the record has', async () => {
  const rows = await rowsOf(golden)
  const all = golden.records.flatMap((record) => record.observations.map((observation) => ({ record, observation })))
  assert.equal(rows.length, all.length)
  for (const [at, { record, observation }] of all.entries()) {
    const { scenario, variant, block, trial, metric, stat, scope, value, unit } = rows[at]!
    const { scenario: part, phase } = observation
    assert.deepEqual(
      [scenario, variant, Number(block), Number(trial), metric, stat, Number(value), unit],
      [
        ...[record.scenario, record.variant, record.key.block, record.trial],
        ...[observation.metric, observation.stat, observation.value, observation.unit],
      ],
    )
    assert.equal(scope, part ? `scenario:${part}` : phase ? `phase:${phase}` : '')
  }
})

test('Rows of several runs stand below each other', async () => {
  const other = goldenRun({ samples: 400, blocks: 1, seed: 8 })
  const rows = await rowsOf(golden, { ...other, header: { ...other.header, id: 'later' } })
  assert.deepEqual([...new Set(rows.map(({ run }) => run))], [golden.header.id, 'later'])
})

test('What may not be used says why: an invalid part, a failed trial, too few samples, a trial that was run again', async () => {
  const late = { code: 'generator-late', message: 'late,\n by "3 ms"', scenario: 'paced' } as const
  const ofTrial = async (run: Run, trial: number) => (await rowsOf(run)).filter((row) => row.trial === String(trial))
  for (const row of await ofTrial(changed(2, { invalid: [late] }), 2)) {
    const isHit = /:paced/.test(row.scope) || (row.scope === '' && row.stat !== 'value')
    assert.deepEqual([row.usable, row.reason], isHit ? ['no', 'late, by "3 ms"'] : ['yes', ''])
  }
  const failure = { stage: 'target' as const, message: 'it died', outputTail: [] }
  for (const row of await ofTrial(changed(2, { failure }), 2))
    assert.deepEqual([row.usable, row.reason], ['no', 'it died'])
  const again = { ...golden, records: [...golden.records, { ...golden.records[0]!, trial: 99 }] }
  for (const row of await ofTrial(again, 1))
    assert.deepEqual([row.usable, row.reason], ['no', 'the trial was run again'])
  assert.ok((await ofTrial(again, 99)).some(({ usable }) => usable === 'yes'))
  const [few] = (await rowsOf(goldenRun({ samples: 400, blocks: 1 }))).filter(({ stat }) => stat === 'p(99.9)')
  assert.deepEqual([few!.usable, few!.reason], ['no', 'too few samples for p(99.9) (400)'])
})

const formulas = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', ' =1', '\r\n=1', '＝1', '=HYPERLINK("http://a","b"),c']
for (const formula of formulas)
  test(`No spreadsheet computes a variant called ${JSON.stringify(formula)}`, async () => {
    const rows = await rowsOf(changed(1, { variant: formula }))
    assert.equal(rows[0]!.variant, `'${formula}`)
  })

test('A number below zero stays a number', async () => {
  const [observation] = golden.records[0]!.observations
  const rows = await rowsOf(changed(1, { observations: [{ ...observation!, value: -2.5 }] }))
  assert.equal(rows[0]!.value, '-2.5')
})
