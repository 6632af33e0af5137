import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UserError } from '../../harness/errors.ts'
import { checkLimits, type LimitResult } from '../../harness/gate/limits.ts'
import { Histogram } from '../../harness/metrics/histogram.ts'
import type { DeclaredMetric } from '../../harness/metrics/table.ts'
import type { Invalidity, Observation, Run, Scope, StoredHistogram, TrialRecord } from '../../harness/record/schema.ts'
import { makeHeader, makeRecord, makeRun, observe } from '../compare/run-builder.ts'

const head = (pair: number, observations: Observation[], change: Partial<TrialRecord> = {}): TrialRecord =>
  makeRecord(['browse', 'head', pair], observations, change)

/** One limit, and trials of the head that observed these things, one list a trial. */
function judge([metric, expression]: [string, string], records: TrialRecord[]): LimitResult {
  return checkLimits(gated(metric, expression, records))[0]!
}

function gated(metric: string, expression: string, records: TrialRecord[]): Run {
  const gate = { name: 'pr', limits: [{ scenario: 'browse', metric, expression }], power: null }
  const header = makeHeader(['base', 'head'], [{ name: 'browse', primary: 'iterations rate' }], { gate })
  const declared: DeclaredMetric[] = [
    { name: 'answers_wrong', kind: 'counter' },
    { name: 'retries', kind: 'trend' },
  ]
  return makeRun({ ...header, scenarios: header.scenarios.map((each) => ({ ...each, declared })) }, records)
}

const broken: Invalidity[] = [{ code: 'generator-late', message: 'the generator was late' }]

test('Of several trials the median is held against a limit', () => {
  const trials = [90, 400, 110].map((value, at) => head(at + 1, [observe('http_req_duration p(95)', value)]))
  const result = judge(['http_req_duration', 'p(95)<250'], trials)
  assert.deepEqual(
    [result.outcome, result.value, result.lowest, result.highest, result.unit, result.number],
    ['held', 110, 90, 400, 'ms', 'http_req_duration p(95)'],
  )
  assert.deepEqual([result.trials, result.excludedTrials], [3, 0])
  assert.equal(judge(['http_req_duration', 'p(95)<100'], trials).outcome, 'crossed')
})

test('Trials that failed cross a limit on failures, be they the fewer', () => {
  const failed = [0, 0, 0, 1, 1].map((value, at) => head(at + 1, [observe('http_req_failed rate', value, { n: 100 })]))
  const { outcome, value, over } = judge(['http_req_failed', 'rate<0.01'], failed)
  assert.deepEqual([outcome, value, over], ['crossed', 0.4, 'pooled'])
  const small = [head(1, [observe('checks rate', 0, { n: 10 })]), head(2, [observe('checks rate', 1, { n: 990 })])]
  assert.equal(judge(['checks', 'rate>0.95'], small).value, 0.99)
})

test('Of a count the worst trial is held against a limit, of its rate the mean', () => {
  const drops = [0, 0, 7].map((value, at) => head(at + 1, [observe('dropped_iterations count', value)]))
  for (const [expression, worst] of [
    ['count<5', 7],
    ['count==0', 7],
    ['count>=0', 0],
  ] as const)
    assert.equal(judge(['dropped_iterations', expression], drops).value, worst)
  const rates = [2, 2, 8].map((value, at) => head(at + 1, [observe('iterations rate', value)]))
  assert.equal(judge(['iterations', 'rate>3'], rates).value, 4)
})

test('Only trials of the head count, and of a trial that was run again the later', () => {
  const [first, again] = [head(1, [observe('iterations rate', 1)]), head(1, [observe('iterations rate', 50)])]
  const base = makeRecord(['browse', 'base', 1], [observe('iterations rate', 999)])
  const elsewhere = makeRecord(['other', 'head', 1], [observe('iterations rate', 999)])
  assert.equal(judge(['iterations', 'rate>10'], [base, first, elsewhere, again]).value, 50)
})

