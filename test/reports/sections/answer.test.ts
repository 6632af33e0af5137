import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CampaignComparison, Comparison } from '../../../harness/compare/campaign.ts'
import type { Run } from '../../../harness/record/schema.ts'
import { answerOf } from '../../../reports/sections/answer.ts'
import { viewOf } from '../../../reports/view.ts'
import { goldenRun, goldenVariants } from '../../support/records.ts'

const run = goldenRun({ samples: 10 })

type Said = [variant: string, scenario: string, verdict: Comparison['verdict'], estimate: number | null]

/** A comparison of which only the verdicts matter. */
const comparisonOf = (said: readonly Said[]): CampaignComparison => ({
  comparisons: said.map(([variant, scenario, verdict, estimate]) => ({
    variant,
    scenario,
    verdict,
    estimate,
    against: 'optimized',
    metric: 'turn_intended_duration',
    stat: 'p(50)',
    scope: {},
    unit: 'ms',
    better: 'lower',
    primary: true,
    lower: null,
    upper: null,
    intervalKind: 'none',
    difference: { estimate: 0, lower: null, upper: null },
    pairs: 3,
    excludedPairs: 0,
    values: { baseline: [], variant: [] },
    smallestEffect: null,
    doubt: null,
  })),
  validPairs: said.length,
  invalidPairs: 0,
})

const answer = (said: readonly Said[], of: Run = run): string =>
  answerOf(viewOf(of, comparisonOf(said))).markup.replace(/<[^>]*>/g, '')

const both = (variant: string, verdict: Comparison['verdict'], estimate: number): Said[] => [
  [variant, 'turns', verdict, estimate],
  [variant, 'ten-thousand-sessions', verdict, estimate],
]

test('Variants with the same verdicts are told of together, the worst first.', () => {
  const said = [
    ...both('mutex', 'inconclusive', 0.01),
    ...both('polling', 'regressed', 0.5),
    ...both('per-call-client', 'regressed', 0.2),
  ]
  assert.equal(
    answer(said),
    'Compared with optimized, polling (+50.0%, +50.0%) and per-call-client (+20.0%, +20.0%) are worse under both scenarios; mutex is inconclusive under both scenarios.',
  )
})

test('A variant with different verdicts is told of scenario by scenario.', () => {
  const two = goldenRun({ samples: 10, variants: goldenVariants.slice(0, 2) })
  const said: Said[] = [
    ['polling', 'turns', 'equivalent', 0.001],
    ['polling', 'ten-thousand-sessions', 'improved', -0.1],
  ]
  assert.equal(
    answer(said, two),
    'Compared with optimized, polling is better under ten-thousand-sessions and the same within 3% under turns.',
  )
})

test('One block gives no verdict, and the sentence says what was seen in it.', () => {
  const text = answer(both('polling', null, 0.5))
  assert.match(
    text,
    /^One usable block gives no verdict\. In it, against optimized under turns and ten-thousand-sessions: polling \+50\.0%, \+50\.0%; /,
  )
})

test('Without a usable pair the sentence says so.', () => {
  assert.match(answer([]), /^No verdict: not one pair of trials is usable\./)
})

test('Before the first trial has ended the sentence says so.', () => {
  assert.equal(answer([], { ...run, records: [] }), 'No trial has ended yet.')
})

test('A baseline alone is compared with nothing.', () => {
  const alone = goldenRun({ samples: 10, variants: goldenVariants.slice(0, 1) })
  assert.equal(answer([], alone), 'Only optimized was measured: there is nothing to compare it with.')
})

test('Of many variants the sentence gives names and leaves the numbers to the table.', () => {
  const variants = Array.from({ length: 7 }, (_, at) => ({
    ...goldenVariants[0]!,
    name: at === 0 ? 'optimized' : `v${at}`,
  }))
  const said = variants.slice(1).flatMap(({ name }) => both(name, 'regressed', 0.5))
  assert.equal(
    answer(said, goldenRun({ samples: 10, blocks: 1, variants })),
    'Compared with optimized, v1, v2, v3, v4, v5 and v6 are worse under both scenarios.',
  )
})
