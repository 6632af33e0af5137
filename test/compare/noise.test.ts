import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { againOf, needsOf, noiseOf, noiseStates } from '../../harness/compare/noise.ts'
import { formatNoise } from '../../harness/compare/noise-table.ts'
import { pairsNeeded } from '../../harness/compare/pairs-needed.ts'
import { defaultMargins, marginsFrom } from '../../harness/compare/verdict.ts'
import { noiseFloors } from '../../harness/record/noise.ts'
import type { ComparisonPlan, Run } from '../../harness/record/schema.ts'
import { makeHeader, makeRecord, makeRun, observe } from './run-builder.ts'

const primary = 'turn{scenario:paced} p(50)'
const plan: ComparisonPlan = {
  variant: againOf('base'),
  against: 'base',
  metrics: [{ scenario: 's', metric: primary, margins: { change: 0.01, equivalence: 0.03 } }],
  alpha: 0.003,
  looks: [20],
  budgetMs: 1e6,
  mode: 'trials',
  ended: 'most-pairs',
}
const turn = (value: number) => observe('turn p(50)', value, { scenario: 'paced' })
const at = (seconds: number) => new Date(1_764_000_000_000 + 1000 * seconds).toISOString()

/** Pairs of which the second side has these logs above the first; a pair takes 30 s. */
const runOf = (logs: number[], change: Partial<ComparisonPlan> = {}): Run => {
  const header = makeHeader(['base', againOf('base')], [{ name: 's', primary }], {
    startedAt: at(0),
    comparison: { ...plan, ...change },
  })
  const records = logs.flatMap((log, index) => [
    makeRecord(['s', 'base', index + 1], [turn(100), observe('target_boot value', 300)], {
      startedAt: at(60 * index),
      durationS: 14,
      eventLoopSampling: 'interval',
    }),
    makeRecord(['s', againOf('base'), index + 1], [turn(100 * Math.exp(log)), observe('target_boot value', 0)], {
      startedAt: at(60 * index + 15),
      durationS: 15,
    }),
  ])
  return makeRun(header, records)
}

const near = (value: number, expected: number) =>
  assert.ok(Math.abs(value - expected) < 1e-9, `${value} should be ${expected}`)

describe('Noise', () => {
  test('is the standard deviation of ln(B/A) from pair to pair, with the seconds that a pair takes', () => {
    const [sample, ...others] = noiseOf(runOf([0.01, -0.01, 0.03]))
    // By hand: mean 0.01, squares 0 + 0.0004 + 0.0004 over 2 degrees of freedom.
    near(sample!.sdLog, 0.02)
    near(sample!.meanLog, 0.01)
    assert.deepEqual([sample!.metric, sample!.pairs, sample!.secondsAPair, sample!.variant], [primary, 3, 30, 'base'])
    assert.deepEqual([sample!.mode, sample!.eventLoopSampling, sample!.unit], ['trials', 'interval', 'ms'])
    // A number without a ratio has no noise of that kind.
    assert.deepEqual(others, [])
  })

  test('counts the seconds of pairs that cannot be used, too', () => {
    const { header, records } = runOf([0.01, -0.01, 0.03])
    const last = records.at(-1)!
    const voided = { ...last, durationS: 60, invalid: [{ code: 'trial-failed' as const, message: '' }] }
    const [sample] = noiseOf(makeRun(header, [...records.slice(0, -1), voided]))
    assert.deepEqual([sample!.pairs, sample!.usableShare, sample!.secondsAPair], [2, 2 / 3, (30 + 30 + 75) / 3])
  })

  test('is none of one pair', () => assert.deepEqual(noiseOf(runOf([0.01])), []))

  test('of a pair in slices counts the time of both sides, of which each record has half', () => {
    const run = runOf([0.01, -0.01, 0.03], { mode: 'slices' })
    const records = run.records.map((record) => ({
      ...record,
      startedAt: at(60 * record.key.pair),
      durationS: 12,
      slices: [{ startS: 0, endS: 1, drainedS: 1 }],
    }))
    assert.equal(noiseOf(makeRun(run.header, records))[0]!.secondsAPair, 24)
  })

  test('is not to be had from a comparison of two variants, nor from a campaign', () => {
    assert.throws(() => noiseOf(runOf([0, 0], { variant: 'other' })), /compares "other" with "base".*weir noise/)
    const { comparison: _, ...header } = runOf([0, 0]).header
    assert.throws(() => noiseOf({ header, records: [] }), /run "run" is no comparison/)
  })

  test('of several runs is pooled within the runs, by pairs', () => {
    const samples = [runOf([0.01, -0.01, 0.03]), runOf([0.5, 0.52])].flatMap((run, index) =>
      noiseOf({ ...run, header: { ...run.header, id: `run-${index}` } }),
    )
    const [floor, ...others] = noiseFloors(samples)
    assert.deepEqual([others.length, floor!.pairs, floor!.runs], [0, 5, ['run-0', 'run-1']])
    // (2 x 0.0004 + 1 x 0.0002) / 3: that the second run lies elsewhere is not spread from pair to pair.
    near(floor!.sdLog ** 2, 0.001 / 3)
    near(floor!.secondsAPair, 30)
  })

  test('of another mode, or with delays sampled in another way, is another entry', () => {
    const run = runOf([0.01, -0.01])
    const slices = runOf([0.01, -0.01], { mode: 'slices' })
    const iteration = makeRun(
      run.header,
      run.records.map((record) => ({ ...record, eventLoopSampling: 'iteration' })),
    )
    const floors = noiseFloors([run, slices, iteration].flatMap(noiseOf))
    assert.deepEqual(
      floors.map(({ mode, eventLoopSampling }) => [mode, eventLoopSampling]),
      [
        ['trials', 'interval'],
        ['slices', 'interval'],
        ['trials', 'iteration'],
      ],
    )
  })
})

