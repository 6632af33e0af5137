import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CampaignPlan } from '../../harness/campaign.ts'
import { faultLines, ProgressPrinter } from '../../harness/commands/progress.ts'
import { formatTime } from '../../harness/commands/words.ts'
import type { TrialRecord } from '../../harness/record/schema.ts'
import type { PlannedTrial } from '../../harness/schedule.ts'
import { makeRecord } from '../compare/run-builder.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { recordedProgress } from '../support/recorded-progress.ts'
import { goldenRun } from '../support/records.ts'
import { Terminal } from '../support/terminal.ts'

const { header, records } = goldenRun({ blocks: 1, samples: 10 })
const twoVariants = {
  ...header,
  question: 'Which is faster?',
  seed: 7,
  blocks: 1,
  variants: [
    { name: 'optimized', description: '' },
    { name: 'mutex', description: '' },
  ],
  scenarios: header.scenarios.slice(0, 1),
}

const trial = (variant: string): PlannedTrial => ({
  block: 1,
  pair: 1,
  side: variant === 'optimized' ? 'A' : 'B',
  position: 1,
  scenario: 'turns',
  variant,
})

const primaryValue = {
  metric: 'turn_intended_duration',
  scenario: 'paced',
  stat: 'p(50)',
  value: 12.34567,
  unit: 'ms',
  better: 'lower',
  source: 'script',
} as const

const record = (changes: Partial<TrialRecord> = {}): TrialRecord => ({
  ...records[0]!,
  primary: 'turn_intended_duration{scenario:paced} p(50)',
  observations: [{ ...primaryValue, stat: 'p(99)', value: 99 }, { ...primaryValue, scenario: 'other' }, primaryValue],
  invalid: [],
  ...changes,
})

/** A printer into a file whose clock is set by hand. */
function printer() {
  const clock = new ManualClock()
  const written: string[] = []
  const progress = new ProgressPrinter({ write: (text) => written.push(text) }, { clock, env: {} })
  return { clock, progress, text: () => written.splice(0).join('') }
}

const planOf = (trials: PlannedTrial[], done: number[] = [], certain = trials.length): CampaignPlan => ({
  trials,
  certain,
  done: new Set(done),
  secondsEach: () => 20,
})

test('Into a file goes the question, the plan, and one line a trial with what came of it', async () => {
  const { clock, progress, text } = printer()
  progress.plan(twoVariants, planOf([trial('optimized'), trial('mutex')]))
  progress.trialStarted(trial('optimized'), 1)
  progress.stage('boot')
  progress.progress(recordedProgress[0]!)
  await clock.advanceTo(30_000)
  progress.trialEnded(record())
  progress.trialStarted(trial('mutex'), 2)
  await clock.advanceTo(55_400)
  progress.trialEnded(record())
  progress.end()
  const primary = 'turn_intended_duration{scenario:paced} p(50) = 12.35 ms'
  assert.equal(
    text(),
    [
      'Which is faster?',
      '2 variants, 1 scenario, 1 block: 2 trials, about 40 s   (seed 7)',
      '',
      // The first took 30 s instead of 20, so the second is expected to.
      `1/2  turns  optimized  30 s  ${primary}  30 s left`,
      `2/2  turns  mutex  25 s  ${primary}`,
      '',
    ].join('\n'),
  )
})

test('A failed trial shows its stage, its message and what the process said last', () => {
  const { progress, text } = printer()
  progress.plan(twoVariants, planOf([trial('mutex')]))
  text()
  progress.trialStarted(trial('mutex'), 1)
  const failure = {
    stage: 'target',
    message: 'variant mutex ended by itself',
    outputTail: ['one', 'two\u001b[31m\nthree'],
  } as const
  progress.trialEnded(record({ failure: { ...failure, outputTail: [...failure.outputTail] }, observations: [] }))
  assert.equal(
    text(),
    [
      '1/1  turns  mutex  0 s  FAILED (target)',
      ...['variant mutex ended by itself', 'one', 'two [31m three'].map((line) => `      ${line}`),
      '',
    ].join('\n'),
  )
})

test('Each reason why a trial is not valid is said once', () => {
  const { progress, text } = printer()
  progress.plan(twoVariants, planOf([trial('mutex')]))
  text()
  progress.trialStarted(trial('mutex'), 1)
  const late = { code: 'generator-late', message: 'the generator was late' } as const
  const busy = { code: 'generator-saturated', message: 'the generator was busy' } as const
  progress.trialEnded(record({ invalid: [{ ...late, scenario: 'a' }, { ...late, scenario: 'b' }, busy] }))
  assert.deepEqual(text().split('\n').slice(1), [
    '      invalid: the generator was late',
    '      invalid: the generator was busy',
    '',
  ])
})

test('What voids no median is not said to void all', () => {
  const message = 'the generator was late'
  const invalid = [{ code: 'generator-late' as const, message, abovePercentile: 50 }]
  assert.deepEqual(faultLines(makeRecord(['load', 'a', 1], [], { invalid })), [`      invalid above p50: ${message}`])
})

test('The primary metric is found however it is written', () => {
  const spellings = [
    'turn_intended_duration{scenario:paced} p(50.0)',
    'turn_intended_duration{ scenario : paced } med',
    'turn_intended_duration{scenario:"paced"}  p(50)',
  ]
  for (const primary of spellings) {
    const { progress, text } = printer()
    progress.plan(twoVariants, planOf([trial('mutex')]))
    progress.trialStarted(trial('mutex'), 1)
    progress.trialEnded(record({ primary }))
    assert.match(text(), / = 12\.35 ms\n$/, primary)
  }
})

