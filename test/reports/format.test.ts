import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Unit } from '../../harness/metrics/table.ts'
import {
  formatDifference,
  formatDurationS,
  formatRange,
  formatRatio,
  formatScope,
  formatStat,
  formatTick,
  formatValue,
} from '../../reports/format.ts'

const plain = (text: string): string => text.replaceAll('\u00a0', ' ')

const values: [value: number | null, unit: Unit, text: string][] = [
  [43.103, 'ms', '43.1 ms'],
  [44, 'ms', '44.0 ms'],
  [0.4519, 'ms', '0.452 ms'],
  [1234.5, 'ms', '1,235 ms'],
  [0, 'ms', '0 ms'],
  [250, 'per second', '250/s'],
  [15_000, 'count', '15,000'],
  [3, 'count', '3'],
  [0, 'share', '0%'],
  [1, 'share', '100%'],
  [0.9998, 'share', '99.980%'],
  [0.425, 'share', '42.5%'],
  [1_234_567, 'bytes', '1.23 MB'],
  [999, 'bytes', '999 B'],
  [1_230_000, 'instructions', '1.23 M'],
  [0.54, 'ns', '0.540 ns'],
  [1600, 'ns', '1,600 ns'],
  [30_200, 'ns', '30.2 µs'],
  [50_340_000, 'ns', '50.3 ms'],
  [-0.5, 'ms', '−0.500 ms'],
  [null, 'ms', '–'],
  [Number.NaN, 'ms', '–'],
]

for (const [value, unit, text] of values) {
  test(`The value ${value} in "${unit}" is written "${text}".`, () => {
    assert.equal(plain(formatValue(value, unit)), text)
  })
}

const ratios: [ratio: number | null, text: string][] = [
  [0.1234, '+12.3%'],
  [-0.05, '−5.0%'],
  [0.0043, '+0.43%'],
  [2.131, '+213%'],
  [0, '0%'],
  [0.000001, '0.00%'],
  [null, '–'],
]

for (const [ratio, text] of ratios) {
  test(`The ratio minus one ${ratio} is written "${text}".`, () => {
    assert.equal(formatRatio(ratio), text)
  })
}

test('A difference carries its sign and unit, and a difference of shares is in points.', () => {
  assert.equal(plain(formatDifference(24.08, 'ms')), '+24.1 ms')
  assert.equal(plain(formatDifference(-0.02, 'share')), '−2.00 points')
})

test('A range names its unit once and becomes one number where both ends look the same.', () => {
  assert.equal(plain(formatRange(43.1, 44, 'ms')), '43.1 to 44.0 ms')
  assert.equal(plain(formatRange(43.101, 43.102, 'ms')), '43.1 ms')
})

test('A tick of an axis has no zeros behind the point.', () => {
  assert.equal(plain(formatTick(20, 'ms')), '20 ms')
  assert.equal(formatTick(0.5, 'share'), '50%')
})

test('Statistics are written as people write them.', () => {
  assert.deepEqual(['p(99.9)', 'avg', 'med', 'max', 'value'].map(formatStat), ['p99.9', 'mean', 'p50', 'max', ''])
})

test('A scope is named by scenario and phase, and once where both have one name.', () => {
  assert.deepEqual(
    [
      {},
      { scenario: 'own' },
      { phase: 'own' },
      { scenario: 'own', phase: 'own' },
      { scenario: 'own', phase: 'warm' },
    ].map(formatScope),
    [null, 'own', 'own', 'own', 'own, warm'],
  )
})

test('A duration is in seconds below a minute and in minutes and seconds above.', () => {
  assert.deepEqual([45, 668].map(formatDurationS).map(plain), ['45 s', '11 min 8 s'])
})
