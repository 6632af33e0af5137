import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ComparisonPrinter } from '../../../harness/commands/compare/progress.ts'
import type { Run } from '../../../harness/record/schema.ts'
import { planPairs } from '../../../harness/schedule.ts'
import { type PairsWanted, pairedRun } from '../../compare/paired-run.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { recordedProgress } from '../../support/recorded-progress.ts'
import { Terminal } from '../../support/terminal.ts'

function printer() {
  const clock = new ManualClock()
  const written: string[] = []
  const progress = new ComparisonPrinter({ write: (text) => written.push(text) }, { clock, env: {} })
  return { clock, progress, text: () => written.splice(0).join('') }
}

const trials = planPairs({ pairs: 20, scenarios: ['browse'], against: 'base', variant: 'new', seed: 7 })
const planOf = (seconds: number) => ({
  trials,
  certain: trials.length,
  done: new Set<number>(),
  secondsEach: () => seconds,
})
const first = (run: Run, pairs: number): Run => ({ ...run, records: run.records.slice(0, 2 * pairs) })
const runOf = (wanted: PairsWanted = {}) =>
  pairedRun({ ...wanted, header: { question: 'Does new differ from base?', seed: 7 } })

test('What is asked, what decides it and how long it may take is said before the first pair', () => {
  const { progress, text } = printer()
  progress.plan(runOf().header, planOf(5))
  assert.equal(
    text(),
    [
      'Does new differ from base?',
      'browse: target_cpu_per_op{phase:main} value',
      'pairs until that is decided, at most 5 min; looks at 12, 20 pairs   (seed 7)',
      '',
      '',
    ].join('\n'),
  )
})

test('A budget that does not reach to the first look is told before the start, with one that does', () => {
  const { progress, text } = printer()
  progress.plan(runOf().header, planOf(30))
  assert.match(text(), /WARNING: about 5 pairs will fit into the budget, and a look needs 10: --budget 10m\n/)
})

test('A line for each pair says what it saw and how much of the budget is left; a look what came of it', async () => {
  const { clock, progress, text } = printer()
  const run = runOf({ ratio: () => 1.05 })
  progress.plan(run.header, planOf(5))
  text()
  await clock.advanceTo(30_000)
  progress.trialEnded(run.records[0]!)
  progress.pairEnded(first(run, 1))
  assert.equal(text(), 'pair 1  browse  +5.0% target_cpu_per_op{phase:main} value  (5 min left)\n')
  await clock.advanceTo(290_000)
  progress.pairEnded(run)
  assert.deepEqual(text().split('\n'), [
    'pair 12  browse  +5.1% target_cpu_per_op{phase:main} value  (10 s left)',
    '  look at 12 pairs  browse: target_cpu_per_op{phase:main} value +5.1% (+5.0 to +5.1%): regressed',
    '',
  ])
  progress.pairEnded(run)
  assert.equal(text().split('\n').length, 2, 'a look is told of once')
})

test('A pair that cannot be used says so, and its trial why', () => {
  const { progress, text } = printer()
  const run = runOf({ late: 1 })
  progress.plan(run.header, planOf(5))
  progress.trialStarted(trials.find(({ side }) => side === 'B')!)
  text()
  progress.trialEnded(run.records[1]!)
  progress.pairEnded(first(run, 1))
  assert.match(
    text(),
    /^pair 1 {2}browse {2}new\n {6}invalid: the generator was late\npair 1 {2}browse {2}unusable target_cpu/,
  )
})

test('A resumed comparison has less of its budget left', () => {
  const { progress, text } = printer()
  const run = runOf({ record: () => ({ durationS: 120 }) })
  progress.plan(run.header, planOf(5), run.records.slice(0, 2))
  assert.match(text(), /, 2 trials done {3}\(seed 7\)/)
  progress.pairEnded(first(run, 1))
  assert.match(text(), /\(60 s left\)\n$/)
})

test('On a terminal a block tells which pair runs and what is left of the budget at the most', async () => {
  const clock = new ManualClock()
  const terminal = new Terminal({ columns: 60 })
  const progress = new ComparisonPrinter(terminal, { clock, env: {}, beside: [] })
  const run = runOf({ ratio: () => 1.05 })
  progress.plan(run.header, planOf(5))
  const stayed = terminal.lines().length
  progress.trialStarted({ ...trials[0]!, variant: 'base' })
  progress.stage('measuring')
  await clock.advanceTo(30_000)
  progress.pairEnded(first(run, 1))
  progress.trialStarted({ ...trials[2]!, variant: 'new' })
  progress.progress(recordedProgress[0]!)
  await clock.advanceTo(30_250)
  assert.deepEqual(terminal.lines().slice(stayed + 1), [
    'pair 1  browse  +5.0% target_cpu_per_op{phase:main} value',
    'pair 2 of at most 20  browse  new  1/15 s',
    `${'█'.repeat(3)}${'░'.repeat(31)}  10%  at most 4 min left`,
    '200 sessions  1,180/s ▅     http_req_duration p95 5 ms ▅',
    '0 errors  loop 1.04 ms ▅            mem 96.2 MB ▅',
  ])
  progress.end()
  assert.equal(terminal.wraps, 0)
})

test('Of a pair in slices both variants stand there, and the slice says whose turn it is', async () => {
  const clock = new ManualClock()
  const terminal = new Terminal()
  const progress = new ComparisonPrinter(terminal, { clock, env: {}, beside: [] })
  const { header } = runOf()
  progress.plan({ ...header, comparison: { ...header.comparison!, mode: 'slices' } }, planOf(5))
  progress.trialStarted(trials[0]!)
  progress.stage('slice 3 of 12: new')
  await clock.advanceTo(250)
  assert.equal(terminal.lines().at(-2), 'pair 1 of at most 20  browse  base and new  slice 3 of 12: new')
  progress.end()
})
