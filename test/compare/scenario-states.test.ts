import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exclusionNotes } from '../../harness/compare/exclusions.ts'
import { measurementFaults } from '../../harness/compare/measurement-faults.ts'
import { compareGateMetrics } from '../../harness/compare/paired-comparison.ts'
import { primaryId } from '../../harness/compare/pairs.ts'
import { scenarioStates } from '../../harness/compare/scenario-states.ts'
import { cpuMetric, type PairsWanted, pairedRun, plan } from './paired-run.ts'
import { observe } from './run-builder.ts'

/** So far apart that nothing can be told. */
const wild = (pair: number): number => (pair % 2 === 0 ? 1.5 : 1 / 1.5)

const stateOf = (wanted: PairsWanted): string | undefined => scenarioStates(pairedRun(wanted)).get('browse')

const states: [title: string, wanted: PairsWanted, state: string][] = [
  ['before the first look', { pairs: 11, ratio: () => 1.2 }, 'open'],
  ['that is told apart at the first look', { pairs: 12, ratio: () => 1.2 }, 'decided'],
  ['that is told to be the same', { pairs: 12 }, 'decided'],
  ['of which a look told nothing', { pairs: 12, ratio: wild }, 'open'],
  ['of which the last look told nothing', { pairs: 20, ratio: wild }, 'full'],
  ['whose first four pairs cannot be used', { pairs: 4, late: 4 }, 'open'],
  ['whose first five pairs cannot be used', { pairs: 5, late: 5 }, 'unusable'],
  ['whose first five pairs cannot be used, and the next can', { pairs: 6, late: 5 }, 'open'],
]
for (const [title, wanted, state] of states)
  test(`A scenario ${title} is ${state}`, () => assert.equal(stateOf(wanted), state))

test('Each scenario stands for itself', () => {
  const metrics = ['browse', 'buy'].map((scenario) => ({ ...plan.metrics[0]!, scenario }))
  const run = pairedRun({
    scenarios: ['browse', 'buy'],
    ratio: (pair, scenario) => (scenario === 'buy' ? wild(pair) : 1.2),
    planned: { metrics },
  })
  assert.deepEqual(
    [...scenarioStates(run)],
    [
      ['browse', 'decided'],
      ['buy', 'open'],
    ],
  )
})

test('A metric that wants more pairs keeps its scenario going, one that is never there does not', () => {
  const metrics = [cpuMetric, 'turns p(99)'].map((metric) => ({ ...plan.metrics[0]!, metric }))
  // Of so few samples no p(99) is used.
  const more = () => [observe('turns p(99)', 1, { n: 3 })]
  const stateAt = (pairs: number, ratio = (_pair: number) => 1.2) =>
    stateOf({ pairs, ratio, more, planned: { metrics } })
  assert.deepEqual([stateAt(12, wild), stateAt(12), stateAt(20, wild)], ['open', 'full', 'full'])
})

const given: [title: string, metric: string, message: RegExp][] = [
  [
    'a metric of another name',
    'target_cpu_per_operation{phase:main} value',
    /^UserError: variants "base" and "new" give no "target_cpu_per_operation\{phase:main\} value" under scenario "browse"\. There is: target_cpu_per_op$/,
  ],
  [
    'a metric over another phase',
    'target_cpu_per_op{phase:capacity} value',
    /Of target_cpu_per_op there is: target_cpu_per_op\{phase:main\} value$/,
  ],
]
for (const [title, metric, message] of given) {
  test(`${title[0]!.toUpperCase()}${title.slice(1)} than there is is told after the first pair, with those there are`, () => {
    const metrics = [{ ...plan.metrics[0]!, metric }]
    assert.throws(() => stateOf({ pairs: 1, planned: { metrics } }), message)
  })
}

test('A metric that one variant alone gives leaves no pair to use, and which of them does not is told', () => {
  const metrics = [{ ...plan.metrics[0]!, metric: 'turns p(50)' }]
  const more = (side: 'A' | 'B') => (side === 'A' ? [observe('turns p(50)', 1)] : [])
  const wanted = (pairs: number): PairsWanted => ({ pairs, more, planned: { metrics }, header: { status: 'finished' } })
  assert.deepEqual([stateOf(wanted(4)), stateOf(wanted(5))], ['open', 'unusable'])
  const run = pairedRun(wanted(5))
  assert.match(
    measurementFaults(run, compareGateMetrics(run)).join('\n'),
    /none of 5 pairs can be used, .* \(new, pairs 1, 2, 3, 4 and 5: gives no turns p\(50\)\)$/,
  )
})

