import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareRun } from '../../../harness/compare/campaign.ts'
import { logRatios, meanWithInterval, toRatioMinusOne } from '../../../harness/compare/estimate.ts'
import { comparePairs } from '../../../harness/compare/paired-comparison.ts'
import { effectsOf } from '../../../reports/data/effects.ts'
import { forest } from '../../../reports/sections/forest.ts'
import { forestPlot } from '../../../reports/sections/forest-plot.ts'
import { viewOf } from '../../../reports/view.ts'
import { pairedRun } from '../../compare/paired-run.ts'
import { goldenRun } from '../../support/records.ts'

const golden = goldenRun({ samples: 400 })
const comparison = compareRun(golden)
const view = viewOf(golden, comparison)
const variants = { names: view.variants.map(({ name }) => name), areChoices: true }

test('The first metric is the primary one of each scenario, with the estimates and intervals of the verdicts.', () => {
  const [first] = effectsOf(view)
  const expected = comparison.comparisons.filter(({ primary }) => primary)
  assert.deepEqual(
    first!.numbers.flatMap(({ effects }) =>
      effects.map(({ estimate, lower, upper, verdict }) => [estimate, lower, upper, verdict]),
    ),
    expected.map(({ estimate, lower, upper, verdict }) => [estimate, lower, upper, verdict]),
  )
  const { markup } = forest.render(view)!
  for (const { estimate, lower, upper } of expected) {
    assert.ok(markup.includes(`<data value="${estimate}">`))
    assert.ok(markup.includes(`data-lower="${lower}" data-upper="${upper}"`))
  }
})

test('Every headline metric can be chosen, and has Student’s t interval over its pairs.', () => {
  const titles = effectsOf(view).map(({ title }) => title)
  assert.ok(titles.includes('CPU per operation'), titles.join())
  const cpu = effectsOf(view).find(({ title }) => title === 'CPU per operation')!
  const row = comparison.comparisons.find(
    ({ metric, variant, scope }) =>
      metric === 'target_cpu_per_op' && variant === 'polling' && scope.scenario === 'paced',
  )!
  const logs = logRatios(row.values.baseline as number[], row.values.variant as number[])!
  const { variant: _, verdict, pairs, ...interval } = cpu.numbers[0]!.effects[0]!
  assert.deepEqual([interval, verdict, pairs], [toRatioMinusOne(meanWithInterval(logs)), null, 3])
  assert.deepEqual([...forest.render(view)!.markup.matchAll(/<option /g)].length, titles.length)
})

test('A number without a ratio has its row and no picture.', () => {
  const effects = [{ variant: 1, estimate: null, lower: null, upper: null, pairs: 3, verdict: null }]
  const number = {
    scenario: 's',
    number: 'n',
    better: 'lower',
    margins: { change: 0.01, equivalence: 0.03 },
    effects,
  } as const
  const { markup } = forestPlot({ title: 't', numbers: [{ ...number, effects: [...effects] }] }, variants)
  assert.ok(!markup.includes('class="ratios effect"'))
  assert.match(markup, /polling.*<td>–<\/td><td>–<\/td><td>3 pairs/)
})

test('Of two variants that were compared pair by pair the gate metrics come first, as their looks left them.', () => {
  const run = pairedRun({ pairs: 13, ratio: () => 1.05, planned: { ended: 'decided' } })
  const [compared] = comparePairs(run).comparisons
  const [first] = effectsOf(viewOf(run, compareRun(run)))
  assert.equal(first!.title, 'Gate metrics')
  const { estimate, lower, upper, verdict, pairs } = first!.numbers[0]!.effects[0]!
  assert.deepEqual(
    [estimate, lower, upper, verdict, pairs],
    [compared!.estimate, compared!.lower, compared!.upper, compared!.verdict, compared!.pairs],
  )
})

test('Without a pair there is no plot.', () => {
  const none = { ...golden, records: [] }
  assert.equal(forest.render(viewOf(none, compareRun(none))), null)
})
