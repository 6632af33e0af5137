import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tableOf } from '../../../harness/commands/run/outputs.ts'
import { compareRun } from '../../../harness/compare/campaign.ts'
import { comparePairs } from '../../../harness/compare/paired-comparison.ts'
import type { Claim, Run } from '../../../harness/record/schema.ts'
import { formatRatio, formatValue } from '../../../reports/format.ts'
import { markdownOfRun } from '../../../reports/markdown/run.ts'
import { pairedRun } from '../../compare/paired-run.ts'
import { makeHeader, makeRecord, makeRun, observe } from '../../compare/run-builder.ts'
import { goldenRun, goldenVariants } from '../../support/records.ts'

/** Names and messages as they were before they were made harmless. */
const shown = (markdown: string): string =>
  markdown.replace(/<\/?(code|strong)>/g, '').replace(/&#(\d+);/g, (_, point: string) => String.fromCodePoint(+point))

/** Cells of the rows of a Markdown. */
const rowsOf = (markdown: string): string[][] =>
  shown(markdown)
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
    .map((line) => line.slice(2, -2).split(' | '))

const few = { samples: 400, blocks: 2 }
const golden = goldenRun({ samples: 400 })
const text = markdownOfRun(golden)

test('The Markdown of a campaign has the question, the answer, the verdicts, the scenarios, and what it was measured on', () => {
  const lines = shown(text)
    .split('\n')
    .filter((line) => /^(#|Compared|<sub>)/.test(line))
  assert.deepEqual(
    lines.map((line) => line.slice(0, 36)),
    [
      '### Which of the gateway’s optimisat',
      'Compared with optimized, polling (+5',
      '#### Verdicts',
      '#### turns',
      '#### ten-thousand-sessions',
      '<sub>4 variants, 2 scenarios, 24 tri',
    ],
  )
  assert.match(shown(text), /Run 2026-11-21T03-15-02-main, seed 7, commit ccd4697d0c1f, weir 0\.1\.0, on AMD EPYC 7B13/)
})

test('Each verdict stands with its change and interval', () => {
  const verdicts = rowsOf(text).slice(1, 4)
  const primaries = compareRun(golden).comparisons.filter(({ primary }) => primary)
  assert.equal(primaries.length, 6)
  for (const { variant, scenario, verdict, estimate, lower, upper } of primaries) {
    const cell = verdicts.find(([name]) => name === variant)![scenario === 'turns' ? 1 : 2]!
    assert.ok(cell.replaceAll('*', '').includes(verdict!))
    assert.ok(cell.endsWith(`${formatRatio(estimate)} (${formatRatio(lower)} to ${formatRatio(upper)})`), cell)
  }
})

test('A scenario has the baseline’s medians beside what changed, the primary metric first', () => {
  const [first, ...rows] = rowsOf(text).slice(5)
  assert.equal(first![0], 'Turn intended duration p50, paced')
  const boots = golden.records
    .filter(({ scenario, variant }) => scenario === 'turns' && variant === 'optimized')
    .map(({ observations }) => observations.find(({ metric }) => metric === 'target_boot')!.value)
    .sort((a, b) => a - b)
  const boot = rows.find(([label]) => label === 'Boot')!
  assert.deepEqual(boot.slice(1, 3), ['lower', formatValue(boots[1]!, 'ms')])
  const { estimate, lower, upper } = compareRun(golden).comparisons.find(
    ({ metric, variant, scenario }) => metric === 'target_boot' && variant === 'mutex' && scenario === 'turns',
  )!
  assert.equal(boot[5], `${formatRatio(estimate)} (${formatRatio(lower)} to ${formatRatio(upper)})`)
})

test('What moves over time is drawn, what stays as it is is not', () => {
  const [turns] = text.split('<details>').slice(1)
  const [titles, ...rows] = rowsOf(turns!.split('</details>')[0]!)
  assert.ok(titles!.includes('Iterations, rate') && titles!.includes('Memory (RSS)'))
  assert.ok(!titles!.includes('Event-loop delay, p99'))
  assert.equal(rows.length, 4)
  const memory = rows[0]![titles!.indexOf('Memory (RSS)')]!
  assert.match(memory, /^▁▂▃[▃-█]{21}<br>77\.0 to 148/)
  assert.match(
    rows[0]![titles!.findIndex((title) => title.endsWith('p95'))]!,
    /^·/,
    'a second without a value is a gap',
  )
})

test('Variants that do not fit beside each other go into further tables', () => {
  const variants = Array.from({ length: 9 }, (_, at) => ({ ...goldenVariants[1]!, name: `v${at}` }))
  const many = markdownOfRun(goldenRun({ samples: 400, blocks: 2, variants }))
  const heads = rowsOf(many).filter(([first]) => first === 'metric')
  assert.deepEqual(
    heads.slice(0, 2).map((titles) => titles.slice(2)),
    [
      ['v0', 'v1', 'v2', 'v3', 'v4', 'v5', 'v6'],
      ['v0', 'v7', 'v8'],
    ],
  )
})

test('What is not decided says what could have been shown', () => {
  const two = markdownOfRun(goldenRun(few))
  assert.match(shown(two), /\n- inconclusive: mutex: these 2 pairs could have shown an effect of \d+\.\d% or more\n/)
})

test('What would not fit into a comment is left out, the least important first, and that is said', () => {
  /** Each of these characters is written as a reference. */
  const longer = (by: number) => goldenVariants.map((each) => ({ ...each, name: each.name + '_'.repeat(by) }))
  const [some, one, none] = [450, 700, 900].map((by) => markdownOfRun(goldenRun({ ...few, variants: longer(by) })))
  assert.match(shown(some!), /\n\| Boot \| [\s\S]*Not shown, .* comment: what was seen over time\./)
  assert.match(
    one!,
    /\n\| Boot \| [\s\S]*Not shown, .* comment: what was seen over time, and the figures of <code>ten-thousand-sessions</,
  )
  assert.match(none!, /#### Verdicts[\s\S]*Not shown, .* comment: the figures of the scenarios\./)
  assert.ok(!none!.includes('| Boot |'))
  for (const each of [some!, one!, none!])
    assert.ok(each.length < 65_536 && !each.includes('<details>'), `${each.length}`)
})

test('Trials that could not be used are counted, with their reasons', () => {
  const records = golden.records.map((record, at) =>
    at === 1
      ? { ...record, failure: { stage: 'target' as const, message: 'it died', outputTail: [] } }
      : at === 2
        ? { ...record, invalid: [{ code: 'generator-late' as const, message: 'late', scenario: 'paced' }] }
        : record,
  )
  const section = shown(markdownOfRun({ ...golden, records })).split('#### Trials that could not be used\n\n')[1]!
  assert.deepEqual(section.split('\n').slice(0, 4), [
    '2 of 24 trials, or parts of them:',
    '',
    '- turns: polling, block 1: failed (target): it died',
    '- turns: per-call-client, block 1: not used: paced: late',
  ])
})

const early: [what: string, run: Run, says: RegExp][] = [
  ['no trial has ended', goldenRun({ blocksIn: 0, status: 'running' }), /Still running: none of 3 blocks is complete/],
  ['it was stopped', goldenRun({ samples: 400, blocksIn: 1, status: 'interrupted' }), /Stopped early: block 1 of 3/],
  [
    'nothing is compared',
    goldenRun({ samples: 400, variants: goldenVariants.slice(0, 1) }),
    /Only optimized was measured[\s\S]*Medians over the usable trials[\s\S]*\| Boot \| lower \| \d+.ms \|/,
  ],
]
for (const [what, run, says] of early)
  test(`A run is told of where ${what}`, () => {
    assert.match(shown(markdownOfRun(run)), says)
  })

test('A comparison pair by pair has a row for each gate metric, and says what is not decided', () => {
  const slower = pairedRun({ pairs: 13, ratio: () => 1.05, late: 1, planned: { ended: 'decided' } })
  const [titles, row] = rowsOf(markdownOfRun(slower))
  const [{ estimate, lower, upper }] = comparePairs(slower).comparisons as [never]
  assert.deepEqual(titles!.slice(0, 4), ['scenario', 'metric', 'change', 'interval'])
  assert.deepEqual(
    [...row!.slice(0, 4), row![6]],
    [
      'browse',
      'target_cpu_per_op{phase:main} value',
      formatRatio(estimate),
      `${formatRatio(lower)} to ${formatRatio(upper)}`,
      '✕ **regressed**',
    ],
  )
  const [, open] = rowsOf(markdownOfRun(pairedRun({ pairs: 9 })))
  assert.match(open![6]!, /^\? inconclusive: /)
})

const claim: Claim = {
  ...{ id: 'cache', row: null, statement: 'It helps', scenario: 's', variant: 'v', against: 'base' },
  ...{ metric: 'iterations rate', claimed: { ratio: { atLeast: 2 } }, needs: [], note: null },
}
const two = (change: Parameters<typeof makeHeader>[2]) =>
  makeRun(
    makeHeader(['base', 'v'], [{ name: 's', primary: 'iterations rate' }], change),
    [1, 2, 3].flatMap((block) => [
      makeRecord(['s', 'base', block], [observe('iterations rate', 100 + block)]),
      makeRecord(['s', 'v', block], [observe('iterations rate', 300 + block)]),
    ]),
  )

test('Claims stand beside what was measured', () => {
  const claims = markdownOfRun(two({ claims: [claim] }))
  assert.deepEqual(rowsOf(claims)[1]!.slice(0, 4), ['cache', 's', '>= 2x', '2.96x'])
  assert.match(shown(claims), /\| 3 \| confirmed \|\n/)
  assert.ok(!claims.includes('#### Verdicts'))
  const same = markdownOfRun(two({ quick: true, claims: [claim, { ...claim, id: 'again' }] }))
  assert.match(shown(same), /\n- cache, again: [^\n]+\n\n####/, 'what is to be said of several is said once')
})

test('An ablation has the worth of each, and all at once', () => {
  const ablated = markdownOfRun(two({ ablation: { together: 'v', of: null } }))
  assert.match(shown(ablated), /#### What each is worth\n\ns, primary: iterations rate; higher is better\n/)
  assert.match(shown(ablated), /\| v, all at once \| \+196% \| \+1\d\d% to \+\d+% \| 3 \|/)
})

/** What breaks a cell, a code span, a tag, a comment; mentions somebody; moves a cursor. */
const hostile =
  '- 1. x|`*_[a](b)</code></details><img src=x>--> $y$ "\' &amp; @everyone #1\u0000\u001b[31m\u202e\ud800\n## y'

test('Nothing that comes from a record is taken for markup', () => {
  const rename = (name: string) => (name === 'polling' ? hostile : name)
  const { header } = golden
  const run: Run = {
    header: {
      ...header,
      ...{ question: hostile, id: hostile },
      environment: { ...header.environment, cpu: hostile },
      variants: header.variants.map(({ name }) => ({ name: rename(name), description: hostile })),
      scenarios: header.scenarios.map((each) => ({ ...each, name: each.name + hostile, description: hostile })),
    },
    records: golden.records.map((record, at) => ({
      ...record,
      ...{ variant: rename(record.variant), scenario: record.scenario + hostile },
      ...(at === 0 ? { invalid: [{ code: 'check-failed', message: hostile, scenario: hostile }] } : {}),
    })),
  }
  const written = markdownOfRun(run)
  const own = /<\/?(code|strong|sub)>|<br>|<\/?details>|<summary>Over time<\/summary>|\*\*regressed\*\*|&#\d+;/g
  assert.doesNotMatch(written.replace(own, ''), /[<>`@[\]_"'$\\&]|\*|[\p{Cc}\p{Cf}\p{Cs}](?<!\n)/u)
  assert.deepEqual(
    written.split('\n').filter((line) => line.startsWith('#') && !/^#{3,4} /.test(line)),
    [],
  )
  const lists = written.split('\n').filter((line) => /^\s*([-+*]|\d+[.)]) /.test(line))
  assert.ok(lists.length > 2)
  for (const line of lists) assert.match(line, /^- (<code>|inconclusive: )/)
  const columns = rowsOf(text).map((row) => row.length)
  assert.deepEqual(
    written
      .split('\n')
      .filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
      .map((line) => line.split('|').length - 2),
    columns,
  )
})

test('Where too few samples carry a p99, the percentile that they carry stands for the metric, as in the terminal', () => {
  const run = goldenRun({ samples: 200, blocks: 4 })
  const markdown = shown(markdownOfRun(run))
  const terminal = tableOf(run, { width: 200, color: false })
  for (const label of ['Turn ttft', 'Turn duration']) {
    assert.match(markdown, new RegExp(`^\\| ${label}[^|]*p90[^|]*\\| .*\\| [\\d.]+\\sms `, 'm'))
    assert.match(terminal.toLowerCase(), new RegExp(`^  ${label.toLowerCase()} p\\(90\\)`, 'm'))
  }
})