test('Trials that may not be used are counted and left out', () => {
  const trials = [
    head(1, [observe('iterations rate', 1)], { invalid: broken }),
    head(2, [observe('iterations rate', 20)]),
  ]
  const result = judge(['iterations', 'rate>10'], trials)
  assert.deepEqual([result.outcome, result.value, result.trials, result.excludedTrials], ['held', 20, 1, 1])
})

test('Trials in which what the script says must hold did not count for limits on what was counted, and for no others', () => {
  const failed: Partial<TrialRecord> = {
    invalid: [{ code: 'check-failed', message: 'http_req_failed rate<0.01 failed' }],
  }
  const trials = [0, 0, 0, 0.05, 0.05].map((rate, at) =>
    head(
      at + 1,
      [observe('http_req_failed rate', rate, { n: 100 }), observe('http_req_duration p(95)', 100 + rate)],
      rate > 0 ? failed : {},
    ),
  )
  const ofFailures = judge(['http_req_failed', 'rate<0.001'], trials)
  assert.deepEqual([ofFailures.outcome, ofFailures.value, ofFailures.trials], ['crossed', 0.02, 5])
  assert.equal(judge(['http_req_duration', 'p(95)<250'], trials).trials, 3)
})

test('Wrong answers hold no limit on how much must be done, and count for how often something may happen', () => {
  const failed: Partial<TrialRecord> = { invalid: [{ code: 'check-failed', message: 'answers_wrong count==0 failed' }] }
  const trial = (pair: number, rate: number, change: Partial<TrialRecord> = {}) =>
    head(pair, [observe('iterations rate', rate), observe('answers_wrong count', rate)], change)
  const trials = [trial(1, 95), trial(2, 95), trial(3, 400, failed)]
  const done = judge(['iterations', 'rate>100'], trials)
  assert.deepEqual([done.outcome, done.value], ['crossed', 95])
  assert.equal(judge(['answers_wrong', 'count<100'], trials).value, 400)
})

test('A limit on a part of the load of which there never is such a number is refused, not called quiet', () => {
  const trials = [
    head(1, [
      observe('http_req_duration p(95)', 5, { scenario: 'main', n: 100 }),
      observe('throughput value', 9, { phase: 'main' }),
    ]),
  ]
  assert.throws(() => judge(['http_req_duration{phase:main}', 'p(95)<250'], trials), UserError)
  assert.throws(() => judge(['throughput', 'value>1'], trials), UserError)
  const other = judge(
    ['http_req_duration{scenario:main}', 'p(95)<250'],
    [head(1, [observe('checks rate', 1, { scenario: 'main' })])],
  )
  assert.deepEqual([other.outcome, other.reason], ['not measured', 'nobody recorded any http_req_duration'])
})

test('Where no trial may be used nothing is measured, and the first reason is told', () => {
  const result = judge(['iterations', 'rate>10'], [head(1, [observe('iterations rate', 20)], { invalid: broken })])
  assert.deepEqual(
    [result.outcome, result.value, result.reason],
    ['not measured', null, 'none of 1 trials may be used (the generator was late)'],
  )
  assert.equal(judge(['iterations', 'rate>10'], []).reason, 'no trial of it was run')
})

test('Limits are on parts of a load, and an invalid part voids its own numbers only', () => {
  const observations = [
    observe('throughput value', 100, { phase: 'paced' }),
    observe('throughput value', 900, { phase: 'capacity' }),
  ]
  const invalid: Invalidity[] = [{ code: 'target-not-saturated', message: 'idle', phase: 'capacity' }]
  const trials = [head(1, observations, { invalid })]
  assert.equal(judge(['throughput{phase:paced}', 'value>50'], trials).value, 100)
  assert.equal(judge(['throughput{phase:capacity}', 'value>50'], trials).outcome, 'not measured')
})

