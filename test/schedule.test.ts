import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planTrials } from '../harness/schedule.ts'

const variants = ['a', 'b', 'c']
const cells = [
  { scenario: 'turns', variants },
  { scenario: 'sessions', variants },
]
const design = { blocks: 40, cells, baseline: 'b', seed: 7 }
const inBlock = (block: number) => planTrials(design).filter((trial) => trial.block === block)

test('Every block holds every variant once for every scenario', () => {
  for (let block = 1; block <= design.blocks; block++) {
    const cells = inBlock(block).map(({ scenario, variant }) => `${scenario} ${variant}`)
    assert.deepEqual(cells.sort(), ['sessions a', 'sessions b', 'sessions c', 'turns a', 'turns b', 'turns c'])
  }
  assert.equal(planTrials(design).length, 40 * 6)
})

test('Variants of one scenario stand next to each other, and positions count them', () => {
  for (let block = 1; block <= design.blocks; block++) {
    const trials = inBlock(block)
    assert.deepEqual(
      trials.map(({ position }) => position),
      [1, 2, 3, 1, 2, 3],
    )
    for (const half of [trials.slice(0, 3), trials.slice(3)]) assert.equal(new Set(half.map((t) => t.scenario)).size, 1)
  }
})

test('The same seed gives the same order, another seed another', () => {
  assert.deepEqual(planTrials(design), planTrials(design))
  assert.notDeepEqual(planTrials(design), planTrials({ ...design, seed: 8 }))
})

test('Every order of variants and of scenarios comes up', () => {
  const orders = new Set<string>()
  const firsts = new Set<string>()
  for (let block = 1; block <= design.blocks; block++) {
    const trials = inBlock(block)
    orders.add(
      trials
        .slice(0, 3)
        .map(({ variant }) => variant)
        .join(''),
    )
    orders.add(
      trials
        .slice(3)
        .map(({ variant }) => variant)
        .join(''),
    )
    firsts.add(trials[0]!.scenario)
  }
  assert.deepEqual([...orders].sort(), ['abc', 'acb', 'bac', 'bca', 'cab', 'cba'])
  assert.deepEqual([...firsts].sort(), ['sessions', 'turns'])
})

test('The baseline is side A, all others are B, and a pair is a block', () => {
  for (const { variant, side, pair, block } of planTrials(design)) {
    assert.equal(side, variant === 'b' ? 'A' : 'B')
    assert.equal(pair, block)
  }
})

test('A scenario under which only some variants run has just these in every block', () => {
  const uneven = [
    { scenario: 'turns', variants: ['b', 'a', 'c'] },
    { scenario: 'boot', variants: ['b', 'lazy'] },
  ]
  const trials = planTrials({ ...design, blocks: 3, cells: uneven })
  assert.equal(trials.length, 3 * 5)
  for (const block of [1, 2, 3]) {
    const ofBoot = trials.filter((trial) => trial.block === block && trial.scenario === 'boot')
    assert.deepEqual(ofBoot.map(({ variant }) => variant).sort(), ['b', 'lazy'])
    assert.deepEqual(
      ofBoot.map(({ position }) => position),
      [1, 2],
    )
  }
})
