import assert from 'node:assert/strict'
import { test } from 'node:test'
import { valuesOf } from '../../harness/compare/run-values.ts'
import type { TrialFailure } from '../../harness/record/schema.ts'
import { goldenRun } from '../support/records.ts'
import { makeHeader, makeRecord, makeRun, observe } from './run-builder.ts'

const primary = 'turn{scenario:paced} p(50)'
const turn = (value: number) => observe('turn p(50)', value, { scenario: 'paced' })
const header = makeHeader(['base', 'slow'], [{ name: 's', primary }])

test('The primary metric and the headlines of every variant are kept, other numbers are not', () => {
  const { numbers } = valuesOf(
    makeRun(header, [
      makeRecord(['s', 'base', 1], [turn(40), observe('target_boot value', 300), observe('vus value', 5)]),
      makeRecord(['s', 'slow', 1], [turn(60)]),
    ]),
  )
  const kept = numbers.map(({ variant, metric, primary, values }) => [variant, metric, primary, values[0]!.value])
  assert.deepEqual(kept, [
    ['base', 'turn{scenario:paced} p(50)', true, 40],
    ['slow', 'turn{scenario:paced} p(50)', true, 60],
    ['base', 'target_boot value', false, 300],
  ])
})

test('Values stand under the number of their pair; a trial that may not be used leaves none, one run again replaces', () => {
  const failure: TrialFailure = { stage: 'load', message: 'm', outputTail: [] }
  const { numbers } = valuesOf(
    makeRun(header, [
      makeRecord(['s', 'base', 2], [turn(42)]),
      makeRecord(['s', 'base', 1], [turn(40)]),
      makeRecord(['s', 'base', 3], [turn(1)], { failure }),
      makeRecord(['s', 'base', 1], [turn(41)]),
    ]),
  )
  assert.deepEqual(numbers[0]!.values, [
    { pair: 1, value: 41 },
    { pair: 2, value: 42 },
  ])
})

test('What a comparison judges is kept as judged, whatever its rank, and the load is that of pairs', () => {
  const metrics = [{ scenario: 's', metric: 'vus value', margins: { change: 0, equivalence: 0 } }]
  const comparison = { variant: 'slow', against: 'base', metrics, alpha: 0.003, looks: [10], budgetMs: 1 }
  const compared = { ...header, comparison: { ...comparison, mode: 'slices', ended: null } } as const
  const { numbers, load, mode } = valuesOf(
    makeRun(compared, [makeRecord(['s', 'base', 1], [turn(40), observe('vus value', 5)])]),
  )
  assert.deepEqual(
    numbers.map(({ metric, primary }) => [metric, primary]),
    [
      ['turn{scenario:paced} p(50)', true],
      ['vus value', true],
    ],
  )
  assert.deepEqual([load, mode], ['pairs', 'slices'])
})

test('A run keeps the hash of each load; of an older weir there is none', () => {
  const scenarios = header.scenarios.map((scenario) => ({ ...scenario, loadDigest: 'd1' }))
  assert.deepEqual(valuesOf(makeRun({ ...header, scenarios }, [])).loadDigests, { s: 'd1' })
  assert.equal(valuesOf(makeRun(header, [])).loadDigests, undefined)
})

test('A run keeps where and when it was measured', () => {
  const run = goldenRun({ samples: 400 })
  const { machine, git, startedAt, numbers } = valuesOf(run)
  assert.equal(machine.fingerprint, run.header.environment.fingerprint)
  assert.equal(git?.commit, run.header.environment.git?.commit)
  assert.equal(startedAt, run.header.startedAt)
  const cpu = numbers.find(({ variant, metric }) => variant === 'mutex' && metric.startsWith('target_cpu_per_op'))
  assert.equal(cpu?.values.length, 3)
})
