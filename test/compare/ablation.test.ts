import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ablationOf } from '../../harness/compare/ablation.ts'
import { ablationFile } from '../../harness/compare/ablation-file.ts'
import { formatAblationTable } from '../../harness/compare/ablation-table.ts'
import { meanWithInterval } from '../../harness/compare/estimate.ts'
import type { Run, RunHeader, TrialRecord } from '../../harness/record/schema.ts'
import { makeHeader, makeRecord, makeRun, observe } from './run-builder.ts'

/** By variant and block the factor on the baseline's time; capacity is the inverse of it, CPU the factor itself. */
const factors: Record<string, number[]> = {
  base: [1, 1, 1],
  mutex: [1.01, 0.99, 1.0],
  polling: [1.5, 1.6, 1.55],
  'per-call-client': [1.2, 1.25, 1.22],
  legacy: [1.7, 1.8, 1.75],
}

function runOf(ablation: NonNullable<RunHeader['ablation']> = { together: 'legacy', of: null }): Run {
  const variants = Object.keys(factors)
  const records = [1, 2, 3].flatMap((block) =>
    variants.map((variant) => {
      const factor = factors[variant]![block - 1]!
      return makeRecord(
        ['turns', variant, block],
        [
          observe('turn_intended_duration p(50)', 40 * block * factor, { scenario: 'paced' }),
          observe('throughput value', 250, { phase: 'paced' }),
          observe('throughput value', 1000 / factor, { phase: 'capacity' }),
          observe('target_cpu_per_op value', 0.5 * factor, { phase: 'paced' }),
          observe('target_cpu_per_op value', 0.4 * factor, { phase: 'capacity' }),
        ],
      )
    }),
  )
  const primary = 'turn_intended_duration{scenario:paced} p(50)'
  const header = makeHeader(variants, [{ name: 'turns', primary }], { ablation, status: 'finished' })
  return makeRun({ ...header, scenarios: [{ ...header.scenarios[0]!, capacity: ['capacity'] }] }, records)
}

const recordOf = (run: Run, variant: string, block: number): TrialRecord =>
  run.records.find((record) => record.variant === variant && record.key.block === block)!

const near = (value: number | null | undefined, expected: number) =>
  assert.ok(Math.abs(value! - expected) < 1e-9, `${value} is not ${expected}`)

test('An ablation is of the primary metric, of capacity and of CPU per operation where the primary was taken', () => {
  assert.deepEqual(
    ablationOf(runOf()).map(({ role, metric }) => [role, metric]),
    [
      ['primary', 'turn_intended_duration{scenario:paced} p(50)'],
      ['capacity', 'throughput{phase:capacity} value'],
      ['CPU per operation', 'target_cpu_per_op{phase:paced} value'],
    ],
  )
})

test('What does most harm stands first, be it a longer time or a smaller capacity', () => {
  for (const { singles } of ablationOf(runOf()))
    assert.deepEqual(
      singles.map(({ variant }) => variant),
      ['polling', 'per-call-client', 'mutex'],
    )
})

test('The sum is of logs, block by block, and all at once stands beside it', () => {
  const [primary] = ablationOf(runOf())
  const logs = [0, 1, 2].map((at) =>
    Math.log(factors.mutex![at]! * factors.polling![at]! * factors['per-call-client']![at]!),
  )
  const { estimate, lower, upper } = meanWithInterval(logs)
  near(primary!.sum!.estimate, Math.expm1(estimate))
  near(primary!.sum!.lower, Math.expm1(lower!))
  near(primary!.sum!.upper, Math.expm1(upper!))
  assert.equal(primary!.sum!.pairs, 3)
  near(primary!.together!.worth!.estimate, Math.cbrt(1.7 * 1.8 * 1.75) - 1)
  assert.deepEqual(primary!.summed, ['mutex', 'polling', 'per-call-client'])
})

test('The spread of the sum counts what the baseline of a block did as often as the sum does', () => {
  const run = runOf()
  for (const each of recordOf(run, 'base', 2).observations) each.value *= 1.1
  const [primary] = ablationOf(run)
  const logs = [0, 1, 2].map(
    (at) =>
      Math.log(factors.mutex![at]! * factors.polling![at]! * factors['per-call-client']![at]!) -
      (at === 1 ? 3 * Math.log(1.1) : 0),
  )
  near(primary!.sum!.upper, Math.expm1(meanWithInterval(logs).upper!))
})

test('A block in which one part is unusable has no sum; the others have', () => {
  const run = runOf()
  recordOf(run, 'polling', 2).failure = { stage: 'target', message: 'x', outputTail: [] }
  const [primary] = ablationOf(run)
  assert.equal(primary!.sum!.pairs, 2)
  near(primary!.sum!.estimate, Math.sqrt(1.01 * 1.5 * 1.2 * 1.0 * 1.55 * 1.22) - 1)
  assert.equal(primary!.singles.find(({ variant }) => variant === 'mutex')!.worth!.pairs, 3)
})

