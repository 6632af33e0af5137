import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { compareRun } from '../../harness/compare/campaign.ts'
import type { Run } from '../../harness/record/schema.ts'
import { formatDifference, formatRatio, formatValue } from '../../reports/format.ts'
import { escapeHtml } from '../../reports/html.ts'
import { type PageData, pageDataId } from '../../reports/page/client/data.ts'
import { renderReport } from '../../reports/page.ts'
import { goldenRun, goldenVariants } from '../support/records.ts'
import { carriedBy } from '../support/report-page.ts'

const render = (run: Run): Promise<string> => renderReport(run, compareRun(run))

const golden = goldenRun()
const comparison = compareRun(golden)
const page = await renderReport(golden, comparison)

const small = (): Run => goldenRun({ samples: 400, blocks: 2 })

/** The text of a page as a reader sees it, scripts and styles left out. */
const textOf = (markup: string): string =>
  markup
    .replace(/<(script|style)\b[\s\S]*?<\/\1>/g, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')

const cellOf = (markup: string, scenario: string, variant: string): string =>
  markup.split(` data-scenario="${scenario}" data-variant="${variant}">`)[1]?.split('<td')[0] ?? ''

const dataOf = (markup: string): PageData => carriedBy(markup, pageDataId)

test('The page names the run and begins with the answer, then the list of sections, the verdicts at a glance and the effects, then the charts; all figures come last.', () => {
  assert.match(page, /<title>main, 2026-11-21T03-15-02-main: weir report<\/title>/)
  const places = [
    'class="answer"',
    '<nav id="contents"',
    'id="matrix"',
    'id="forest"',
    'id="verdicts"',
    'id="scenario-0"',
    'id="scenario-1"',
    'id="health"',
    'id="environment"',
    'id="reading"',
    'id="figures"',
  ]
  const found = places.map((place) => page.indexOf(place))
  assert.ok(
    found.every((at) => at > 0),
    String(found),
  )
  assert.deepEqual(
    found,
    [...found].sort((a, b) => a - b),
  )
})

test('Each verdict shows sign, word, ratio, interval, difference and pairs of its comparison.', () => {
  const signs = { regressed: '✕', improved: '✓', equivalent: '≈', inconclusive: '?' }
  const primaries = comparison.comparisons.filter(({ primary }) => primary)
  assert.equal(primaries.length, 6)
  for (const each of primaries) {
    const cell = cellOf(page, each.scenario, each.variant)
    const text = textOf(cell)
    assert.ok(cell.includes(`<data class="estimate" value="${each.estimate}">${formatRatio(each.estimate)}</data>`))
    assert.ok(cell.includes(`data-lower="${each.lower}" data-upper="${each.upper}"`))
    assert.ok(text.includes(`${formatRatio(each.lower)} to ${formatRatio(each.upper)}`))
    assert.ok(text.includes(`${signs[each.verdict!]} ${each.verdict}`))
    assert.ok(cell.includes(formatDifference(each.difference.estimate, each.unit)))
    assert.ok(text.includes('3 pairs'))
  }
})

test('The table of all figures has a row for every number of the records.', () => {
  const ids = new Set(
    golden.records.flatMap(({ scenario, observations }) =>
      observations.map((each) => JSON.stringify([scenario, each.metric, each.stat, each.scenario, each.phase])),
    ),
  )
  const figures = page.split('id="figures"')[1]!.split('</section>')[0]!
  const rows = figures.split('<th scope="row"').length - 1
  assert.equal(rows, ids.size)
})

test('A figure is the median of the values in the records.', () => {
  const values = golden.records
    .filter(({ scenario, variant }) => scenario === 'turns' && variant === 'polling')
    .map(({ observations }) => observations.find(({ metric }) => metric === 'target_rss_peak')!.value)
    .sort((a, b) => a - b)
  const row = page.split('<section id="figures"')[1]!.split('Memory (RSS), peak')[1]!.split('<tr')[0]!
  assert.ok(row.includes(`<span class="value">${formatValue(values[1], 'MB')}</span>`))
})

test('The percentile table holds what the merged histograms hold.', () => {
  const row = page
    .split('id="chart-0-latency"')[1]!
    .split('<th scope="row" class="row-name">optimized <span class="stat">intended</span>')[1]!
  assert.match(row.split('<tr')[0]!, /<td>12,000$/)
})

test('The page’s policy allows exactly the style and the script that it carries.', () => {
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!.replaceAll('&#39;', "'")
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
  const style = page.split('<style>')[1]!.split('</style>')[0]!
  const script = page.split('<script>')[1]!.split('</script>')[0]!
  assert.deepEqual(policy.split('; '), [
    "default-src 'none'",
    `script-src ${hash(script)}`,
    `style-src ${hash(style)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ])
})

test('The page is one file of at most 2 MB that loads nothing and carries no handlers or styles in attributes.', () => {
  assert.ok(Buffer.byteLength(page) <= 2_000_000, `${Buffer.byteLength(page)} bytes`)
  const markup = page.replace(/<(script|style)\b[\s\S]*?<\/\1>/g, '')
  assert.doesNotMatch(markup, /\s(src|srcset)=|<link(?! rel="icon" href="data:,")|\sstyle=|\son[a-z]+=/)
})

const hostile = '<script>alert(1)</script>'

test('Whatever text a record holds is shown as text.', async () => {
  const variants = [{ ...goldenVariants[0]! }, { ...goldenVariants[1]!, name: hostile, description: hostile }]
  const run = goldenRun({ samples: 400, variants })
  run.header.question = hostile
  run.header.warnings = [hostile]
  run.header.scenarios[0]!.description = hostile
  run.header.environment.cpu = hostile
  const failed = run.records.at(-1)!
  failed.failure = { stage: 'target', message: hostile, outputTail: ['</pre>', hostile] }
  for (const record of run.records) {
    record.checks[0]!.path = `::${hostile}`
    record.thresholds[0]!.expression = hostile
    record.phases[0]!.name = hostile
    record.notes = [hostile]
    record.observations.push({
      metric: hostile,
      stat: hostile,
      value: 1,
      unit: 'none',
      better: 'none',
      source: 'script',
    })
  }
  const markup = await render(run)
  assert.ok(!markup.includes(hostile))
  assert.ok(!markup.includes('</pre>\n&lt;script'))
  assert.ok(markup.includes(escapeHtml(hostile)))
  assert.equal(dataOf(markup).variants[1], hostile)
  assert.equal(markup.split('<script').length - 1, 3)
})

test('A metric that no table knows appears in the figures, with its name in words.', async () => {
  const run = small()
  for (const { observations } of run.records) {
    observations.push({
      metric: 'cache_hits_share',
      stat: 'value',
      value: 0.731,
      unit: 'share',
      better: 'higher',
      source: 'script',
    })
  }
  const text = textOf(await render(run))
  assert.match(text, /Cache hits share 73\.1% 73\.1% 0%/)
})

test('While a run is going on the page says which blocks are in.', async () => {
  const run = goldenRun({ samples: 400, blocks: 3, blocksIn: 2, status: 'running' })
  assert.match(
    textOf(await render(run)),
    /Still running: blocks 1 and 2 of 3 are complete\. What follows is provisional\./,
  )
})

test('An interrupted run says how far it came; a block of which a trial is missing does not count.', async () => {
  const run = goldenRun({ samples: 400, blocks: 3, blocksIn: 2, status: 'interrupted' })
  run.records.pop()
  assert.match(textOf(await render(run)), /Stopped early: block 1 of 3 is complete\./)
})

test('One block gives figures and no verdict.', async () => {
  const run = goldenRun({ samples: 400, blocks: 1 })
  const markup = await render(run)
  const cell = textOf(cellOf(markup, 'turns', 'polling'))
  assert.match(cell, /– no verdict .*one pair: no interval.* 1 pair /)
  assert.match(textOf(markup), /One usable block gives no verdict;/)
})

test('A run in which every trial failed says why, and has neither charts nor verdicts.', async () => {
  const run = small()
  for (const record of run.records) {
    Object.assign(record, {
      observations: [],
      histograms: [],
      series: [],
      thresholds: [],
      checks: [],
      drift: [],
      phases: [],
    })
    record.failure = { stage: 'target', message: 'exited with code 3', outputTail: ['listening', 'EADDRINUSE'] }
  }
  const markup = await render(run)
  const text = textOf(markup)
  assert.match(text, /No verdict, since not one pair of trials is usable:/)
  assert.match(text, /The target failed: exited with code 3/)
  assert.match(markup, /listening\nEADDRINUSE/)
  assert.deepEqual(dataOf(markup).charts, [])
  assert.ok(!markup.includes('<canvas'))
})

test('An invalid phase is listed with its reason, and its pair is counted as excluded.', async () => {
  const run = goldenRun({ samples: 400 })
  const record = run.records.find(({ scenario, variant }) => scenario === 'turns' && variant === 'polling')!
  record.invalid = [{ scenario: 'paced', code: 'generator-late', message: 'p99 lateness was 9.1 ms, at most 2 ms' }]
  const markup = await render(run)
  assert.match(textOf(markup), /Not used for paced \( generator-late \): p99 lateness was 9\.1 ms, at most 2 ms/)
  assert.match(textOf(cellOf(markup, 'turns', 'polling')), /2 pairs, 1 excluded/)
  assert.match(textOf(markup), /✕ 0\.\d+ ms, 1 beyond the limit/)
})

test('What voids no median is listed as such, and leaves the pair of a median in its verdict.', async () => {
  const run = goldenRun({ samples: 400 })
  const record = run.records.find(({ scenario, variant }) => scenario === 'turns' && variant === 'polling')!
  const message = 'p99 lateness was 9.1 ms, at most 2 ms'
  record.invalid = [{ scenario: 'paced', code: 'generator-late', message, abovePercentile: 50 }]
  const markup = await render(run)
  assert.match(textOf(markup), /Not used for paced above p50 \( generator-late \): p99 lateness was 9\.1 ms/)
  assert.match(textOf(cellOf(markup, 'turns', 'polling')), /3 pairs(?!, )/)
})

test('A run without any trial yet is a page all the same.', async () => {
  const run = goldenRun({ blocksIn: 0, status: 'running' })
  const text = textOf(await render(run))
  assert.match(text, /Still running: none of 3 blocks is complete\./)
  assert.match(text, /No trial has ended yet\./)
})

test('A percentile of too few samples is not shown.', async () => {
  const run = goldenRun({ samples: 100, blocks: 1 })
  const row = (await render(run)).split('Turn ttft <span class="stat">p99</span>')[1]!.split('<tr')[0]!
  assert.match(textOf(row), /too few samples/)
})

test('No link of a page leads to a place that it does not have, not even without the records of the baseline.', async () => {
  const run = small()
  const withoutBaseline = { ...run, records: run.records.filter(({ variant }) => variant !== run.header.baseline) }
  for (const each of [run, withoutBaseline]) {
    const markup = (await render(each)).replace(/<script>[\s\S]*<\/script>/, '')
    const targets = [...markup.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id!)
    assert.ok(targets.length > 10)
    assert.deepEqual(
      targets.filter((id) => !markup.includes(` id="${id}"`)),
      [],
    )
  }
})
