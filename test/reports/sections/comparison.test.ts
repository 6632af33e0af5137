import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareRun } from '../../../harness/compare/campaign.ts'
import { comparePairs } from '../../../harness/compare/paired-comparison.ts'
import { formatPairedTable } from '../../../harness/compare/paired-table.ts'
import { formatComparisonTable } from '../../../harness/compare/table.ts'
import type { Run } from '../../../harness/record/schema.ts'
import { markdownOfRun } from '../../../reports/markdown/run.ts'
import { renderReport } from '../../../reports/page.ts'
import { pairedRun, plan } from '../../compare/paired-run.ts'
import { observe } from '../../compare/run-builder.ts'

const times = { startedAt: '2026-11-21T03:15:02.000Z', finishedAt: '2026-11-21T03:20:02.000Z' }
const finished = { ...times, status: 'finished' } as const
const pageOf = (run: Run): Promise<string> => renderReport(run, compareRun(run))
const sectionOf = (markup: string, id: string): string =>
  markup.split(`<section id="${id}"`)[1]?.split('</section>')[0] ?? ''
const textOf = (markup: string): string => markup.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')

const slower = pairedRun({ pairs: 13, ratio: () => 1.05, late: 1, planned: { ended: 'decided' }, header: finished })
const page = await pageOf(slower)

test('A comparison heads its page, in place of the verdicts of campaigns, with estimate, interval, looks and verdict', () => {
  const section = sectionOf(page, 'comparison')
  const charted = page.indexOf('<section id="scenario-0"')
  assert.ok(
    page.indexOf('<nav') < page.indexOf('<section id="comparison"') &&
      page.indexOf('<section id="comparison"') < charted,
  )
  assert.equal(sectionOf(page, 'verdicts'), '')
  const [compared] = comparePairs(slower).comparisons
  assert.ok(section.includes(`<data class="estimate" value="${compared!.estimate}">`))
  assert.ok(section.includes(`data-lower="${compared!.lower}" data-upper="${compared!.upper}"`))
  assert.ok(section.includes('<svg class="picture"'))
  for (const part of [
    'new against base',
    '✕ regressed',
    'at 12: ',
    '12 pairs',
    '1 excluded',
    'in 0.3% of such',
    'sign-flip p 0.00049',
  ])
    assert.ok(textOf(section).includes(part), `${part} in ${textOf(section)}`)
})

test('The answer names what is worse, by metric and scenario', () => {
  const answer = textOf(page.split('class="answer"')[1]!.split('</p>')[0]!)
  assert.match(answer, /Compared with base , new is worse in CPU per operation, main \(browse\)/)
  assert.ok(!page.includes('Incomplete'), 'who stops early because it is decided has left nothing out')
})

test('Trials that were left out are told of by pair', () => {
  assert.match(textOf(sectionOf(page, 'unusable')), /new , browse, pair 1 trial 2 Not used/)
})

test('No other interval stands beside that of the pairs: all other figures describe', async () => {
  const more = (side: 'A' | 'B', pair: number) => [
    observe('http_req_duration p(50)', side === 'A' ? 10 : 11 + pair / 100),
  ]
  const run = pairedRun({ more, header: finished })
  assert.ok(compareRun(run).comparisons.every(({ primary, verdict }) => !primary && verdict === null))
  assert.match(textOf(sectionOf(await pageOf(run), 'reading')), /exact signed-rank test/)
})

test('An interrupted comparison says how many pairs it has, and an inconclusive one what they could have shown', async () => {
  const wild = (pair: number) => (pair % 2 ? 1.5 : 0.67)
  const cut = await pageOf(
    pairedRun({ ratio: wild, planned: { ended: 'interrupted' }, header: { ...times, status: 'interrupted' } }),
  )
  assert.match(textOf(cut), /Stopped early: 12 pairs can be used\./)
  assert.match(
    textOf(sectionOf(cut, 'comparison')),
    /\? inconclusive these pairs could have shown a change of [\d.]+% or more/,
  )
})

test('A metric of which no side is better differs, and no number of pairs could have shown a change: page, Markdown, terminal', async () => {
  const metric = 'ws_msgs_received count'
  const margins = { change: 0.01, equivalence: 0.03 }
  const more = (side: 'A' | 'B', pair: number) => [observe(metric, side === 'A' ? 100 : 380 + pair)]
  const paired = pairedRun({ more, header: finished, planned: { metrics: [{ scenario: 'browse', metric, margins }] } })
  const { comparison: _, ...header } = paired.header
  const campaign = { ...paired, header: { ...header, scenarios: [{ ...header.scenarios[0]!, primary: metric }] } }
  const options = { width: 200, color: false }
  const told = [
    sectionOf(await pageOf(paired), 'comparison'),
    sectionOf(await pageOf(campaign), 'verdicts'),
    markdownOfRun(paired),
    formatPairedTable(paired, options),
    formatComparisonTable(compareRun(campaign), campaign, options),
  ].map(textOf)
  for (const text of told) {
    assert.match(text, /differs; no side of this metric is better, so that nothing improves or regresses/)
    assert.doesNotMatch(text, /could have (been )?shown/)
  }
})

test('A comparison without any pair has a page, and every link of any page leads somewhere', async () => {
  const empty = await pageOf(pairedRun({ pairs: 0, header: finished }))
  assert.match(textOf(sectionOf(empty, 'comparison')), /too few pairs: 0 can be used/)
  const withoutScript = (text: string): string => text.slice(0, text.lastIndexOf('<script>'))
  for (const markup of [page, empty].map(withoutScript))
    for (const [, target] of markup.matchAll(/href="#([^"]+)"/g)) assert.ok(markup.includes(`id="${target}"`), target)
})

test('Names are text, never markup', async () => {
  const hostile = '<img src=x onerror=alert(1)>'
  const run = pairedRun({ header: finished, planned: { variant: hostile, metrics: plan.metrics } })
  assert.ok(!(await pageOf(run)).includes(hostile))
})
