import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareRun } from '../../../harness/compare/campaign.ts'
import { testClaims } from '../../../harness/compare/claims.ts'
import type { Claim, Run } from '../../../harness/record/schema.ts'
import { renderReport } from '../../../reports/page.ts'
import { verdictWords } from '../../../reports/sections/verdict-words.ts'
import { goldenRun } from '../../support/records.ts'

const hostile = '<img src=x onerror=alert(1)>'

const claim = (id: string, change: Partial<Claim> = {}): Claim => ({
  id,
  row: null,
  statement: `said of ${id}`,
  scenario: 'turns',
  variant: 'polling',
  against: 'optimized',
  metric: 'turn_intended_duration{scenario:paced} p(50)',
  claimed: { ratio: { above: 1 } },
  needs: [],
  note: null,
  ...change,
})

const claims = [
  claim('one-shot', { row: '1', note: 'as far as it goes' }),
  claim('not-threefold', { claimed: { ratio: { atLeast: 3 } } }),
  claim('faster', { claimed: { ratio: { below: 1 } } }),
  claim('mutex', { variant: 'mutex', metric: 'target_boot value' }),
  claim('size', { metric: 'target_rss_peak value', claimed: { value: { atMost: 500 } } }),
  claim('nowhere', { metric: 'no_such_metric value' }),
  claim('by-itself', {
    scenario: 'micro',
    metric: 'time_per_op value',
    claimed: { value: { below: 1000 } },
    needs: ['engine'],
  }),
  claim(hostile, { statement: hostile, note: hostile, row: hostile }),
]

const run: Run = goldenRun({ samples: 1000 })
run.header.claims = claims
run.header.missing = [{ need: 'engine', reason: 'there is none', trialsABlock: 1, claims: ['by-itself'] }]
const page = await renderReport(run, compareRun(run))

const sectionOf = (markup: string, id: string): string =>
  markup.split(`<section id="${id}"`)[1]?.split('</section>')[0] ?? ''

const section = sectionOf(page, 'claims')
const rowOf = (id: string): string => section.split(` data-claim="${id}"`)[1]?.split('<tr')[0] ?? ''
const textOf = (markup: string): string => markup.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')

