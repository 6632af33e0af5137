import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  hasEnoughSamples,
  pairsOf,
  primaryId,
  reasonsAgainst,
  reasonsAgainstId,
  usableValue,
} from '../../harness/compare/pairs.ts'
import { UserError } from '../../harness/errors.ts'
import type { Unit } from '../../harness/metrics/table.ts'
import type { Invalidity, Scope } from '../../harness/record/schema.ts'
import { makeHeader, makeRecord, makeRun, observe } from './run-builder.ts'

const header = makeHeader(['base', 'slow'], [{ name: 's', primary: 'iterations rate' }])

test('A pair is the baseline and the variant of one pair number, under one scenario', () => {
  const run = makeRun(header, [
    makeRecord(['s', 'slow', 2], []),
    makeRecord(['s', 'base', 2], []),
    makeRecord(['s', 'base', 1], []),
    makeRecord(['s', 'other', 1], []),
    makeRecord(['s', 'slow', 1], []),
    makeRecord(['t', 'slow', 3], []),
  ])
  const pairs = pairsOf(run, 's', 'slow').map(({ pair, baseline, variant }) => [pair, baseline?.trial, variant?.trial])
  assert.deepEqual(pairs, [
    [1, 3, 5],
    [2, 2, 1],
  ])
})

test('A pair that has begun but lacks a trial is still a pair', () => {
  const run = makeRun(header, [makeRecord(['s', 'base', 1], []), makeRecord(['s', 'slow', 2], [])])
  const sides = pairsOf(run, 's', 'slow').map(({ baseline, variant }) => [baseline?.trial, variant?.trial])
  assert.deepEqual(sides, [
    [1, undefined],
    [undefined, 2],
  ])
})

test('A trial that was run again replaces the earlier one', () => {
  const run = makeRun(header, [makeRecord(['s', 'base', 1], []), makeRecord(['s', 'base', 1], [])])
  assert.equal(pairsOf(run, 's', 'slow')[0]?.baseline?.trial, 2)
})

const invalid = (scope: Scope): Invalidity => ({ code: 'generator-late', message: 'late', ...scope })
const covering: [invalidity: Scope, observation: Scope, covered: boolean][] = [
  [{}, {}, true],
  [{}, { scenario: 'paced' }, true],
  [{}, { phase: 'paced' }, true],
  [{ scenario: 'paced' }, { scenario: 'paced' }, true],
  [{ scenario: 'paced' }, { scenario: 'capacity' }, false],
  [{ scenario: 'paced' }, { phase: 'paced' }, true],
  [{ scenario: 'paced' }, {}, true],
  [{ phase: 'capacity' }, { phase: 'capacity' }, true],
  [{ phase: 'capacity' }, { scenario: 'capacity' }, true],
  [{ phase: 'capacity' }, { scenario: 'paced', phase: 'ramp' }, false],
  [{ phase: 'capacity' }, {}, true],
  [{ scenario: 'capacity', phase: 'capacity' }, { scenario: 'capacity' }, true],
  [{ scenario: 'capacity', phase: 'capacity' }, { phase: 'capacity' }, true],
]
for (const [scope, observed, covered] of covering) {
  const words = (each: Scope) => JSON.stringify(each)
  test(`An invalidity of ${words(scope)} ${covered ? 'voids' : 'leaves'} a number of ${words(observed)}`, () => {
    const record = makeRecord(['s', 'base', 1], [observe('iterations rate', 5, observed)], {
      invalid: [invalid(scope)],
    })
    assert.deepEqual(reasonsAgainst(record, observed), covered ? ['late'] : [])
    const id = { metric: 'iterations', stat: 'rate', scope: observed }
    assert.equal(usableValue(record, id), covered ? null : 5)
  })
}

