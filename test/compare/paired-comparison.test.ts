import assert from 'node:assert/strict'
import { test } from 'node:test'
import { comparePairs, isDecided, type PairedComparison } from '../../harness/compare/paired-comparison.ts'
import { UserError } from '../../harness/errors.ts'
import type { ComparisonPlan, Observation, Run, TrialRecord } from '../../harness/record/schema.ts'
import { makeHeader, makeRecord, makeRun, observe } from './run-builder.ts'
import { seededNormal } from './seeded-normal.ts'

const metric = 'turn{scenario:paced} p(50)'
const margins = { change: 0.01, equivalence: 0.03 }
const plan: ComparisonPlan = {
  variant: 'slow',
  against: 'base',
  metrics: [{ scenario: 's', metric, margins }],
  alpha: 0.003,
  looks: [12, 20, 40],
  budgetMs: 300_000,
  mode: 'trials',
  ended: null,
}
const turn = (value: number) => observe('turn p(50)', value, { scenario: 'paced' })
const cpu = (value: number) => observe('target_cpu_per_op value', value, { phase: 'paced' })

interface Pairs {
  count: number
  /** ln(B/A) of each pair, 1-based. */
  log(pair: number): number
  more?(side: 'A' | 'B', pair: number): Observation[]
  change?(side: 'A' | 'B', pair: number): Partial<TrialRecord>
}

function runOf(
  { count, log, more = () => [], change = () => ({}) }: Pairs,
  planned: Partial<ComparisonPlan> = {},
): Run {
  const header = makeHeader(['base', 'slow'], [{ name: 's', primary: metric }], { comparison: { ...plan, ...planned } })
  const records = Array.from({ length: count }, (_, index) => index + 1).flatMap((pair) => {
    const a = 40 + (pair % 7)
    return [
      makeRecord(['s', 'base', pair], [turn(a), ...more('A', pair)], change('A', pair)),
      makeRecord(['s', 'slow', pair], [turn(a * Math.exp(log(pair))), ...more('B', pair)], change('B', pair)),
    ]
  })
  return makeRun(header, records)
}

const only = (run: Run): PairedComparison => {
  const { comparisons } = comparePairs(run)
  assert.equal(comparisons.length, 1)
  return comparisons[0]!
}
const near = (value: number | null, expected: number) =>
  assert.ok(value !== null && Math.abs(value - expected) < 1e-9, `${value} should be ${expected}`)
const noisy = (centre: number, deviation: number, seed = 1) => {
  const normal = seededNormal(seed)
  const drawn = Array.from({ length: 200 }, () => centre + deviation * normal())
  return (pair: number) => drawn[pair - 1]!
}

test('Before the first look there is a difference, and neither estimate nor verdict', () => {
  const row = only(runOf({ count: 11, log: () => 0.1 }))
  assert.deepEqual([row.estimate, row.lower, row.upper, row.confidence, row.signFlipP], [null, null, null, null, null])
  assert.deepEqual([row.pairs, row.excludedPairs, row.verdict, row.smallestEffect], [11, 0, 'inconclusive', null])
  assert.deepEqual([row.looks, row.difference?.lower], [[], null])
  assert.ok(row.difference!.estimate > 4)
  assert.equal(row.doubt, 'too few pairs: 11 can be used, the first look needs 12')
  assert.deepEqual([row.unit, row.better], ['ms', 'lower'])
})

test('A look has the median of the averages of log ratios, and the exact bounds of its part of the error', () => {
  // Logs 0.05 to 0.16 by 0.01: of 12 of 40 pairs (12/40)^0.75 of 0.003 may be used: 0.0012.
  const row = only(runOf({ count: 12, log: (pair) => 0.04 + pair / 100 }))
  near(row.estimate, Math.expm1(0.105))
  near(row.lower, Math.expm1(0.055))
  near(row.upper, Math.expm1(0.155))
  near(row.smallestEffect, Math.exp(0.05) * 1.01 - 1)
  assert.equal(row.confidence, 1 - 2 ** -10)
  assert.equal(row.signFlipP, 2 ** -11)
  assert.equal(row.verdict, 'regressed')
  assert.equal(row.looks.length, 1)
  assert.deepEqual([row.looks[0]!.pairs, row.looks[0]!.alpha, row.looks[0]!.lower], [12, 2 ** -10, row.lower])
})

