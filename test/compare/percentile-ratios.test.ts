import assert from 'node:assert/strict'
import { test } from 'node:test'
import { percentileRatios } from '../../harness/compare/percentile-ratios.ts'
import { UserError } from '../../harness/errors.ts'
import { Histogram } from '../../harness/metrics/histogram.ts'
import type { Run, StoredHistogram, TrialRecord } from '../../harness/record/schema.ts'
import { makeHeader, makeRecord, makeRun } from './run-builder.ts'

const metric = 'turn_duration{scenario:paced}'
const header = makeHeader(['base', 'slow'], [{ name: 's', primary: `${metric} p(50)` }], {
  comparison: {
    variant: 'slow',
    against: 'base',
    metrics: [],
    alpha: 0.003,
    looks: [10],
    budgetMs: 1,
    mode: 'trials',
    ended: null,
  },
})

/** Of 1 ms, 2 ms, ... up to as many as there are samples, each times a factor. */
function stored(samples: number, factor: number): StoredHistogram {
  const histogram = new Histogram()
  for (let sample = 1; sample <= samples; sample++) histogram.record(Math.round(sample * factor * 1000))
  return {
    metric: 'turn_duration',
    scenario: 'paced',
    kind: 'trend',
    scale: 1000,
    unit: 'ms',
    count: samples,
    sum: 0,
    min: 0,
    max: 0,
    data: histogram.encode(),
  }
}

const runOf = (pairs: [a: StoredHistogram | null, b: StoredHistogram | null, change?: Partial<TrialRecord>][]): Run =>
  makeRun(
    header,
    pairs.flatMap(([a, b, change], index) => [
      makeRecord(['s', 'base', index + 1], [], { histograms: a ? [a] : [] }),
      makeRecord(['s', 'slow', index + 1], [], { histograms: b ? [b] : [], ...change }),
    ]),
  )

const near = (value: number | null | undefined, expected: number) =>
  assert.ok(typeof value === 'number' && Math.abs(value - expected) < 2e-3, `${value} should be ${expected}`)

test('Each percentile is compared pair by pair, with an interval over pairs', () => {
  const factors = [1.1, 1.12, 1.14, 1.16, 1.18, 1.2, 1.22]
  const rows = percentileRatios(runOf(factors.map((factor) => [stored(500, 1), stored(500, factor)])), 's', metric)
  assert.deepEqual(
    rows.map(({ percentile, pairs, excludedPairs }) => [percentile, pairs, excludedPairs]),
    [50, 75, 90, 99].map((percentile) => [percentile, 7, 0]),
  )
  for (const { percentile, ratio, difference } of rows) {
    near(ratio?.estimate, 0.16)
    // Of seven values the third average from either end, at 95%: (1.1 * 1.14)^0.5 or 1.12.
    near(ratio?.lower, 0.12)
    near(ratio?.upper, 0.2)
    near(difference.estimate / (percentile * 5), 0.16)
  }
})

test('A p99 asks for 370 samples on both sides and a p99.9 for 3,700, and each counts the pairs that it leaves out', () => {
  const [few, some, many] = [stored(369, 1), stored(3699, 1), stored(3700, 1)]
  const rows = percentileRatios(
    runOf([
      [many, many],
      [some, many],
      [many, few],
    ]),
    's',
    metric,
  )
  assert.deepEqual(
    rows.map(({ percentile, pairs, excludedPairs }) => [percentile, pairs, excludedPairs]),
    [
      [50, 3, 0],
      [75, 3, 0],
      [90, 3, 0],
      [99, 2, 1],
      [99.9, 1, 2],
    ],
  )
})

test('Trials that may not be used, have no such histogram or an empty one are left out', () => {
  const invalid = (scenario: string) => ({ invalid: [{ code: 'generator-late' as const, message: 'late', scenario }] })
  const [good, other] = [stored(100, 1), { ...stored(100, 1), scenario: 'capacity' }]
  const rows = percentileRatios(
    runOf([
      [good, good],
      [good, good, invalid('paced')],
      [good, good, invalid('capacity')],
      [good, other],
      [good, null],
      [good, stored(0, 1)],
    ]),
    's',
    metric,
  )
  for (const { pairs, excludedPairs } of rows) assert.deepEqual([pairs, excludedPairs], [2, 4])
  assert.deepEqual(percentileRatios(runOf([[good, null]]), 's', metric), [])
})

test('Where a percentile is zero there is a difference and no ratio', () => {
  const zero = new Histogram()
  zero.record(0, 10)
  const nothing = { ...stored(10, 1), data: zero.encode() }
  const [median] = percentileRatios(runOf([[nothing, stored(10, 1)]]), 's', metric)
  assert.equal(median?.ratio, null)
  near(median!.difference.estimate / 5, 1)
})

test('A run that is no comparison has no ratios', () => {
  const run = makeRun(makeHeader(['base', 'slow'], [{ name: 's', primary: `${metric} p(50)` }]), [])
  assert.throws(() => percentileRatios(run, 's', metric), UserError)
})

test('Where medians of times stand, theirs is the one row', () => {
  const late = { code: 'generator-late', message: 'late', scenario: 'paced', abovePercentile: 50 } as const
  const rows = percentileRatios(
    runOf([1.1, 1.2].map((factor) => [stored(500, 1), stored(500, factor), { invalid: [late] }])),
    's',
    metric,
  )
  assert.deepEqual(
    rows.map(({ percentile, pairs, excludedPairs }) => [percentile, pairs, excludedPairs]),
    [[50, 2, 0]],
  )
})
