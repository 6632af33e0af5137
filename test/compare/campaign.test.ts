import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Comparison, compareRun } from '../../harness/compare/campaign.ts'
import type { Observation, TrialRecord } from '../../harness/record/schema.ts'
import { makeHeader, makeRecord, makeRun, observe } from './run-builder.ts'

const primary = 'turn{scenario:paced} p(50)'
const header = makeHeader(['base', 'slow'], [{ name: 's', primary }])
const turn = (value: number) => observe('turn p(50)', value, { scenario: 'paced' })

/** Blocks of one pair each: what base and slow observed; null: no record. */
const runOf = (blocks: [base: Observation[] | null, slow: Observation[] | null][], change?: Partial<TrialRecord>) =>
  makeRun(
    header,
    blocks.flatMap(([base, slow], index) => [
      ...(base ? [makeRecord(['s', 'base', index + 1], base)] : []),
      ...(slow ? [makeRecord(['s', 'slow', index + 1], slow, change)] : []),
    ]),
  )

const near = (value: number | null, expected: number) => {
  assert.ok(value !== null && Math.abs(value - expected) < 1e-6, `${value} should be ${expected}`)
}
const onlyRow = (comparisons: Comparison[]): Comparison => {
  assert.equal(comparisons.length, 1)
  return comparisons[0]!
}

test('The primary metric gets the mean log ratio with its t interval, the mean difference with its own, and a verdict', () => {
  const { comparisons, validPairs, invalidPairs } = compareRun(
    runOf([
      [[turn(40)], [turn(60)]],
      [[turn(50)], [turn(76)]],
      [[turn(60)], [turn(89)]],
    ]),
  )
  const row = onlyRow(comparisons)
  // By hand: logs 0.4054651, 0.4187103, 0.3942918; mean 0.4061558, deviation 0.0122239; times 4.302653 / sqrt(3).
  near(row.estimate, 0.5010363)
  near(Math.log1p(row.lower!), 0.4061558 - 0.0303659)
  near(Math.log1p(row.upper!), 0.4061558 + 0.0303659)
  near(row.difference.estimate, 25)
  near(row.difference.lower, 25 - (4.302653 * Math.sqrt(21)) / Math.sqrt(3))
  near(row.smallestEffect, Math.exp(0.0303659) * 1.01 - 1)
  assert.equal(row.intervalKind, 't95')
  assert.equal(row.verdict, 'regressed')
  assert.deepEqual(row.values, { baseline: [40, 50, 60], variant: [60, 76, 89] })
  assert.deepEqual(
    [row.variant, row.against, row.scenario, row.metric, row.stat, row.scope, row.unit, row.better, row.primary],
    ['slow', 'base', 's', 'turn', 'p(50)', { scenario: 'paced' }, 'ms', 'lower', true],
  )
  assert.deepEqual([row.pairs, row.excludedPairs, validPairs, invalidPairs], [3, 0, 3, 0])
})

test('Every other metric gets the median ratio and the range over pairs, and no verdict', () => {
  const boot = (value: number) => observe('target_boot value', value)
  const row = onlyRow(
    compareRun(
      runOf([
        [[boot(100)], [boot(110)]],
        [[boot(100)], [boot(150)]],
        [[boot(200)], [boot(180)]],
      ]),
    ).comparisons,
  )
  near(row.estimate, 0.1)
  near(row.lower, -0.1)
  near(row.upper, 0.5)
  assert.deepEqual(row.difference, { estimate: 10, lower: -20, upper: 50 })
  assert.deepEqual([row.intervalKind, row.verdict, row.smallestEffect, row.primary], ['range', null, null, false])
})

test('One block has an estimate and a difference, but no interval and no verdict', () => {
  const boot = (value: number) => observe('target_boot value', value)
  const { comparisons } = compareRun(
    runOf([
      [
        [turn(40), boot(100)],
        [turn(60), boot(110)],
      ],
    ]),
  )
  assert.equal(comparisons.length, 2)
  for (const { lower, upper, intervalKind, verdict, smallestEffect, difference } of comparisons) {
    assert.deepEqual([lower, upper, intervalKind, verdict, smallestEffect], [null, null, 'none', null, null])
    assert.deepEqual([difference.lower, difference.upper], [null, null])
  }
  near(comparisons[0]!.estimate, 0.5)
  assert.equal(comparisons[1]!.difference.estimate, 10)
})