test('What hits one pair in ten keeps the two from being equivalent, though the middle does not show it', () => {
  const calm = noisy(0, 0.005)
  const hits = (pair: number) => (pair % 10 === 0 ? Math.log(3) : calm(pair))
  assert.equal(only(runOf({ count: 40, log: calm })).verdict, 'equivalent')
  const row = only(runOf({ count: 40, log: hits }))
  assert.equal(row.verdict, 'inconclusive')
  assert.match(row.doubt!, /^the mean of the pairs is \+1\d\.\d%: some differ far more than those in the middle$/)
  assert.equal(row.looks.at(-1)!.verdict, 'inconclusive')
})

test('A metric stays as the look that decided it saw it', () => {
  const decided = only(runOf({ count: 12, log: (pair) => 0.04 + pair / 100 }))
  const later = only(runOf({ count: 33, log: (pair) => (pair <= 12 ? 0.04 + pair / 100 : -1) }))
  assert.deepEqual(later, decided)
})

test('What is not decided is looked at again when there are more pairs, and in between stays as it was', () => {
  const log = noisy(0.02, 0.06)
  const rows = [12, 19, 20, 40].map((count) => only(runOf({ count, log })))
  assert.deepEqual(
    rows.map(({ looks }) => looks.map(({ pairs }) => pairs)),
    [[12], [12], [12, 20], [12, 20, 40]],
  )
  assert.deepEqual({ ...rows[1], excludedPairs: 0 }, rows[0])
  assert.ok(rows[3]!.upper! - rows[3]!.lower! < rows[2]!.upper! - rows[2]!.lower!)
})

test('When the budget ends, what is there is looked at with all that is left; when it is interrupted, it is not', () => {
  const run = (ended: ComparisonPlan['ended']) => only(runOf({ count: 31, log: noisy(0.02, 0.06) }, { ended }))
  const pairs = (row: PairedComparison) => row.looks.map((look) => look.pairs)
  assert.deepEqual(pairs(run('budget')), [12, 20, 31])
  assert.deepEqual(pairs(run('most-pairs')), [12, 20, 31])
  assert.deepEqual(pairs(run('interrupted')), [12, 20])
  const used = run('budget').looks.reduce((sum, { alpha }) => sum + alpha, 0)
  assert.ok(used <= 0.003 && used > 0.0028, String(used))
})

test('The end of the budget at a look takes its place in the row of looks', () => {
  const log = noisy(0.02, 0.06)
  const [running, ended] = [null, 'budget' as const].map((end) => only(runOf({ count: 20, log }, { ended: end })))
  assert.deepEqual(
    ended!.looks.map((look) => look.pairs),
    [12, 20],
  )
  assert.ok(ended!.looks[1]!.alpha > running!.looks[1]!.alpha)
})

test('Ten pairs can decide where the budget ends with them, eleven cannot where the error is shared by ten metrics', () => {
  const log = (pair: number) => 0.04 + pair / 100
  assert.equal(only(runOf({ count: 10, log }, { ended: 'budget' })).verdict, 'regressed')
  const row = only(runOf({ count: 11, log }, { ended: 'budget', alpha: 0.0003 }))
  assert.deepEqual([row.verdict, row.lower, row.confidence], ['inconclusive', null, null])
  near(row.estimate, Math.expm1(0.1))
  assert.equal(row.doubt, 'too few pairs: 11 cannot tell anything with the error that is left for this look')
})