describe('What it takes to find an effect', () => {
  const floor = noiseFloors(noiseOf(runOf([0.03, -0.03, 0.03, -0.03])))[0]!

  test('is the pairs of the procedure, and the minutes that they take', () => {
    const needs = needsOf(floor, 0.003, defaultMargins)
    assert.deepEqual(
      needs.map(({ effect, power }) => [effect, power]),
      [
        [0.02, 0.8],
        [0.05, 0.8],
        [0.1, 0.8],
        [0.02, 0.95],
        [0.05, 0.95],
        [0.1, 0.95],
      ],
    )
    for (const { effect, power, pairs, minutes, isWithoutMargin } of needs) {
      const margins = isWithoutMargin ? marginsFrom({ change: 0 }) : defaultMargins
      assert.equal(pairs, pairsNeeded({ sd: floor.sdLog, effect, margins, alpha: 0.003 }, power))
      assert.equal(minutes, pairs === null ? null : pairs / 2)
    }
    assert.deepEqual(
      needs.filter(({ power }) => power === 0.95).map(({ isWithoutMargin }) => isWithoutMargin),
      [false, false, false],
    )
  })

  test('is that without a margin where the effect does not exceed it, or is called equivalent first', () => {
    const calm = { ...floor, sdLog: 0.011 }
    for (const margins of [marginsFrom({ change: 0.02 }), defaultMargins]) {
      const [need] = needsOf(calm, 0.003, margins)
      const pairs = pairsNeeded({ sd: 0.011, effect: 0.02, margins: marginsFrom({ change: 0 }), alpha: 0.003 }, 0.8)!
      assert.deepEqual(need, { effect: 0.02, power: 0.8, pairs, minutes: pairs / 2, isWithoutMargin: true })
    }
    assert.deepEqual(needsOf({ ...floor, sdLog: 0.5 }, 0.003, defaultMargins)[0], {
      ...{ effect: 0.02, power: 0.8, pairs: null, minutes: null, isWithoutMargin: false },
    })
  })

  test('takes as much longer as there are pairs that cannot be used', () => {
    const [whole] = needsOf({ ...floor, sdLog: 0.011 }, 0.003, defaultMargins)
    const [half] = needsOf({ ...floor, sdLog: 0.011, usableShare: 0.5 }, 0.003, defaultMargins)
    assert.deepEqual([half!.pairs, half!.minutes], [whole!.pairs, 2 * whole!.minutes!])
  })
})

describe('A run that measures noise', () => {
  test('goes on until it has its pairs, whatever they say', () => {
    const state = (logs: number[]) => noiseStates(runOf(logs), 3).get('s')
    assert.deepEqual([state([0.5, 0.5]), state([0.5, 0.5, 0.5])], ['open', 'full'])
  })

  test('gives up where no pair can be used', () => {
    const run = runOf([0, 0, 0, 0, 0])
    const failed = run.records.map((record) => ({
      ...record,
      invalid: [{ code: 'trial-failed' as const, message: '' }],
    }))
    assert.equal(noiseStates({ ...run, records: failed }, 3).get('s'), 'unusable')
  })
})

test('The table of noise has the pairs and minutes for each effect, and says how rough a few pairs are', () => {
  const run = runOf([0.03, -0.03, 0.03, -0.03])
  const floors = noiseFloors(noiseOf(run))
  const table = formatNoise(run, floors, { width: 80 })
  const { pairs, minutes } = needsOf(floors[0]!, 0.003, defaultMargins).find(
    ({ effect, power }) => effect === 0.1 && power === 0.8,
  )!
  assert.match(table, /^noise of base against itself, machine f, trials\n/)
  assert.match(table, /s: 4 pairs of 30 s in 1 run\n/)
  assert.match(table, new RegExp(` 3\\.5% +80% .* ${pairs}, ${Math.ceil(minutes!)} min\\n`))
  assert.match(table.replace(/\s+/g, ' '), /of 4 pairs the sd is known to about 41% of itself/)
  for (const line of table.split('\n')) assert.ok(line.length <= 80, line)
})

test('The table marks what is found without a margin only, and says why, and how many pairs could be used', () => {
  const run = runOf([0.01, -0.01, 0.012, -0.012])
  const [floor] = noiseFloors(noiseOf(run))
  const table = formatNoise(run, [{ ...floor!, usableShare: 0.8 }], { width: 80 })
  assert.match(table, /s: 4 pairs of 30 s in 1 run, 80% of those that ran\n/)
  assert.match(table, / \d+, \d+ min\* /)
  assert.match(table.replace(/\s+/g, ' '), /\* with a margin of 0% .* equivalent \(within 3%\) before it is found/)
  for (const line of table.split('\n')) assert.ok(line.length <= 80, line)
})

test('The table says where fewer pairs can be used than were asked for, and why', () => {
  const run = runOf([0.03, -0.03, 0.03], { ended: 'budget' })
  const tableOf = (blocks: number) => {
    const asked = { variants: [], scenarios: ['s'], blocks }
    const floors = noiseFloors(noiseOf(run))
    const table = formatNoise({ ...run, header: { ...run.header, asked } }, floors, { width: 80 })
    return table.replace(/\s+/g, ' ')
  }
  assert.match(tableOf(20), /WARNING: s: 3 of the 20 pairs .* can be used, of 3 that ran: the budget was spent/)
  assert.doesNotMatch(tableOf(3), /WARNING/)
})
