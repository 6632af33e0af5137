import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clock, horizontalAxis, percentileName } from '../../../../reports/page/client/axes.ts'
import { shortened } from '../../../../reports/page/client/end-labels.ts'

test('A long name loses its middle, so that names with one beginning can be told apart.', () => {
  assert.equal(shortened('per-call-client'), 'per-call-client')
  assert.equal(shortened('interrupt-polling-300'), 'interrup…lling-300')
  assert.notEqual(shortened('interrupt-polling-300'), shortened('interrupt-polling-50'))
})

test('Seconds become minutes from two minutes on.', () => {
  assert.deepEqual([-5, 0, 119, 120, 605].map(clock), ['-5 s', '0 s', '119 s', '2:00', '10:05'])
  assert.deepEqual([119.7, 179.7].map(clock), ['2:00', '3:00'], 'rounded before they are told apart')
})

test('An axis of seconds ends at whole ones, beyond all that it shows.', () => {
  const chart = { id: 'c', axis: 'seconds', unit: 'ms', yScale: 'linear', lines: [], marks: [] } as const
  const theme = { text: '', muted: '', grid: '', surface: '', font: '', variantColour: () => '' }
  const ends = (xRange: [number, number]) => {
    const { min, max } = horizontalAxis({ ...chart, lines: [], marks: [], xRange }, theme)
    return [min, max]
  }
  assert.deepEqual(ends([-1.836, 1.541]), [-2, 2])
  assert.deepEqual(ends([0, 75]), [0, 75])
  assert.deepEqual(ends([0, 0.2]), [0, 1])
})

test('An abscissa of the percentile axis is named by its percentile.', () => {
  assert.deepEqual([2, 10, 100, 1000].map(percentileName), ['p50', 'p90', 'p99', 'p99.9'])
})