test('Metrics share the error evenly, and the comparison is decided when all of them are', () => {
  const metrics = [metric, 'target_cpu_per_op{phase:paced} value'].map((text) => ({
    scenario: 's',
    metric: text,
    margins,
  }))
  const more = (cpuLog: (pair: number) => number) => (side: 'A' | 'B', pair: number) => [
    cpu(side === 'A' ? 1 : Math.exp(cpuLog(pair))),
  ]
  const log = (pair: number) => 0.04 + pair / 100
  const same = runOf({ count: 20, log, more: more((pair) => pair / 10_000) }, { metrics })
  const { comparisons, isDecided: decided, validPairs, invalidPairs } = comparePairs(same)
  assert.deepEqual(
    comparisons.map(({ verdict, pairs }) => [verdict, pairs]),
    [
      ['regressed', 12],
      ['equivalent', 12],
    ],
  )
  for (const { looks } of comparisons) assert.ok(looks[0]!.alpha <= 0.0015 * (12 / 40) ** 0.75)
  assert.deepEqual([decided, isDecided(same), validPairs, invalidPairs], [true, true, 20, 0])
  const wide = runOf({ count: 20, log, more: more((pair) => (pair % 2) - 0.5) }, { metrics })
  assert.deepEqual([comparePairs(wide).isDecided, isDecided(wide)], [false, false])
})

test('Pairs that cannot be used are left out of a metric and counted, and it is looked at when it has enough', () => {
  const change = (side: 'A' | 'B', pair: number): Partial<TrialRecord> =>
    side === 'B' && pair % 5 === 0 ? { invalid: [{ code: 'generator-late', message: 'late' }] } : {}
  const result = comparePairs(runOf({ count: 15, log: (pair) => 0.04 + pair / 100, change }))
  const [row] = result.comparisons
  assert.deepEqual([row!.pairs, row!.excludedPairs, result.validPairs, result.invalidPairs], [12, 3, 12, 3])
  near(row!.upper, Math.expm1(0.175))
})

test('A metric that nobody observed has a row that says so', () => {
  const row = only(
    runOf({ count: 12, log: () => 0 }, { metrics: [{ scenario: 's', metric: 'nothing value', margins }] }),
  )
  assert.deepEqual([row.unit, row.better, row.pairs, row.excludedPairs], ['none', 'none', 0, 12])
  assert.deepEqual([row.estimate, row.difference, row.verdict], [null, null, 'inconclusive'])
})

test('From nothing to something is a regression without a ratio, to nothing the largest of improvements', () => {
  const zero = { scenario: 's', metric: 'http_req_failed rate', margins }
  const of = (a: number, b: number) =>
    only(
      runOf(
        { count: 12, log: () => 0, more: (side) => [observe('http_req_failed rate', side === 'A' ? a : b)] },
        { metrics: [zero] },
      ),
    )
  const worse = of(0, 0.1)
  assert.deepEqual(
    [worse.verdict, worse.estimate, worse.lower, worse.upper, worse.signFlipP],
    ['regressed', null, null, null, null],
  )
  near(worse.difference!.estimate, 0.1)
  const better = of(0.1, 0)
  assert.deepEqual([better.verdict, better.estimate, better.lower, better.upper], ['improved', -1, -1, -1])
})

test('One pair without a ratio takes part by its rank: it moves no estimate, and keeps nobody from a verdict', () => {
  const gc = { scenario: 's', metric: 'target_gc_pause_total{phase:paced} value', margins }
  const of = (b: (pair: number) => number) =>
    only(
      runOf(
        {
          count: 20,
          log: () => 0,
          more: (side, pair) => [
            observe('target_gc_pause_total value', side === 'A' ? (pair === 3 ? 0 : 10) : b(pair), { phase: 'paced' }),
          ],
        },
        { metrics: [gc] },
      ),
    )
  const worse = of((pair) => 13 + pair / 100)
  assert.equal(worse.verdict, 'regressed')
  assert.ok(worse.estimate! > 0.3 && worse.estimate! < 0.34, String(worse.estimate))
  const torn = of((pair) => (pair === 4 ? 0 : 10))
  assert.match(torn.doubt!, /^no ratio, since values are zero now on one side and now on the other/)
})

const drops = { scenario: 's', metric: 'dropped_iterations count', margins }

