import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeRecord, observe } from '../compare/run-builder.ts'
import { PrintingBench } from './printed.ts'
import { type BenchedPair, faultsOf, figuresOf, type Mode } from './slices/figures.ts'

const bench = new PrintingBench('slices', 1, /./)
bench.refuses([
  [['--pairs', '1'], /^bench:slices: option --pairs: expected a whole number of at least 2, found "1"$/m],
  [['--seconds', '2.5'], /^bench:slices: option --seconds: expected a whole number of at least 2, found "2\.5"$/m],
  [['--round', '1'], /^bench:slices: Unknown option '--round'[\s\S]*npm run bench:slices -- \[options\]/],
])

const pairOf = (mode: Mode, a: number, b: number): BenchedPair => ({
  mode,
  records: [
    makeRecord(['s', 'base', 1], [observe('throughput value', a)], { durationS: 4 }),
    makeRecord(['s', 'new', 1], [observe('throughput value', b)], { durationS: 4 }),
  ],
})
const rowOf = (pairs: BenchedPair[], title: string) =>
  figuresOf(pairs)
    .find(([first]) => first === title)!
    .slice(1)

test('The noise of a mode is the standard deviation of ln(B/A) over its own pairs.', () => {
  const pairs = [
    pairOf('trials', 100, 110),
    pairOf('slices', 100, 101),
    pairOf('trials', 110, 100),
    pairOf('slices', 101, 100),
  ]
  const percent = (ratio: number) => `${(100 * Math.SQRT2 * Math.log(ratio)).toFixed(2)}%`
  assert.deepEqual(rowOf(pairs, 'throughput'), [percent(1.1), percent(1.01)])
  assert.deepEqual(rowOf(pairs, 'seconds of a pair'), ['8.0', '8.0'])
  assert.deepEqual(rowOf(pairs, 'p50'), ['-', '-'])
})

test('A pair of which a side may not be used is left out, and it is said why.', () => {
  const bad = pairOf('slices', 100, 900)
  const records = bad.records.map((record) => ({
    ...record,
    invalid: [{ code: 'target-not-saturated' as const, message: 'its core was idle' }],
  }))
  const pairs = [{ ...bad, records }, pairOf('slices', 100, 101), pairOf('slices', 101, 100), pairOf('trials', 1, 1)]
  assert.deepEqual(rowOf(pairs, 'throughput'), ['-', `${(100 * Math.SQRT2 * Math.log(1.01)).toFixed(2)}%`])
  assert.deepEqual(rowOf(pairs, 'pairs that can be used'), ['1', '2'])
  assert.deepEqual(faultsOf(pairs), ['slices: its core was idle'])
})