test('Claims head their page by a matrix that leads to each of them, in place of the verdicts on primary metrics', () => {
  assert.equal(page.split('<section id="')[1]!.split('"')[0], 'matrix')
  const cells = [...sectionOf(page, 'matrix').matchAll(/href="#(claim-\d+)" title="([^:]+)/g)]
  assert.equal(cells.length, 7, 'all but the claim of a scenario that is not in this run')
  for (const [, anchor, id] of cells)
    assert.ok(section.includes(`<tr id="${anchor}" data-claim="${id}"`), `${anchor} ${id}`)
  assert.equal(sectionOf(page, 'verdicts'), '')
  assert.match(textOf(answerOf(page)), /8 claims: 3 confirmed, 1 direction only, 1 refuted/)
})

const answerOf = (markup: string): string => markup.split('class="answer"')[1]!.split('</p>')[0]!

test('The answer leads to the claims, or to the ablation, which stand far below it; of another run to neither', async () => {
  const ablated = goldenRun({ samples: 10 })
  const plain = await renderReport(ablated, compareRun(ablated))
  ablated.header.ablation = { together: 'per-call-client', of: null }
  assert.match(answerOf(page), /<a href="#claims">/)
  assert.doesNotMatch(answerOf(page), /#ablation/)
  assert.match(answerOf(await renderReport(ablated, compareRun(ablated))), /<a href="#ablation">/)
  assert.doesNotMatch(answerOf(plain), /#claims|#ablation/)
})

test('Each claim shows what is claimed, by whom, and what was measured, with its verdict', () => {
  const row = rowOf('one-shot')
  const { measured } = testClaims(run)[0]!
  assert.ok(row.includes(`<data class="claim-measured" value="${measured!.estimate}">`))
  assert.ok(row.includes(`data-lower="${measured!.lower}" data-upper="${measured!.upper}"`))
  const text = textOf(row)
  for (const part of [
    '1. one-shot',
    'said of one-shot',
    'as far as it goes',
    'polling ÷ optimized',
    '&gt; 1x',
    '3 pairs',
    ' confirmed',
  ])
    assert.ok(text.includes(part), `${part} in ${text}`)
})

test('Every verdict has its word; what is to be said of it stands below', () => {
  const cases: [id: string, texts: string[]][] = [
    ['not-threefold', ['direction only', 'less than was claimed']],
    ['faster', ['refuted', 'the opposite of what was claimed']],
    ['mutex', ['inconclusive', 'neither the claim nor no effect is excluded']],
    ['size', ['&lt;= 500 MB', 'polling turns', 'confirmed']],
    ['by-itself', ['&lt; 1000 ns', 'not run', 'engine is missing: there is none']],
    ['nowhere', ['not run', '0 usable pairs', 'has no such metric']],
  ]
  for (const [id, texts] of cases)
    for (const text of texts) assert.ok(textOf(rowOf(id)).includes(text), `${id}: ${text}`)
})

test('Every link within the page leads to something on it', async () => {
  const failed = goldenRun({ samples: 10 })
  failed.header.claims = claims
  for (const record of failed.records.slice(0, 3)) record.failure = { stage: 'load', message: 'x', outputTail: [] }
  for (const whole of [page, await renderReport(failed, compareRun(failed))]) {
    const markup = whole.replace(/<(script|style)\b[\s\S]*?<\/\1>/g, '')
    const targets = [...markup.matchAll(/href="#([^"]+)"/g)].map(([, target]) => target)
    assert.ok(targets.length > 0)
    for (const target of targets) assert.ok(markup.includes(`id="${target}"`), target)
  }
})

test('Verdicts on claims have no sign and no colour of verdicts on variants: a refuted claim may be good news', () => {
  const signs = Object.values(verdictWords).map(({ sign }) => sign)
  const cells = [...sectionOf(page, 'matrix').matchAll(/<a class="verdict ([^"]+)" href="#claim-[^>]*>(.*?)<\/a>/g)]
  assert.equal(cells.length, 7)
  assert.ok(cells.some(([, , text]) => /^refuted \d/.test(text!)))
  for (const [, look, text] of cells) {
    assert.ok(look === 'none' || !(look! in verdictWords), look)
    assert.ok(!signs.some((sign) => text!.includes(`${sign}</span>`)), text)
  }
  assert.doesNotMatch(section, /class="verdict (regressed|improved|equivalent|inconclusive)"/)
})

test('The matrix says above it what a cell says', async () => {
  const usual = goldenRun({ samples: 10 })
  const [ofClaims, ofVerdicts] = [page, await renderReport(usual, compareRun(usual))].map((markup) =>
    textOf(sectionOf(markup, 'matrix').split('<table')[0]!),
  )
  assert.match(ofClaims!, /Each cell says whether a claim about the variant holds/)
  assert.match(ofVerdicts!, /Each cell says what became of the scenario’s primary metric against optimized/)
  assert.match(ofVerdicts!, /✕ regressed/)
  assert.doesNotMatch(ofClaims!, /regressed/)
})

test('What a claim says is text, never markup', () => {
  assert.ok(!page.includes(hostile))
  assert.ok(section.includes('&lt;img src=x onerror=alert(1)&gt;'))
})

test('An ablation has a section with each variant, their sum, and all at once', async () => {
  const ablated = goldenRun({ samples: 10 })
  ablated.header.ablation = { together: 'per-call-client', of: null }
  const markup = sectionOf(await renderReport(ablated, compareRun(ablated)), 'ablation')
  const text = textOf(markup)
  const places = ['turns, primary', 'polling', 'mutex', 'the sum of 2', 'per-call-client all at once'].map((part) =>
    text.indexOf(part),
  )
  assert.ok(
    places.every((place) => place > 0),
    String(places),
  )
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
  )
  assert.ok(markup.includes('data-lower='))
})

test('A page without claims and without an ablation has neither section', async () => {
  const usual = goldenRun({ samples: 10 })
  const markup = await renderReport(usual, compareRun(usual))
  assert.equal(sectionOf(markup, 'claims') + sectionOf(markup, 'ablation'), '')
  assert.notEqual(sectionOf(markup, 'verdicts'), '')
})

test('A variant that does not run under a scenario has no column there and is not said to be missing', async () => {
  const uneven = goldenRun({ samples: 10 })
  uneven.header.cells = [
    { scenario: 'turns', variants: ['optimized', 'polling'] },
    { scenario: 'ten-thousand-sessions', variants: ['optimized', 'mutex'] },
  ]
  uneven.records = uneven.records.filter(({ scenario, variant }) =>
    uneven.header.cells!.some((cell) => cell.scenario === scenario && cell.variants.includes(variant)),
  )
  const markup = await renderReport(uneven, compareRun(uneven))
  assert.equal(sectionOf(markup, 'verdicts').match(/<td class="not-planned">(?=<(?:td|tr|\/tbody)\b)/g)?.length, 4)
  assert.equal(sectionOf(markup, 'matrix').match(/<td>(?=<(?:td|tr|\/tbody)\b)/g)?.length, 2)
  assert.ok(!textOf(sectionOf(markup, 'scenario-0')).includes('Not drawn'))
  assert.ok(!markup.includes('Incomplete'), 'every trial that was planned is there')
})
