import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ComparisonPrinter } from '../../../harness/commands/compare/progress.ts'
import type { Run } from '../../../harness/record/schema.ts'
import { planPairs } from '../../../harness/schedule.ts'
import { type PairsWanted, pairedRun } from '../../compare/paired-run.ts'

function printer(output: { isTTY?: boolean; columns?: number } = {}) {
  const clock = { ms: 0 }
  const written: string[] = []
  const progress = new ComparisonPrinter({ ...output, write: (text) => written.push(text) }, () => clock.ms)
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
  assert.match(text(), /WARNING: about 5 pairs will fit into the budget, and the first look needs 12: --budget 12m\n/)
})

test('A line for each pair says what it saw and how much of the budget is left; a look what came of it', () => {
  const { clock, progress, text } = printer()
  const run = runOf({ ratio: () => 1.05 })
  progress.plan(run.header, planOf(5))
  text()
  clock.ms = 30_000
  progress.trialEnded(run.records[0]!)
  progress.pairEnded(first(run, 1))
  assert.equal(text(), 'pair 1  browse  +5.0% target_cpu_per_op{phase:main} value  (5 min left)\n')
  clock.ms = 290_000
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

test('On a terminal a line moves while a trial runs', () => {
  const { progress, text } = printer({ isTTY: true, columns: 60 })
  progress.plan(runOf().header, planOf(5))
  text()
  progress.trialStarted({ ...trials[0]!, variant: 'base' })
  progress.progress({ elapsedS: 1.4, durationS: 5, vus: 3, iterations: 10, iterationsPerS: 10, failed: 0, second: [] })
  progress.end()
  assert.equal(
    text(),
    '\r\x1b[2Kpair 1  browse  base    (5 min left)\r\x1b[2Kpair 1  browse  base  1/5 s  3 users  10 iterations  (5 min\r\x1b[2K',
  )
})