test('What a load may record and did not, on either side, is no mistake of who asked', () => {
  const of = (metric: string) => stateOf({ pairs: 1, planned: { metrics: [{ ...plan.metrics[0]!, metric }] } })
  assert.equal(of('iteration_duration p(50)'), 'open')
  assert.throws(() => of('iteration_duration{phase:elsewhere} p(50)'), /give no "iteration_duration\{phase:elsewhere\}/)
})

test('What is never observed over such a part of the load is told after the first pair', () => {
  const more = () => [
    observe('http_req_duration p(50)', 1, { scenario: 'main', n: 100 }),
    observe('throughput value', 100, { phase: 'main' }),
  ]
  for (const metric of ['http_req_duration{phase:main} p(50)', 'throughput value'])
    assert.throws(
      () => stateOf({ pairs: 1, more, planned: { metrics: [{ ...plan.metrics[0]!, metric }] } }),
      /give no ".*Of (http_req_duration|throughput) there is: /,
    )
})

test('A tail of too few samples leaves its pair out, and says how many there were', () => {
  const metrics = [{ ...plan.metrics[0]!, metric: 'http_req_duration p(99)' }]
  const more = (side: 'A' | 'B') => [
    observe('http_req_duration p(50)', 1, { n: side === 'A' ? 380 : 360 }),
    ...(side === 'A' ? [observe('http_req_duration p(99)', 1, { n: 380 })] : []),
  ]
  assert.equal(stateOf({ pairs: 1, more, planned: { metrics } }), 'open')
  assert.deepEqual(exclusionNotes(pairedRun({ pairs: 2, more, planned: { metrics } }), 'browse'), [
    'new, pairs 1 and 2: gives no http_req_duration p(99): too few samples for p(99) (360)',
  ])
})

test('Why a median was left out is told without what spares medians, and that apart from what voids all', () => {
  const more = () => [observe('http_req_duration p(50)', 1, { n: 100 })]
  const run = pairedRun({ pairs: 3, more })
  const mark = { code: 'generator-late', message: 'the generator was late' } as const
  const trials = run.records.filter(({ variant }) => variant === 'new')
  trials[0]!.invalid = [{ ...mark, abovePercentile: 50 }]
  trials[1]!.invalid = [mark]
  assert.deepEqual(exclusionNotes(run, 'browse'), [
    'new, pair 1: not used above p50: the generator was late',
    'new, pair 2: not used: the generator was late',
  ])
  assert.deepEqual(exclusionNotes(run, 'browse', primaryId('http_req_duration p(50)')), [
    'new, pair 2: not used: the generator was late',
  ])
})

test('Trials that failed say nothing of which metrics there are', () => {
  const metrics = [{ ...plan.metrics[0]!, metric: 'turns p(50)' }]
  const record = () => ({ failure: { stage: 'target', message: 'gone', outputTail: [] } as const, observations: [] })
  const failed = pairedRun({
    pairs: 5,
    planned: { metrics },
    record: () => ({ ...record(), failure: { stage: 'target', message: 'gone', outputTail: [] } }),
  })
  assert.equal(scenarioStates(failed).get('browse'), 'unusable')
})

const faults: [title: string, wanted: PairsWanted, message: RegExp | null][] = [
  ['enough valid pairs', { pairs: 13, late: 1 }, null],
  [
    'no valid pair',
    { pairs: 5, late: 5 },
    /none of 5 pairs can be used, the first look needs 12 \(new, pairs 1, 2, 3, 4 and 5: not used: the generator was late\)$/,
  ],
  [
    'too few since some were invalid',
    { pairs: 14, late: 3 },
    /only 11 of 14 pairs can be used, the first look needs 12/,
  ],
  [
    'too few since the budget was short',
    { pairs: 6 },
    /only 6 pairs were run, the first look needs 12: give it a longer budget$/,
  ],
  [
    'too few since the budget was short, and not all valid',
    { pairs: 6, late: 1 },
    /only 5 of 6 pairs can be used, the first look needs 12 /,
  ],
  [
    'as many as an older weir looked at, which tell nothing',
    { pairs: 10, planned: { looks: [10], alpha: 0.0015 } },
    /only 10 pairs were run, the first look needs 11/,
  ],
  ['too few since it was interrupted', { pairs: 6, late: 1, header: { status: 'interrupted' } }, null],
  ['no pair at all', { pairs: 0 }, /no pair was run, the budget lets none in$/],
  ['no pair at all, since it was interrupted', { pairs: 0, header: { status: 'interrupted' } }, null],
]
for (const [title, wanted, message] of faults) {
  test(`A comparison of ${title} is ${message ? 'an invalid measurement' : 'sound'}`, () => {
    const run = pairedRun({ header: { status: 'finished' }, ...wanted })
    const found = measurementFaults(run, compareGateMetrics(run))
    if (message === null) assert.deepEqual(found, [])
    else assert.match(found.join('\n'), message)
  })
}