test('A part without any usable pair is last, is missing in the sum, and is named', () => {
  const run = runOf()
  for (const block of [1, 2, 3])
    recordOf(run, 'polling', block).failure = { stage: 'target', message: 'x', outputTail: [] }
  const [primary] = ablationOf(run)
  assert.deepEqual(primary!.singles.at(-1), { variant: 'polling', worth: null })
  assert.deepEqual(primary!.notSummed, ['polling'])
  assert.match(
    formatAblationTable(run, { width: 80, color: false }),
    /without a usable pair, and so missing in the sum: polling/,
  )
})

test('Where no block has every part, the sum is of means and has no interval', () => {
  const run = runOf()
  recordOf(run, 'polling', 1).failure = { stage: 'target', message: 'x', outputTail: [] }
  recordOf(run, 'mutex', 2).failure = { stage: 'target', message: 'x', outputTail: [] }
  recordOf(run, 'per-call-client', 3).failure = { stage: 'target', message: 'x', outputTail: [] }
  const { estimate, lower, pairs } = ablationOf(run)[0]!.sum!
  assert.deepEqual([lower, pairs], [null, 0])
  near(estimate, Math.sqrt(1.01 * 1.0) * Math.sqrt(1.6 * 1.55) * Math.sqrt(1.2 * 1.25) - 1)
})

test('Only the variants that are undone together are summed, where they are named', () => {
  const [primary] = ablationOf(runOf({ together: 'legacy', of: ['polling', 'per-call-client'] }))
  assert.deepEqual(primary!.summed, ['polling', 'per-call-client'])
  assert.deepEqual(primary!.apart, ['mutex'])
  assert.equal(primary!.singles.length, 3)
})

test('One variant has no sum, unless to stand beside what is undone together', () => {
  const alone = (ablation: NonNullable<RunHeader['ablation']>) => {
    const run = runOf(ablation)
    run.header.cells = [{ scenario: 'turns', variants: ['base', 'polling', ...(ablation.together ? ['legacy'] : [])] }]
    return ablationOf(run)[0]!
  }
  assert.equal(alone({ together: null, of: null }).sum, null)
  const beside = alone({ together: 'legacy', of: null })
  near(beside.sum!.estimate, beside.singles[0]!.worth!.estimate)
})

test('What is undone together with the others and did not run under the load is counted beside the sum', () => {
  const run = runOf({ together: 'legacy', of: ['mutex', 'polling', 'per-call-client'] })
  run.header.cells = [{ scenario: 'turns', variants: ['base', 'polling', 'legacy'] }]
  const [primary] = ablationOf(run)
  assert.deepEqual(primary!.notRun, ['mutex', 'per-call-client'])
  const note = /2 more of what legacy undoes did not run under this load: their part is in legacy and not in the sum/
  assert.match(formatAblationTable(run, { width: 200, color: false }), note)
  run.header.cells = [{ scenario: 'turns', variants: ['base', 'polling', 'mutex'] }]
  assert.deepEqual(ablationOf(run)[0]!.notRun, [])
  assert.doesNotMatch(formatAblationTable(run, { width: 200, color: false }), note)
})

test('Who fails more often is named beside what its undoing costs', () => {
  const run = runOf()
  for (const { variant, observations } of run.records) {
    const value = variant === 'polling' ? 0.05 : 0
    observations.push(observe('turns_failed rate', value, { scenario: 'paced', unit: 'share' }))
  }
  const [primary, capacity] = ablationOf(run)
  assert.deepEqual(primary!.failing, ['polling fails more often (turns_failed, paced: 5% against 0%)'])
  assert.deepEqual(capacity!.failing, [])
  assert.match(
    formatAblationTable(run, { width: 200, color: false }),
    /failures: polling fails more often \(turns_failed, paced: 5% against 0%\), so its figures prove nothing/,
  )
})

test('Without a variant that undoes all there is a sum and nothing beside it; without an ablation there is nothing', () => {
  const run = runOf({ together: null, of: null })
  assert.equal(ablationOf(run)[0]!.together, null)
  delete run.header.ablation
  assert.deepEqual(ablationOf(run), [])
})

test('The terminal table of an ablation fits 80 columns', () => {
  const run = runOf({ together: 'legacy', of: ['polling', 'per-call-client'] })
  const [title, primary] = formatAblationTable(run, { width: 80, color: false }).split('\n\n')
  assert.equal(
    title,
    `main: what it costs to undo each optimisation
variant / base - 1, with 95% intervals (Student's t, over blocks)
the sum: exp(sum of ln(variant / base)) - 1 in each block, as if the single
  changes came one after another; what all at once is more or less than that,
  they do to one another, or those do that did not run under the load`,
  )
  assert.equal(
    primary,
    `turns, primary: turn_intended_duration{scenario:paced} p(50), lower is better
  undone                change     95% interval  blocks
  polling               +54.9%  +43.0 to +67.9%       3
  per-call-client       +22.3%  +16.2 to +28.7%       3
  mutex                   0.0%    -2.5 to +2.5%       3
  the sum of 2          +89.5%   +66.3 to +116%       3
  legacy (all at once)  +75.0%  +63.0 to +87.8%       3`,
  )
})

test('The file of an ablation names its schema and holds every number', () => {
  const file = ablationFile(runOf())
  assert.equal(file.schema, 'weir.ablation/1')
  assert.equal(file.baseline, 'base')
  assert.equal(file.numbers.length, 3)
  assert.deepEqual(JSON.parse(JSON.stringify(file)), file)
})
