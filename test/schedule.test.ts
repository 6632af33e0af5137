import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planPairs, planTrials, planTurns } from '../harness/schedule.ts'

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

const pairs = { pairs: 40, scenarios: ['turns', 'sessions'], against: 'a', variant: 'b', seed: 7 }
const pairsOf = (scenario: string, design = pairs) => {
  const trials = planPairs(design)
  return Array.from({ length: design.pairs }, (_, at) =>
    trials.filter((trial) => trial.scenario === scenario && trial.pair === at + 1),
  )
}

test('A pair is two trials, one right after the other, of the baseline on side A and of the variant on side B', () => {
  const trials = planPairs(pairs)
  assert.equal(trials.length, 2 * 2 * 40)
  for (let at = 0; at < trials.length; at += 2) {
    const [first, second] = [trials[at]!, trials[at + 1]!]
    assert.deepEqual([first.scenario, first.pair, first.block], [second.scenario, second.pair, second.pair])
    assert.deepEqual([first.position, second.position], [1, 2])
    assert.deepEqual(new Set([first, second].map(({ side, variant }) => side + variant)), new Set(['Aa', 'Bb']))
  }
})

test('Every round holds one pair of every scenario', () => {
  const trials = planPairs(pairs)
  for (let pair = 1; pair <= 40; pair++) {
    const round = trials.slice(4 * (pair - 1), 4 * pair)
    assert.ok(round.every((trial) => trial.pair === pair))
    assert.deepEqual(round.map(({ scenario }) => scenario).sort(), ['sessions', 'sessions', 'turns', 'turns'])
  }
})

test('Of every two pairs of a scenario one begins with each side, in an order that the seed decides', () => {
  for (const scenario of pairs.scenarios) {
    const firsts = pairsOf(scenario).map((pair) => pair[0]!.side)
    const twos = Array.from({ length: 20 }, (_, at) => firsts.slice(2 * at, 2 * at + 2).join(''))
    assert.deepEqual([...new Set(twos)].sort(), ['AB', 'BA'])
  }
  assert.deepEqual(planPairs(pairs), planPairs(pairs))
  assert.notDeepEqual(planPairs(pairs), planPairs({ ...pairs, seed: 8 }))
})

test('A shorter comparison begins as a longer one of the same seed does', () => {
  assert.deepEqual(planPairs({ ...pairs, pairs: 10 }), planPairs(pairs).slice(0, 40))
})

test('Turns come in rounds that the seed orders, every second one backwards', () => {
  const turns = planTurns(40, 3, 7)
  const rounds = Array.from({ length: 40 }, (_, at) => turns.slice(3 * at, 3 * at + 3))
  assert.equal(turns.length, 120)
  for (const round of rounds) assert.deepEqual(round.toSorted(), [0, 1, 2])
  for (let at = 0; at < 40; at += 2) assert.deepEqual(rounds[at + 1], rounds[at]!.toReversed())
  assert.equal(new Set(rounds.map((round) => round.join(''))).size, 6)
  assert.deepEqual(planTurns(40, 3, 7), turns)
  assert.notDeepEqual(planTurns(40, 3, 8), turns)
})