test('A counter that one side never touched is 0 there: no pair is left out, and the difference is there', () => {
  const more = (side: 'A' | 'B') => (side === 'A' ? [observe('dropped_iterations count', 7)] : [])
  const run = runOf({ count: 12, log: () => 0, more }, { metrics: [drops] })
  const row = only(run)
  assert.deepEqual([row.pairs, row.excludedPairs, row.difference!.estimate], [12, 0, -7])
  assert.equal(row.verdict, 'improved')
  const others = comparePairs(runOf({ count: 12, log: () => 0, more })).others
  assert.equal(others.find((each) => each.metric === drops.metric)!.difference.estimate, -7)
})

test('What neither side ever counted is the same on both, and so is what both counted alike', () => {
  for (const more of [() => [], () => [observe('dropped_iterations count', 3)]]) {
    const row = only(runOf({ count: 12, log: () => 0, more }, { metrics: [drops] }))
    assert.deepEqual([row.verdict, row.estimate, row.unit, row.better], ['equivalent', 0, 'count', 'lower'])
  }
})

test('A counter that the script declares is 0 before anybody ever added to it, its rate in its own unit', () => {
  for (const [metric, unit] of [
    ['retries count', 'count'],
    ['retries rate', 'per second'],
  ]) {
    const run = runOf({ count: 12, log: () => 0 }, { metrics: [{ scenario: 's', metric: metric!, margins }] })
    const declared = [{ name: 'retries', kind: 'counter' as const, better: 'lower' as const }]
    const scenarios = run.header.scenarios.map((each) => ({ ...each, declared }))
    const row = only({ ...run, header: { ...run.header, scenarios } })
    assert.deepEqual([row.verdict, row.pairs, row.unit], ['equivalent', 12, unit])
  }
})

test('A counter of a script is 0 where nobody added to it, if it says that fewer is better', () => {
  const errors = (better: 'lower' | 'none'): Observation => ({
    ...observe('errors count', 3),
    ...{ unit: 'count', better },
  })
  const of = (better: 'lower' | 'none') =>
    only(
      runOf(
        { count: 12, log: () => 0, more: (side, pair) => (side === 'A' || pair > 6 ? [errors(better)] : []) },
        { metrics: [{ scenario: 's', metric: 'errors count', margins }] },
      ),
    )
  assert.deepEqual([of('lower').pairs, of('lower').excludedPairs], [12, 0])
  assert.deepEqual([of('none').pairs, of('none').excludedPairs], [6, 6])
})

test('What was done, parts of the load that there were not, and trials that may not be used are not taken for 0', () => {
  const change = (side: 'A' | 'B', pair: number): Partial<TrialRecord> =>
    side === 'B' && pair === 1 ? { invalid: [{ code: 'generator-late', message: 'late' }] } : {}
  const of = (metric: string) => only(runOf({ count: 12, log: () => 0, change }, { metrics: [{ ...drops, metric }] }))
  assert.equal(of('iterations count').excludedPairs, 12)
  assert.equal(of('dropped_iterations{phase:elsewhere} count').excludedPairs, 12)
  assert.equal(of('dropped_iterations{scenario:paced} count').excludedPairs, 1)
})

for (const [what, centre, failing, verdict] of [
  ['improves while it fails more often', -0.1, 'B', 'inconclusive'],
  ['is the same while it fails more often', 0, 'B', 'inconclusive'],
  ['is the same while the baseline fails more often', 0, 'A', 'inconclusive'],
  ['is worse than a baseline that fails more often', 0.1, 'A', 'inconclusive'],
  ['is worse and fails more often', 0.1, 'B', 'regressed'],
  ['improves on a baseline that fails more often', -0.1, 'A', 'improved'],
] as const) {
  test(`A variant that ${what} is ${verdict}`, () => {
    const more = (side: 'A' | 'B') => [observe('http_req_failed rate', side === failing ? 0.05 : 0)]
    const run = runOf({ count: 12, log: (pair) => centre + pair / 10_000, more })
    const row = only(run)
    assert.equal(row.verdict, verdict)
    if (verdict === 'inconclusive') {
      assert.match(
        row.doubt!,
        /^(base|slow) fails more often \(http_req_failed: 5% against 0%\), so its figures prove nothing$/,
      )
    }
    assert.equal(isDecided(run), true)
  })
}