test('Pairs with a failed, invalid, missing or incomplete trial are left out and counted', () => {
  const run = runOf([
    [[turn(40)], [turn(60)]],
    [[turn(40)], [turn(61)]],
    [[turn(40)], null],
    [null, [turn(62)]],
    [[turn(40)], []],
    [[turn(40)], [turn(63)]],
    [[turn(40)], [turn(64)]],
    [[turn(40)], [turn(65)]],
  ])
  const recordOf = (variant: string, block: number) =>
    run.records.find((record) => record.variant === variant && record.key.block === block)!
  recordOf('slow', 6).failure = { stage: 'load', message: 'died', outputTail: [] }
  recordOf('base', 7).invalid = [{ code: 'generator-late', message: 'late' }]
  recordOf('slow', 8).invalid = [{ code: 'generator-late', message: 'late', scenario: 'other' }]
  const { comparisons, validPairs, invalidPairs } = compareRun(run)
  const row = onlyRow(comparisons)
  assert.deepEqual([row.pairs, row.excludedPairs, validPairs, invalidPairs], [3, 5, 3, 5])
  assert.deepEqual(row.values.baseline, [40, 40, 40, null, 40, 40, null, 40])
  assert.deepEqual(row.values.variant, [60, 61, null, 62, null, null, 64, 65])
  near(row.estimate, Math.cbrt((60 * 61 * 65) / 40 ** 3) - 1)
})

test('Without a single usable pair there is no row, and the pairs are counted as invalid', () => {
  const invalid = { invalid: [{ code: 'interrupted' as const, message: 'stopped' }] }
  assert.deepEqual(compareRun(runOf([[[turn(40)], [turn(60)]]], invalid)), {
    comparisons: [],
    validPairs: 0,
    invalidPairs: 1,
  })
  assert.deepEqual(compareRun(makeRun(header, [])), { comparisons: [], validPairs: 0, invalidPairs: 0 })
})

test('Where a value is zero there is a difference but no ratio, and a primary metric stays inconclusive', () => {
  const failed = (value: number) => observe('http_req_failed rate', value)
  const { comparisons } = compareRun(
    runOf([
      [
        [turn(0), failed(0)],
        [turn(2), failed(0.1)],
      ],
      [
        [turn(1), failed(0.1)],
        [turn(2), failed(0.2)],
      ],
    ]),
  )
  for (const row of comparisons) {
    assert.deepEqual([row.estimate, row.lower, row.upper, row.intervalKind], [null, null, null, 'none'])
    assert.equal(row.smallestEffect, null)
  }
  const [first, second] = comparisons
  assert.deepEqual([first?.verdict, first?.difference.estimate], ['inconclusive', 1.5])
  assert.equal(second?.verdict, null)
  near(second!.difference.estimate, 0.1)
})

test('A p(99) is compared only over pairs with 370 samples on both sides', () => {
  const tail = (value: number, n: number) => observe('turn p(99)', value, { scenario: 'paced', n })
  const row = onlyRow(
    compareRun(
      runOf([
        [[tail(80, 400)], [tail(90, 369)]],
        [[tail(80, 370)], [tail(88, 370)]],
      ]),
    ).comparisons,
  )
  near(row.estimate, 0.1)
  assert.deepEqual(row.values, { baseline: [80, 80], variant: [null, 88] })
  assert.deepEqual([row.pairs, row.excludedPairs], [1, 1])
})

test('The same differences in the other direction improve, and a metric where higher is better is judged by that', () => {
  const rates = makeHeader(['base', 'slow'], [{ name: 's', primary: 'iterations rate' }])
  const verdictOf = (a: number, b: number) => {
    const blocks = [1, 2, 3].flatMap((block) => [
      makeRecord(['s', 'base', block], [observe('iterations rate', a + block)]),
      makeRecord(['s', 'slow', block], [observe('iterations rate', b + block)]),
    ])
    return onlyRow(compareRun(makeRun(rates, blocks)).comparisons).verdict
  }
  assert.equal(verdictOf(1000, 1200), 'improved')
  assert.equal(verdictOf(1200, 1000), 'regressed')
  assert.equal(verdictOf(1000, 1000), 'equivalent')
})

