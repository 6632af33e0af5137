import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Series } from '../../../harness/record/schema.ts'
import { binWidthS, meanOverTrials, medianOverTrials } from '../../../reports/data/over-time.ts'

const series = (v: (number | null)[], stat = 'value', t = v.map((_, at) => at)): Series => ({
  metric: 'target_rss',
  stat,
  unit: 'MB',
  source: 'outside',
  t,
  v,
})

test('A line is the median over the trials at each second.', () => {
  const trials = [series([1, 2, 3]), series([10, 20, 30]), series([5, 6, 7])]
  assert.deepEqual(medianOverTrials(trials, 1), [
    [0, 5],
    [1, 6],
    [2, 7],
  ])
})

test('By the mean what happened in a single trial is seen.', () => {
  const trials = [series([0, null, 40]), series([0, null, 0]), series([0, null, 0]), series([0, null, 0])]
  assert.deepEqual(meanOverTrials(trials, 1), [
    [0, 0],
    [1, null],
    [2, 10],
  ])
})

test('A second that no trial has is a gap, one that some have is their median.', () => {
  const trials = [series([1, null, null, 4]), series([3, null, 7, 8])]
  assert.deepEqual(medianOverTrials(trials, 1), [
    [0, 2],
    [1, null],
    [2, 7],
    [3, 6],
  ])
})

test('Wider bins hold the mean of their values, and the largest of maxima.', () => {
  const t = [10, 11, 12, 20]
  assert.deepEqual(medianOverTrials([series([1, 2, 9, 5], 'value', t)], 10), [
    [10, 4],
    [20, 5],
  ])
  assert.deepEqual(medianOverTrials([series([1, 2, 9, 5], 'max', t)], 10), [
    [10, 9],
    [20, 5],
  ])
})

test('Seconds before the load keep their place.', () => {
  assert.deepEqual(medianOverTrials([series([1, 2], 'value', [-1, 0])], 1), [
    [-1, 1],
    [0, 2],
  ])
})

test('No trial leaves no points.', () => {
  assert.deepEqual(medianOverTrials([], 1), [])
})

const widths: [lengthS: number, widthS: number][] = [
  [90, 1],
  [240, 1],
  [300, 2],
  [3600, 15],
  [1_000_000, 4167],
]

for (const [lengthS, widthS] of widths) {
  test(`A load of ${lengthS} s is drawn in steps of ${widthS} s.`, () => {
    assert.equal(binWidthS([series([1, 1], 'value', [0, lengthS])]), widthS)
  })
}