test('A primary metric that was not observed is said to be missing', () => {
  const { progress, text } = printer()
  progress.plan(twoVariants, planOf([trial('mutex')]))
  progress.trialStarted(trial('mutex'), 1)
  progress.trialEnded(record({ observations: [] }))
  assert.match(text(), /no primary metric\n$/)
})

/** Two trials of 20 s planned; the first takes 30, and the second has come to its ninth second. */
async function onTerminal(columns: number) {
  const clock = new ManualClock()
  const terminal = new Terminal({ columns })
  const progress = new ProgressPrinter(terminal, { clock, env: {}, beside: [] })
  const scenarios = [{ ...twoVariants.scenarios[0]!, primary: 'turn_intended_duration{scenario:paced} p(50)' }]
  progress.plan({ ...twoVariants, scenarios }, planOf([trial('optimized'), trial('mutex')]))
  progress.trialStarted(trial('optimized'), 1)
  await clock.advanceTo(30_000)
  progress.trialEnded(record())
  progress.trialStarted(trial('mutex'), 2)
  progress.stage('measuring')
  for (const each of recordedProgress.slice(0, 9)) {
    await clock.advanceTo(clock.now() + 1000)
    progress.progress(each)
  }
  return { clock, progress, terminal }
}

test('On a terminal a block below the lines that stay tells what runs, how far all is, and what it does', async () => {
  const { clock, progress, terminal } = await onTerminal(80)
  assert.deepEqual(terminal.lines().slice(2), [
    '',
    '1/2  turns  optimized  30 s  12.35 ms',
    'trial 2/2  block 1/1  turns  mutex  measuring 9/15 s',
    `${'█'.repeat(39)}${'░'.repeat(21)}  65%  21 s left`,
    '1,000 sessions  1,197/s ▁▅█▃▆▁▅█▃  turn_intended_duration p95 88.3 ms ▁▁▁▁▁▁▁▁█',
    '0 errors  event-loop delay p99 71.2 ms ▁▁▁▁▁▁▁▁█     memory 121 MB ▁▂▃▄▅▅▆▇█',
  ])
  await clock.advanceTo(60_000)
  progress.trialEnded(record())
  progress.end()
  assert.deepEqual(terminal.lines().slice(3), [
    '1/2  turns  optimized  30 s  12.35 ms',
    '2/2  turns  mutex  30 s  12.35 ms',
  ])
})

test('On a narrow terminal the block is in fewer words, on a wide one a trial that is over in more', async () => {
  assert.deepEqual((await onTerminal(40)).terminal.lines().slice(-4), [
    '2/2  turns  mutex  measuring 9/15 s',
    '███████████████░░░░░░░░  65%  21 s left',
    '1,000 sessions  1,197/s  p95 88.3 ms',
    '0 errors  loop 71.2 ms  mem 121 MB',
  ])
  const wide = (await onTerminal(120)).terminal.lines()
  assert.ok(wide.includes('1/2  turns  optimized  30 s  turn_intended_duration{scenario:paced} p(50) = 12.35 ms'))
})

test('Times are in seconds up to 100, then in minutes', () => {
  assert.deepEqual([0, 39.2, 99, 100, 540].map(formatTime), ['0 s', '40 s', '99 s', '2 min', '9 min'])
})

test('What is missing is told before the start, one line each need, with what it costs', () => {
  const { progress, text } = printer()
  const missing = [
    { need: 'redis', reason: 'redis-server is not installed', trialsABlock: 1, claims: ['8', '9'] },
    { need: 'four-cores', reason: '4 cores are needed, 2 may be used', trialsABlock: 2, claims: [] },
    { need: 'k6', reason: 'it is not installed', trialsABlock: 0, parts: ['check' as const], claims: [] },
  ]
  progress.plan({ ...twoVariants, blocks: 3, missing }, planOf([trial('optimized')]))
  assert.deepEqual(text().split('\n').slice(1, 4), [
    'MISSING: redis (redis-server is not installed): 3 trials left out; not tested: 8, 9',
    'MISSING: four-cores (4 cores are needed, 2 may be used): 6 trials left out',
    'MISSING: k6 (it is not installed): left out: the cross-check',
  ])
})

test('A resumed run tells how much is done, and counts only the rest into the time', () => {
  const { progress, text } = printer()
  progress.plan(
    twoVariants,
    planOf([trial('optimized'), trial('mutex'), trial('optimized'), trial('mutex')], [1, 2, 3]),
  )
  assert.match(text(), /: 4 trials, 3 of them done, about 20 s {3}\(seed 7\)/)
})

test('Of what is run again a line says how often, and its trials are counted by themselves', () => {
  const { progress, text } = printer()
  progress.plan(twoVariants, planOf([trial('optimized'), trial('mutex'), { ...trial('mutex'), block: 2 }], [], 2))
  assert.match(
    text(),
    /2 trials, about 40 s.*\nwhat cannot be used of them is run again, in 1 block more at the most\n/,
  )
  progress.trialStarted(trial('mutex'), 2)
  progress.trialEnded(record())
  assert.match(text(), /^2\/2 /)
  progress.trialStarted(trial('mutex'), 3)
  progress.trialEnded(record())
  assert.match(text(), /^ \+1 .*ms\n$/)
})

test('Where a check failed, what the load itself said stands beside it', () => {
  const warnings = ['all of 7 requests failed: ECONNREFUSED (7)']
  const record = (code: 'check-failed' | 'generator-late') =>
    makeRecord(['load', 'a', 1], [], { warnings, invalid: [{ code, message: 'none was answered' }] })
  assert.deepEqual(faultLines(record('check-failed')), [
    '      invalid: none was answered',
    '      the load said: all of 7 requests failed: ECONNREFUSED (7)',
  ])
  assert.deepEqual(faultLines(record('generator-late')), ['      invalid: none was answered'])
})
