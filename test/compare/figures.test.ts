import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatDifference, formatPercent, formatPercentRange, formatValue } from '../../harness/compare/figures.ts'
import type { Unit } from '../../harness/metrics/table.ts'

const values: [number, Unit, string][] = [
  [43.1234, 'ms', '43.12 ms'],
  [0.62, 'ms', '0.620 ms'],
  [0.0512, 'ms', '0.0512 ms'],
  [1234.56, 'ms', '1235 ms'],
  [250, 'per second', '250/s'],
  [0, 'count', '0'],
  [12_345, 'count', '12345'],
  [123_456, 'count', '123.5k'],
  [1_204_321, 'instructions', '1.204M instr'],
  [0.54, 'ns', '0.540 ns'],
  [1600, 'ns', '1600 ns'],
  [30_200, 'ns', '30.20 us'],
  [50_340_000, 'ns', '50.34 ms'],
  [999_960, 'count', '1.000M'],
  [2.5e9, 'bytes', '2.500G B'],
  [0.0123, 'share', '1.230%'],
  [-5, 'KB', '-5 KB'],
]
for (const [value, unit, text] of values) {
  test(`${value} in ${unit} is shown as ${text}`, () => assert.equal(formatValue(value, unit), text))
}

const differences: [number, Unit, string][] = [
  [24.07, 'ms', '+24.07 ms'],
  [-24.07, 'ms', '-24.07 ms'],
  [0, 'ms', '0 ms'],
  [-0.00001, 'ms', '0.0000 ms'],
  [0.00001, 'ms', '0.0000 ms'],
  [0.01, 'share', '+1 pp'],
]
for (const [value, unit, text] of differences) {
  test(`A difference of ${value} in ${unit} is shown as ${text}`, () =>
    assert.equal(formatDifference(value, unit), text))
}

const percents: [number, string][] = [
  [0.599, '+59.9%'],
  [-0.004, '-0.4%'],
  [0, '0.0%'],
  [-0.0004, '0.0%'],
  [0.0004, '0.0%'],
  [0.9996, '+100%'],
  [12.5, '+1250%'],
  [123, '>+9999%'],
  [-0.9999, '-100%'],
]
for (const [ratio, text] of percents) {
  test(`A ratio minus one of ${ratio} is shown as ${text}`, () => assert.equal(formatPercent(ratio), text))
}

test('An interval is shown with its sign on both ends and the percent sign once', () => {
  assert.equal(formatPercentRange(-0.012, 0.345), '-1.2 to +34.5%')
  assert.equal(formatPercentRange(-0.99, 1e6), '-99.0 to >+9999%')
})