test('Rows stand by scenario as in the header, the primary metric first, then the metrics of the script, then the table', () => {
  const scenarios = [
    { name: 'z', primary: 'target_boot value' },
    { name: 'a', primary: 'turn{scenario:paced} p(50)' },
  ]
  const observations = [
    observe('target_rss_peak value', 1),
    observe('target_boot value', 1),
    observe('http_reqs rate', 1, { phase: 'paced' }),
    turn(1),
    observe('turn p(95)', 1, { scenario: 'paced' }),
  ]
  const variants = ['base', 'x', 'b']
  const records = ['a', 'z'].flatMap((scenario) =>
    ['b', 'x', 'base'].map((variant) => makeRecord([scenario, variant, 1], observations)),
  )
  const { comparisons } = compareRun(makeRun(makeHeader(variants, scenarios), records))
  assert.deepEqual(
    comparisons.map(({ scenario, metric, stat, variant }) => `${scenario} ${metric} ${stat} ${variant}`),
    [
      ...['z target_boot value', 'z turn p(50)', 'z turn p(95)', 'z http_reqs rate', 'z target_rss_peak value'],
      ...['a turn p(50)', 'a turn p(95)', 'a http_reqs rate', 'a target_boot value', 'a target_rss_peak value'],
    ].flatMap((row) => [`${row} x`, `${row} b`]),
  )
  assert.deepEqual(
    comparisons.filter((each) => each.primary).map(({ scenario, metric }) => [scenario, metric]),
    [
      ['z', 'target_boot'],
      ['z', 'target_boot'],
      ['a', 'turn'],
      ['a', 'turn'],
    ],
  )
})

test('The same metric over another part of the load is another row, and not primary', () => {
  const capacity = (value: number) => observe('turn p(50)', value, { scenario: 'capacity' })
  const { comparisons } = compareRun(
    runOf([
      [
        [capacity(1), turn(40)],
        [capacity(2), turn(60)],
      ],
    ]),
  )
  assert.deepEqual(
    comparisons.map(({ scope, primary: isPrimary }) => [scope, isPrimary]),
    [
      [{ scenario: 'paced' }, true],
      [{ scenario: 'capacity' }, false],
    ],
  )
})

test('What is compared survives being written as JSON', () => {
  const comparison = compareRun(runOf([[[turn(40)], [turn(60)]]]))
  assert.deepEqual(JSON.parse(JSON.stringify(comparison)), comparison)
})

test('A variant that fails more often is not improved, however fast it fails', () => {
  const header = makeHeader(['base', 'fails'], [{ name: 's', primary: 'iterations rate' }])
  const records = [1, 2, 3].flatMap((block) => [
    makeRecord(['s', 'base', block], [observe('iterations rate', 100 + block), observe('http_req_failed rate', 0)]),
    makeRecord(['s', 'fails', block], [observe('iterations rate', 200 + block), observe('http_req_failed rate', 1)]),
  ])
  const primary = compareRun({ header, records }).comparisons.find((each) => each.primary)
  assert.equal(primary?.verdict, 'inconclusive')
  assert.equal(
    primary?.doubt,
    'fails fails more often (http_req_failed: 100% against 0%), so its figures prove nothing',
  )
})

const failing = (of: (block: number) => { rate: number; more: Observation[] }[]) => {
  const header = makeHeader(['base', 'new'], [{ name: 's', primary: 'iterations rate' }])
  const records = [1, 2, 3].flatMap((block) =>
    of(block).map(({ rate, more }, at) =>
      makeRecord(['s', at === 0 ? 'base' : 'new', block], [observe('iterations rate', rate), ...more]),
    ),
  )
  const primary = compareRun({ header, records }).comparisons.find((each) => each.primary)!
  return [primary.verdict, primary.doubt]
}

test('A failure here and there is chance, and takes no verdict away', () => {
  const failed = (value: number) => [observe('http_req_failed rate', value, { n: 900 })]
  const blocks = (block: number) => [
    { rate: 100 + block / 10, more: failed(0) },
    { rate: 200 + block / 10, more: failed(block < 3 ? 1 / 900 : 0) },
  ]
  assert.deepEqual(failing(blocks), ['improved', null])
})

test('A variant that drops what it should have begun is not improved', () => {
  const blocks = (block: number) => [
    { rate: 100 + block / 10, more: [observe('iterations count', 1000)] },
    { rate: 200 + block / 10, more: [observe('iterations count', 600), observe('dropped_iterations count', 400)] },
  ]
  assert.deepEqual(failing(blocks), [
    'inconclusive',
    'new fails more often (dropped_iterations: 40% against 0%), so its figures prove nothing',
  ])
})
