import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pairsOf } from './procedures/made-up-pairs.ts'
import { resample } from './resample.ts'

/** 25 pairs; A is the number of the pair, B a hundred more. */
const numbers = Array.from({ length: 25 }, (_, at) => at + 1)
const pool = pairsOf(
  numbers,
  numbers.map((number) => number + 100),
)
const drawn = (isTwin: boolean, seed = 1) => [
  ...resample(pool, { comparisons: 40, length: 33, pieceLength: 10, seed, isTwin }),
]

test('Comparisons have as many pairs as were asked for, in pieces of ten that follow each other round the ring', () => {
  for (const pairs of drawn(false)) {
    assert.equal(pairs.length, 33)
    for (const [at, { block }] of pairs.entries()) if (at % 10 > 0) assert.equal(block, (pairs[at - 1]!.block % 25) + 1)
  }
})

test('Pieces begin anywhere, and the same seed begins at the same places', () => {
  const starts = new Set(drawn(false).map(([first]) => first!.block))
  assert.ok(starts.size > 12, String(starts.size))
  assert.deepEqual(drawn(false), drawn(false))
  assert.notDeepEqual(drawn(false), drawn(false, 2))
})

test('Of twins about half of the pieces are turned round, each as a whole and with its rates', () => {
  const turned = drawn(true).map((pairs) => pairs.map(({ a, b }) => a > b))
  for (const pairs of turned)
    for (const [at, isTurned] of pairs.entries()) if (at % 10 > 0) assert.equal(isTurned, pairs[at - 1])
  const share = turned.flat().filter(Boolean).length / turned.flat().length
  assert.ok(share > 0.35 && share < 0.65, String(share))
  for (const { a, ratesA } of drawn(true)[0]!) assert.equal(ratesA[1], a)
  assert.ok(
    drawn(false)
      .flat()
      .every(({ a, b }) => b > a),
  )
})

test('Each comparison is of one machine, and each machine has its share of them', () => {
  const ofTwo = pool.map((pair) => ({ ...pair, machine: pair.block <= 5 ? 'small' : 'large' }))
  const all = [...resample(ofTwo, { comparisons: 500, length: 33, pieceLength: 3, seed: 1, isTwin: false })]
  const machines = all.map((pairs) => [...new Set(pairs.map(({ machine }) => machine))])
  assert.ok(machines.every(({ length }) => length === 1))
  const share = machines.filter(([machine]) => machine === 'small').length / all.length
  assert.ok(share > 0.15 && share < 0.25, String(share))
})

test('One by one, neighbours are any two pairs', () => {
  const pairs = [...resample(pool, { comparisons: 1, length: 500, pieceLength: 1, seed: 4, isTwin: false })][0]!
  const neighbours = pairs.filter(({ block }, at) => at > 0 && block === (pairs[at - 1]!.block % 25) + 1)
  assert.ok(neighbours.length < 60, String(neighbours.length))
  assert.equal(new Set(pairs.map(({ block }) => block)).size, 25)
})