const failed = (value: number, n = 100) => observe('http_req_failed rate', value, { n })
const slower = (more: NonNullable<Pairs['more']>) =>
  only(runOf({ count: 20, log: (pair) => 0.1 + pair / 10_000, more }))

test('A regression stands where the baseline fails more often by chance, or by a fraction of a percent', () => {
  const chance = slower((side, pair) => [failed(side === 'A' ? [0, 0.01, 0.02, 0.05][pair % 4]! : 0.01)])
  assert.deepEqual([chance.verdict, chance.doubt], ['regressed', null])
  const surely = slower((side) => [failed(side === 'A' ? 0.005 : 0, 100_000)])
  assert.deepEqual([surely.verdict, surely.doubt], ['regressed', null])
})

test('Of several measures of failure each is asked, not the first that differs', () => {
  const more = (side: 'A' | 'B') => [
    observe('checks rate', side === 'A' ? 0.95 : 1, { n: 1000 }),
    failed(side === 'A' ? 0 : 0.05, 1000),
  ]
  const row = only(runOf({ count: 12, log: (pair) => -0.1 + pair / 10_000, more }))
  assert.equal(row.doubt, 'slow fails more often (http_req_failed: 5% against 0%), so its figures prove nothing')
})

test('Pairs that have one failure each by chance are no proof, however alike they are', () => {
  const same = (n: number) =>
    only(
      runOf({
        count: 12,
        log: (pair) => -0.1 + pair / 10_000,
        more: (side) => [failed(side === 'A' ? 0.01 : 0.012, n)],
      }),
    )
  assert.equal(same(100).verdict, 'improved')
  assert.equal(same(1_000_000).verdict, 'inconclusive')
})

test('A variant that leaves more of the work undone is not the better one', () => {
  const more = (side: 'A' | 'B') => [
    observe('iterations count', side === 'A' ? 1000 : 100),
    ...(side === 'A' ? [] : [observe('dropped_iterations count', 900)]),
  ]
  const row = only(runOf({ count: 12, log: (pair) => -0.05 + pair / 10_000, more }))
  assert.equal(row.verdict, 'inconclusive')
  assert.equal(row.doubt, 'slow fails more often (dropped_iterations: 90% against 0%), so its figures prove nothing')
})

test('Every other metric has its estimate and interval at 95% over all its pairs, and no part in the decision', () => {
  const more = (side: 'A' | 'B', pair: number) => [
    cpu(side === 'A' ? 1 : 1 + pair / 100),
    turnMax(side === 'A' ? 0 : 1),
  ]
  const turnMax = (value: number) => observe('turn max', value, { scenario: 'paced' })
  const { others, isDecided: decided } = comparePairs(runOf({ count: 14, log: (pair) => 0.04 + pair / 100, more }))
  assert.equal(decided, true)
  assert.deepEqual(
    others.map((each) => each.metric),
    ['turn{scenario:paced} max', 'target_cpu_per_op{phase:paced} value'],
  )
  const [max, perOp] = others
  assert.deepEqual([max!.estimate, max!.lower, max!.difference.estimate], [null, null, 1])
  assert.deepEqual([perOp!.pairs, perOp!.excludedPairs], [14, 0])
  assert.ok(perOp!.lower! > 0.01 && perOp!.upper! < 0.14 && Math.abs(perOp!.estimate! - 0.075) < 1e-3)
})

test('The same records and seed give the same bytes', () => {
  const text = () => JSON.stringify(comparePairs(runOf({ count: 40, log: noisy(0.01, 0.03) })))
  assert.equal(text(), text())
})

test('A run that is no comparison is refused', () => {
  const run = makeRun(makeHeader(['base', 'slow'], [{ name: 's', primary: metric }]), [])
  assert.throws(() => comparePairs(run), UserError)
  assert.throws(() => isDecided(run), /run run is no comparison/)
})
