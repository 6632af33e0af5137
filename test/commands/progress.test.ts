import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CampaignPlan } from '../../harness/campaign.ts'
import { formatTime, ProgressPrinter } from '../../harness/commands/progress.ts'
import type { TrialRecord } from '../../harness/record/schema.ts'
import type { PlannedTrial } from '../../harness/schedule.ts'
import { goldenRun } from '../support/records.ts'

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

/** A printer whose clock is set by hand and whose output is kept. */
function printer(output: { isTTY?: boolean; columns?: number } = {}) {
  const clock = { ms: 0 }
  const written: string[] = []
  const progress = new ProgressPrinter({ ...output, write: (text) => written.push(text) }, () => clock.ms)
  return { clock, progress, text: () => written.splice(0).join('') }
}

const planOf = (trials: PlannedTrial[], done: number[] = [], certain = trials.length): CampaignPlan => ({
  trials,
  certain,
  done: new Set(done),
  secondsEach: () => 20,
})

test('Into a file goes the question, the plan, and one line a trial with what came of it', () => {
  const { clock, progress, text } = printer()
  progress.plan(twoVariants, planOf([trial('optimized'), trial('mutex')]))
  progress.trialStarted(trial('optimized'), 1)
  progress.stage('boot')
  progress.progress({ elapsedS: 1, durationS: 15, vus: 3, iterations: 10, iterationsPerS: 10, failed: 0, second: [] })
  clock.ms = 30_000
  progress.trialEnded(record())
  progress.trialStarted(trial('mutex'), 2)
  clock.ms = 55_400
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
  const failure = { stage: 'target', message: 'variant mutex ended by itself', outputTail: ['one', 'two'] } as const
  progress.trialEnded(record({ failure: { ...failure, outputTail: [...failure.outputTail] }, observations: [] }))
  assert.equal(
    text(),
    [
      '1/1  turns  mutex  0 s  FAILED (target)',
      ...['variant mutex ended by itself', 'one', 'two'].map((line) => `      ${line}`),
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

test('On a terminal one line moves, is never wider than it, and is wiped before the next', () => {
  const { progress, text } = printer({ isTTY: true, columns: 40 })
  progress.plan(twoVariants, planOf([trial('optimized'), trial('mutex')]))
  text()
  progress.trialStarted(trial('optimized'), 1)
  assert.equal(text(), '\r\x1b[2K1/2  turns  optimized    (20 s after th')
  progress.progress({ elapsedS: 1.4, durationS: 15, vus: 3, iterations: 10, iterationsPerS: 10, failed: 0, second: [] })
  assert.equal(text(), '\r\x1b[2K1/2  turns  optimized  1/15 s  3 users ')
  progress.end()
  progress.end()
  assert.equal(text(), '\r\x1b[2K')
})

test('Times are in seconds up to 100, then in minutes', () => {
  assert.deepEqual([0, 39.2, 99, 100, 540].map(formatTime), ['0 s', '40 s', '99 s', '2 min', '9 min'])
})

test('What is missing is told before the start, one line each need, with what it costs', () => {
  const { progress, text } = printer()
  const missing = [
    { need: 'redis', reason: 'redis-server is not installed', trialsABlock: 1, claims: ['8', '9'] },
    { need: 'four-cores', reason: '4 cores are needed, 2 may be used', trialsABlock: 2, claims: [] },
  ]
  progress.plan({ ...twoVariants, blocks: 3, missing }, planOf([trial('optimized')]))
  assert.deepEqual(text().split('\n').slice(1, 3), [
    'MISSING: redis (redis-server is not installed): 3 trials left out; not tested: 8, 9',
    'MISSING: four-cores (4 cores are needed, 2 may be used): 6 trials left out',
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
