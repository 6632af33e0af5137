import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CampaignComparison, Comparison } from '../../../harness/compare/campaign.ts'
import type { Run } from '../../../harness/record/schema.ts'
import { answerOf } from '../../../reports/sections/answer.ts'
import { wordsIn } from '../../../reports/sections/answer-in-counts.ts'
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

test('A change is told with its interval, which is no word of the sentence.', () => {
  const withInterval = comparisonOf(both('polling', 'regressed', 0.5))
  for (const each of withInterval.comparisons) Object.assign(each, { lower: 0.4, upper: 0.6 })
  const two = goldenRun({ samples: 10, variants: goldenVariants.slice(0, 2) })
  const told = answerOf(viewOf(two, withInterval))
  assert.equal(
    told.markup.replace(/<[^>]*>/g, ''),
    'Compared with optimized, polling (+50.0% [+40.0% to +60.0%], +50.0% [+40.0% to +60.0%]) is worse under both scenarios.',
  )
  assert.equal(wordsIn(told), wordsIn(answerOf(viewOf(two, comparisonOf(both('polling', 'regressed', 0.5))))))
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
    /^One usable block gives no verdict; in it, against optimized under turns and ten-thousand-sessions: polling \+50\.0%, \+50\.0%; /,
  )
})

test('Without a usable pair the sentence says so.', () => {
  assert.match(answer([]), /^No verdict, since not one pair of trials is usable: /)
})

test('Where no pair is whole the sentence says what is true of the run: more is to come, or records are missing.', () => {
  const oneSided = { ...run, records: run.records.filter(({ variant }) => variant !== 'optimized') }
  const running: Run = { ...oneSided, header: { ...run.header, status: 'running' } }
  assert.match(answer([], running), /: the trials of the other side are not in yet\.$/)
  assert.match(answer([], oneSided), /: of each the records of one side are missing\.$/)
  const unobserved = { ...run, records: run.records.map((record) => ({ ...record, observations: [] })) }
  assert.match(answer([], unobserved), /: none has the primary metric on both sides\.$/)
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

/** Variants of which each has a verdict of its own under one of the scenarios, and was planned under that one alone. */
function sparse(count: number, change: Partial<Run['header']> = {}): Run {
  const variants = Array.from({ length: count }, (_, at) => ({
    ...goldenVariants[0]!,
    name: at === 0 ? 'optimized' : `v${at}`,
  }))
  const run = goldenRun({ samples: 10, blocks: 1, variants })
  const names = variants.map(({ name }) => name)
  const cells = run.header.scenarios.map(({ name }, scenario) => ({
    scenario: name,
    variants: names.filter((_, at) => at === 0 || at % 2 === scenario),
  }))
  return { ...run, header: { ...run.header, cells, ...change } }
}

const scenarioOf = (at: number): string => (at % 2 === 0 ? 'turns' : 'ten-thousand-sessions')

test('What was never planned is not called without a verdict.', () => {
  assert.equal(
    answer(
      [
        ['v1', scenarioOf(1), 'regressed', 0.5],
        ['v2', scenarioOf(2), 'equivalent', 0],
      ],
      sparse(4),
    ),
    'Compared with optimized, v1 (+50.0%) is worse under ten-thousand-sessions; v2 is the same within 3% under turns; v3 is without a verdict under ten-thousand-sessions.',
  )
})

const words = (text: string): number => text.split(/\s+/).length

/** Every third is worse, better, undecided; the later, the more. */
const mixed = (count: number): Said[] =>
  Array.from({ length: count - 1 }, (_, index): Said => {
    const at = index + 1
    const verdict = (['inconclusive', 'regressed', 'improved'] as const)[at % 3]!
    return [`v${at}`, scenarioOf(at), verdict, (verdict === 'improved' ? -1 : 1) * (at / 100)]
  })

test('Where a sentence would have more words than anybody reads, it counts and names the largest changes.', () => {
  const text = answer(mixed(50), sparse(50))
  assert.equal(
    text,
    'Compared with optimized, 17 of 49 variants are worse under at least one scenario, most of all v49 under ten-thousand-sessions (+49.0%), v46 under turns (+46.0%) and v43 under ten-thousand-sessions (+43.0%); 16 are better, most of all v47 under ten-thousand-sessions (−47.0%).',
  )
  assert.ok(words(text) <= 50, `${words(text)} words`)
})

test('Of an ablation of many the sentence names what is worth most, and all of it at once.', () => {
  const text = answer(mixed(50), sparse(50, { ablation: { together: 'v49', of: null } }))
  assert.match(text, /^Compared with optimized, 16 of 48 variants are worse .* most of all v46 under/)
  assert.match(text, /; all at once, v49 under ten-thousand-sessions \(\+49\.0%\)\.$/)
  assert.ok(words(text) <= 50, `${words(text)} words`)
})

test('Of many without any change the sentence says that there is none.', () => {
  const said = mixed(200).map(([variant, scenario]): Said => [variant, scenario, 'equivalent', 0])
  assert.equal(
    answer(said, sparse(200)),
    'Compared with optimized, none of 199 variants is shown to be worse or better under any scenario.',
  )
})

test('One block of many, or of variants that are not all under each scenario, names what changed most.', () => {
  const said = mixed(50).map(([variant, scenario, , estimate]): Said => [variant, scenario, null, estimate])
  assert.equal(
    answer(said, sparse(50)),
    'One usable block gives no verdict; what changed most in it, against optimized: v47 under ten-thousand-sessions (−47.0%), v44 under turns (−44.0%) and v41 under ten-thousand-sessions (−41.0%).',
  )
})
