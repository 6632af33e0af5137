import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Unit } from '../../harness/metrics/table.ts'
import { shows } from './shown-number.ts'

const cases: [text: string, value: number, unit: Unit, isShown: boolean][] = [
  ['43.1 ms', 43.1499, 'ms', true],
  ['43.1 ms', 43.16, 'ms', false],
  ['1,234', 1234, 'count', true],
  ['1,234', 1235, 'count', false],
  ['99.98%', 0.99984, 'share', true],
  ['99.98%', 0.9999, 'share', false],
  ['−2.00 ms', -2.004, 'ms', true],
  ['2.00 ms', -2.004, 'ms', false],
  ['1.50 MB', 1_503_000, 'bytes', true],
  ['1.50 KB', 1_503_000, 'bytes', false],
  ['1.23 M', 1_234_000, 'instructions', true],
  ['250/s', 249.6, 'per second', true],
]

for (const [text, value, unit, isShown] of cases) {
  test(`"${text}" is ${isShown ? '' : 'not '}how ${value} in ${unit} is shown.`, () => {
    assert.equal(shows(text, value, unit), isShown)
  })
}