test('A counter that nobody added to is 0, be it of the table or of the script', () => {
  const quiet = head(1, [observe('iterations rate', 1)])
  for (const counter of ['dropped_iterations', 'answers_wrong']) {
    const { outcome, value } = judge([counter, 'count<1'], [quiet])
    assert.deepEqual([outcome, value], ['held', 0])
  }
  assert.equal(judge(['answers_wrong', 'count<1'], [quiet, head(2, [observe('answers_wrong count', 4)])]).value, 4)
})

test('A counter that nobody added to in one part of the load is 0 there, whatever there was in others', () => {
  const phases = ['ramp', 'hold'].map((name, at) => ({ name, startS: at, endS: at + 1 }))
  const trials = [head(1, [observe('dropped_iterations count', 9, { phase: 'ramp' })], { phases })]
  assert.equal(judge(['dropped_iterations{phase:hold}', 'count<1'], trials).value, 0)
  assert.equal(judge(['dropped_iterations{phase:ramp}', 'count<1'], trials).value, 9)
  assert.throws(() => judge(['dropped_iterations{phase:holt}', 'count<1'], trials), UserError)
  assert.throws(() => judge(['dropped_iterations{scenario:ramp,phase:ramp}', 'count<1'], trials), UserError)
})

test('Of a distribution that nobody recorded nothing is measured: no limit holds by that', () => {
  const quiet = head(1, [observe('iterations rate', 1)])
  const { outcome, reason } = judge(['retries', 'p(95)<100'], [quiet])
  assert.deepEqual([outcome, reason], ['not measured', 'nobody recorded any retries'])
  assert.equal(judge(['retries', 'p(95)<100'], [quiet, head(2, [observe('retries p(95)', 50)])]).outcome, 'held')
})

test('A percentile that is no observation comes from the histogram, never from too few samples', () => {
  const trial = (scope: Scope, count: number) => head(1, [], { histograms: [stored(scope, count)] })
  assert.equal(Math.round(judge(['http_req_duration', 'p(75)<100'], [trial({}, 100)]).value!), 75)
  assert.equal(judge(['http_req_duration{scenario:a}', 'p(75)<100'], [trial({ scenario: 'a' }, 100)]).outcome, 'held')
  const few = judge(['http_req_duration', 'p(99.5)<1000'], [trial({}, 739)])
  assert.deepEqual([few.outcome, few.reason], ['not measured', 'too few samples for p(99.5)'])
  assert.equal(judge(['http_req_duration', 'p(99.5)<1000'], [trial({}, 740)]).outcome, 'held')
  assert.equal(judge(['http_req_duration', 'p(100)<10'], [trial({}, 9)]).value, 9, 'the maximum, which any sample has')
})

/** One sample of each whole number of milliseconds from 1 on. */
function stored(scope: Scope, count: number): StoredHistogram {
  const histogram = new Histogram()
  for (let ms = 1; ms <= count; ms++) histogram.record(ms * 1000)
  const bounds = { count, sum: 0, min: 1, max: count }
  const facts = { metric: 'http_req_duration', kind: 'trend', scale: 1000, unit: 'ms' } as const
  return { ...facts, ...scope, ...bounds, data: histogram.encode() }
}

test('A number that no trial has is refused, and what there is of the metric is named', () => {
  const trials = [head(1, [observe('target_rss_peak value', 90, { phase: 'main' }), observe('iterations rate', 3)])]
  const refused: [metric: string, expression: string, message: RegExp][] = [
    [
      'target_rss_peak',
      'value<100',
      /browse.*"value<100" is on target_rss_peak value.*: target_rss_peak\{phase:main\} value$/,
    ],
    ['latency', 'p(95)<100', /on latency p\(95\), which no trial has\. There is: iterations, target_rss_peak$/],
  ]
  for (const [metric, expression, message] of refused)
    assert.throws(
      () => judge([metric, expression], trials),
      (error) => error instanceof UserError && message.test(error.message),
    )
})
