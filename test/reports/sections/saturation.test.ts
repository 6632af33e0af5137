import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareRun } from '../../../harness/compare/campaign.ts'
import type { MissingNeed, Run } from '../../../harness/record/schema.ts'
import { charts } from '../../../reports/charts/table.ts'
import type { Html } from '../../../reports/html.ts'
import { saturation as inMarkdown } from '../../../reports/markdown/saturation.ts'
import { answerOf } from '../../../reports/sections/answer.ts'
import { saturation } from '../../../reports/sections/saturation.ts'
import { viewOf } from '../../../reports/view.ts'
import { checked, saturatedRun, swept, tried } from '../../compare/saturation/saturated-run.ts'
import { goldenRun } from '../../support/records.ts'

const pairs = [1, 2, 3].flatMap((pair) => [checked('turn', pair, 1000 + pair), checked('closed', pair, 700 + pair)])
const run = saturatedRun([tried('other', 100, 1, 20), tried('other', 200, 2, 999), ...pairs])
const view = viewOf(run, compareRun(run))
const text = (html: Html | null): string => (html ? html.markup.replace(/<[^>]+>/g, ' ') : '')

test('The section has the maximum, the knee, the rate and whether the engines agree', () => {
  const section = text(saturation.render(view))
  assert.match(section, /base\s+1010\/s[\s\S]*with 10 connections/)
  assert.match(section, /not decided: from 100\/s to 200\/s/)
  assert.match(section, /THEY DIFFER by more than 5%/)
  assert.match(section, /resolves 1 ms/)
  assert.match(
    text(answerOf(view)),
    /base\s+takes 1,010\/s \[891 to 1,145\/s\] at the most;\s+other\s+takes 505\/s \[445 to 573\/s\] at the most/,
  )
})

test('A throughput that still rises, or whose higher steps are void, is not told as the most', () => {
  const answerWith = (...records: Parameters<typeof saturatedRun>) => {
    const changed = saturatedRun(...records)
    return text(answerOf(viewOf(changed, compareRun(changed))))
  }
  const invalid = [{ code: 'check-failed' as const, message: 'no request was answered' }]
  const rising = [1, 2].map((block) => swept('base', 100, block, 3000))
  const cut = [1, 2].flatMap((block) => [10, 100].map((count) => swept('other', count, block, 1, { invalid })))
  const told = answerWith([...rising, ...cut])
  assert.match(told, /base\s+takes 3,000\/s \[.*?\] at least, with the most connections that were tried/)
  assert.match(told, /other\s+takes 101\/s \[.*?\] at least, with the most connections that could be used/)
})

test('Answer, section and Markdown say what ended the search for a rate', () => {
  const held = [1, 2, 3].map((round) => tried('other', 100, round, 20))
  const dropped = [4, 5, 6].map((round) => tried('other', 141, round, 20, 40))
  const found = saturatedRun([...held, ...dropped])
  const { scenarios } = found.header
  const step = { kind: 'rate' as const, of: 'paced', value: 141 }
  const header = { ...found.header, scenarios: [...scenarios, { ...scenarios.at(-1)!, name: 'paced@141', step }] }
  const ofFound = viewOf({ ...found, header }, compareRun(found))
  const why = /at 141\/s: 3\.8% of arrivals were dropped/
  assert.match(text(answerOf(ofFound)), /up to 100 arrivals a second \(at 141\/s: 3\.8% of arrivals were dropped\)/)
  assert.match(text(saturation.render(ofFound)), why)
  assert.match(inMarkdown.render(ofFound), why)
})

test('Section and Markdown name the steps below a knee that could not be used', () => {
  const invalid = [{ code: 'check-failed' as const, message: 'no request was answered' }]
  const cut = saturatedRun([1, 2].map((block) => swept('base', 10, block, 1, { invalid })))
  const ofCut = viewOf(cut, compareRun(cut))
  for (const told of [text(saturation.render(ofCut)), inMarkdown.render(ofCut)]) {
    assert.match(told, /with 10 connections too little can be used: the knee may lie there/)
    assert.match(told, /100 \(10 to 100\)/)
  }
})

test('Section and Markdown say why the lowest rate fails', () => {
  const failing = saturatedRun([1, 2, 3].map((round) => tried('other', 100, round, 999)))
  const ofFailing = viewOf(failing, compareRun(failing))
  assert.match(text(saturation.render(ofFailing)), /fails at 100\/s, the lowest tried\s+at 100/)
  assert.match(text(saturation.render(ofFailing)), /at 100\/s: http_req_duration p\(99\) was 999/)
  assert.match(inMarkdown.render(ofFailing), /other<\/code>: at 100\/s: http&#95;req&#95;duration p\(99\) was 999/)
})

test('Section and Markdown say what was left out, and why', () => {
  const missing: MissingNeed[] = [
    { need: 'k6', reason: 'k6 is not installed', trialsABlock: 0, parts: ['rate', 'check'], claims: [] },
  ]
  const plan = { ...run.header.saturation!, rate: null, crossCheck: null }
  const lacking: Run = { header: { ...run.header, saturation: plan, missing }, records: run.records }
  const ofLacking = viewOf(lacking, compareRun(lacking))
  const words = 'Left out, since k6 is missing (k6 is not installed): the search for the highest rate, the cross-check'
  assert.ok(text(saturation.render(ofLacking)).includes(`${words}.`))
  assert.ok(inMarkdown.render(ofLacking).includes(words))
})

test('A run of another kind has no such section', () => {
  const golden = goldenRun()
  assert.equal(saturation.render(viewOf(golden, compareRun(golden))), null)
})

test('The sweep is one scenario with a curve for each variant, whose numbers are those of the records', () => {
  assert.deepEqual(
    view.charted.map(({ name }) => name),
    ['turn'],
  )
  const drawn = charts.flatMap((chart) => {
    const drawing = chart.prepare(view, view.charted[0]!)
    return drawing ? [{ id: chart.id, drawing }] : []
  })
  assert.deepEqual(
    drawn.map(({ id }) => id),
    ['connections-throughput', 'connections-latency'],
  )
  const { lines, axis, table, marks } = drawn[0]!.drawing
  assert.equal(axis, 'connections')
  assert.deepEqual(
    lines.map(({ variant, points }) => [variant, points.map(([x, y]) => [x, Math.round(y!)])]),
    [
      [0, [[1, 101], [10, 1010], [100, 1010]]],
      [1, [[1, 101], [10, 505], [100, 505]]],
    ],
  ) // biome-ignore format: one list
  assert.ok(lines[0]!.intervals!.every((interval) => interval !== null))
  assert.deepEqual(table!.columns, ['1', '10', '100'])
  assert.deepEqual(marks, [{ at: 10, label: 'knee' }])
})