const spared: [stat: string, unit: Unit, n: number | undefined, isSpared: boolean][] = [
  ['p(0)', 'ms', 20, true],
  ['p(50)', 'ms', 20, true],
  ['med', 'ms', 20, true],
  ['p(50)', 'ms', 19, false],
  ['p(50)', 'ms', undefined, false],
  ['p(50)', 'none', 500, false],
  ...['p(50.1)', 'p(99)', 'avg', 'min', 'max', 'value', 'rate'].map((stat): [string, Unit, number, boolean] => [
    ...([stat, 'ms', 500, false] as const),
  ]),
]
for (const [stat, unit, n, isSpared] of spared) {
  test(`What voids no medians of times ${isSpared ? 'leaves' : 'voids'} ${stat} of ${n ?? 'uncounted'} in ${unit}`, () => {
    const scope = { scenario: 'paced' }
    const mark = { ...invalid(scope), abovePercentile: 50 }
    const number = { ...observe(`turn ${stat}`, 5, scope), unit, ...(n === undefined ? {} : { n }) }
    const record = makeRecord(['s', 'base', 1], [number], { invalid: [mark] })
    assert.equal(usableValue(record, { metric: 'turn', stat, scope }), isSpared ? 5 : null)
    assert.deepEqual(reasonsAgainst(record, number), isSpared ? [] : ['late'])
    assert.deepEqual(reasonsAgainstId(record, { metric: 'turn', stat, scope }), isSpared ? [] : ['late'])
    // Who does not say which number is meant gets none.
    assert.deepEqual(reasonsAgainst(record, scope), ['late'])
  })
}

test('No number of a failed trial is usable, however valid it looks', () => {
  const failure = { stage: 'target' as const, message: 'died', outputTail: [] }
  const record = makeRecord(['s', 'base', 1], [observe('iterations rate', 5)], { failure })
  assert.equal(usableValue(record, { metric: 'iterations', stat: 'rate', scope: {} }), null)
  assert.deepEqual(reasonsAgainst(record, {}), ['died'])
})

test('A number is found by metric, statistic and scope alike, and not in a missing record', () => {
  const record = makeRecord(
    ['s', 'base', 1],
    [
      observe('iterations count', 1),
      observe('iterations rate', 2),
      observe('iterations rate', 3, { scenario: 'paced' }),
      observe('vus_max value', Number.NaN),
      observe('turn p(50)', 4),
    ],
  )
  const value = (metric: string, stat: string, scope: Scope = {}) => usableValue(record, { metric, stat, scope })
  assert.equal(value('iterations', 'rate'), 2)
  assert.equal(value('iterations', 'rate', { scenario: 'paced' }), 3)
  assert.equal(value('iterations', 'rate', { phase: 'paced' }), null)
  assert.equal(value('iterations', 'value'), null)
  assert.equal(value('vus_max', 'value'), null)
  assert.equal(value('turn', 'med'), 4)
  assert.equal(usableValue(undefined, { metric: 'iterations', stat: 'rate', scope: {} }), null)
})

const samples: [stat: string, n: number | undefined, enough: boolean][] = [
  ['p(50)', 1, true],
  ['p(95)', undefined, true],
  ['avg', undefined, true],
  ['p(99)', 369, false],
  ['p(99)', 370, true],
  ['p(99)', undefined, false],
  ['p(99.9)', 3_699, false],
  ['p(99.9)', 3_700, true],
  ['p(99.99)', 36_999, false],
  ['p(99.99)', 37_000, true],
  ['p(100)', 1, true],
]
for (const [stat, n, enough] of samples) {
  test(`A ${stat} of ${n ?? 'uncounted'} samples ${enough ? 'may' : 'may not'} be compared`, () => {
    assert.equal(hasEnoughSamples({ stat, ...(n === undefined ? {} : { n }) }), enough)
  })
}

test('The primary metric is named by a selector', () => {
  assert.deepEqual(primaryId('turn{scenario:paced} p(50)'), {
    metric: 'turn',
    stat: 'p(50)',
    scope: { scenario: 'paced' },
  })
  assert.deepEqual(primaryId('target_rss_peak{phase:hold} value').scope, { phase: 'hold' })
  assert.throws(() => primaryId('turn'), UserError)
})
