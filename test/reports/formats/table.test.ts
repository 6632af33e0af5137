import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareRun } from '../../../harness/compare/campaign.ts'
import { metricTable } from '../../../harness/metrics/table.ts'
import type { Run } from '../../../harness/record/schema.ts'
import { type ReportFile, reportFile } from '../../../reports/formats/json.ts'
import { type ReportFormatName, reportFormats } from '../../../reports/formats/table.ts'
import { observe } from '../../compare/run-builder.ts'
import { goldenRun } from '../../support/records.ts'

const small = { samples: 400, blocks: 2 }
const golden = goldenRun(small)

const runOf = (id: string, day: number, change: Partial<Run['header']> = {}): Run => ({
  ...golden,
  header: { ...golden.header, id, startedAt: `2026-11-${day}T03:15:02.000Z`, ...change },
})

/** A number that weir knows nothing of, as a script or a later weir may leave it. */
const unknown = 'queue_wait'

function withUnknown(run: Run): Run {
  const records = run.records.map((record, at) => ({
    ...record,
    observations: [...record.observations, observe(`${unknown} p(99)`, 4321 + at, { unit: 'ms', n: 4000 })],
  }))
  return { ...run, records }
}

test('A metric that no row of the table names is in each format, of one run and of several', async () => {
  assert.ok(!metricTable.some(({ name }) => name === unknown))
  const runs = [runOf('a', 21), runOf('b', 22)].map(withUnknown)
  const names: Record<ReportFormatName, string> = {
    html: 'Queue wait',
    md: '| Queue wait p99 |',
    json: '"queue_wait"',
    csv: ',queue_wait,p(99),',
  }
  const several = { ...names, html: 'queue_wait p(99)', json: '"queue_wait p(99)"' }
  for (const [name, format] of Object.entries(reportFormats)) {
    const [one, both] = [await format.render(runs.slice(0, 1)), await format.render(runs)]
    assert.ok(one.includes(names[name as ReportFormatName]), `${name} of one run`)
    assert.ok(both.includes(several[name as ReportFormatName]), `${name} of two runs`)
  }
})

test('The JSON holds the comparison with all verdicts, the answer and what could not be used, and no record', () => {
  const late = { code: 'generator-late', message: 'late', scenario: 'paced' } as const
  const records = golden.records.map((record, at) => (at === 1 ? { ...record, invalid: [late] } : record))
  const run = { ...golden, records }
  const text = reportFormats.json.render([run]) as string
  const { schema, runs, trends }: ReportFile = JSON.parse(text)
  assert.deepEqual([schema, runs.length, trends], ['weir.report/1', 1, []])
  const [report] = runs
  assert.deepEqual(report!.comparison, structuredClone(compareRun(run)))
  assert.match(report!.answer, /^Compared with optimized, polling/)
  assert.deepEqual(report!.unusable, [
    { trial: 2, scenario: 'turns', variant: 'polling', block: 1, isFailed: false, reasons: ['paced: late'] },
  ])
  assert.deepEqual([report!.paired, report!.claims, report!.ablation, report!.trials], [null, [], [], 16])
  assert.ok(!text.includes('histograms') && !text.includes('observations'))
})

test('The JSON of several runs has them in order of time, with trends', () => {
  const { runs, trends } = reportFile([runOf('b', 22), runOf('a', 21)])
  assert.deepEqual(
    runs.map(({ id }) => id),
    ['a', 'b'],
  )
  assert.deepEqual([trends.length, trends[0]!.runs], [1, 2])
})

const other = { environment: { ...golden.header.environment, fingerprint: 'f2' } }
const three = [runOf('c', 23, other), runOf('a', 21), runOf('b', 22)]

test('Several runs are a trend in Markdown, and those of two machines are told apart', async () => {
  const text = await reportFormats.md.render(three)
  assert.match(text, /^### 3 runs, 2026-11-21 to 2026-11-23\n/)
  const machines = text.split('#### Machine ').slice(1)
  assert.deepEqual(
    machines.map((part) => part.split('\n')[0]),
    ['<code>f2</code>', '<code>5f3a9c21</code>'],
  )
  for (const part of machines) assert.match(part, /one of 2 machines, whose numbers are never put together/)
  const [alone, both] = machines.map((part) => part.split('\n').find((line) => line.startsWith('| Boot |'))!)
  assert.doesNotMatch(alone!, /[▁-█]/)
  assert.match(both!, /\| [▁-█]{2} \d+\sms \(0%\) \|/)
  assert.equal(text.match(/Compared with/g)!.length, 3)
})

test('Several runs are a page with what each answers above the charts over runs', async () => {
  const page = await reportFormats.html.render(three)
  assert.match(page, /<title>weir report of 3 runs, 2026-11-21 to 2026-11-23<\/title>/)
  assert.deepEqual(
    [...page.matchAll(/data-run="([^"]*)"/g)].map(([, id]) => id),
    ['a', 'b', 'c'],
  )
  assert.ok(page.indexOf('id="runs"') < page.indexOf('id="machine-0"'))
  assert.match(page, /3 runs on 2 machines, whose numbers are never put together/)
  assert.ok(!page.includes('href="#unusable"'), 'no link leads to what only the page of one run has')
})

test('Of so many runs or variants that a comment cannot hold them all, the Markdown has the primary metrics', async () => {
  const rename = (name: string) => name + '_'.repeat(900)
  const renamed = three.map(({ header, records }) => ({
    header: { ...header, variants: header.variants.map((each) => ({ ...each, name: rename(each.name) })) },
    records: records.map((record) => ({ ...record, variant: rename(record.variant) })),
  }))
  const text = await reportFormats.md.render(renamed)
  assert.match(text, /All but the primary metrics are left out/)
  assert.match(text, /\n\| Turn intended duration p50, paced \| lower \|/)
  assert.doesNotMatch(text, /\n\| Boot \|/)
})
