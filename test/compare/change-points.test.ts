import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { changePoints } from '../../harness/compare/change-points.ts'
import { seededNormal } from './seeded-normal.ts'

/** Stretches of normal values, one after another. */
function series(seed: number, stretches: [length: number, mean: number, sd: number][]): number[] {
  const normal = seededNormal(seed)
  return stretches.flatMap(([length, mean, sd]) => Array.from({ length }, () => mean + sd * normal()))
}
const placesOf = (values: number[], seed = 1): number[] => changePoints(values, { seed }).map(({ at }) => at)

describe('Change points', () => {
  test('are the first values of what is new', () => {
    const values = series(3, [
      [20, 100, 1],
      [15, 105, 1],
      [20, 98, 1],
    ])
    assert.deepEqual(placesOf(values), [20, 35])
  })

  test('are found in spread as well as in level', () => {
    const [place, ...others] = placesOf(
      series(4, [
        [60, 100, 0.5],
        [60, 100, 6],
      ]),
    )
    assert.ok(place! >= 54 && place! <= 66, String(place))
    assert.deepEqual(others, [])
  })

  test('are found where a change is undone again, though the whole behind it is much like what was before', () => {
    const found = Array.from({ length: 20 }, (_, seed) =>
      placesOf(
        series(seed + 1, [
          [15, 100, 0.7],
          [6, 102.5, 0.7],
          [30, 100, 0.7],
        ]),
      ),
    )
    const right = found.filter((places) => places.length === 2 && places[0] === 15 && places[1] === 21)
    assert.ok(right.length >= 12, `${right.length} of 20`)
  })

  test('are none at a single wild value', () => {
    const values = series(9, [
      [15, 100, 1],
      [1, 300, 1],
      [15, 100, 1],
    ])
    assert.deepEqual(placesOf(values), [])
  })

  test('have the p of the permutation test, never below one of all orders that were tried', () => {
    const values = series(5, [
      [12, 10, 1],
      [12, 20, 1],
    ])
    assert.deepEqual(changePoints(values, { seed: 1 }), [{ at: 12, p: 1 / 200 }])
    assert.deepEqual(changePoints(values, { seed: 1, permutations: 49, significance: 0.02 }), [{ at: 12, p: 1 / 50 }])
  })

  test('are the same with the same seed, of any series', () => {
    const values = series(6, [
      [30, 100, 3],
      [30, 102, 3],
    ])
    assert.deepEqual(changePoints(values, { seed: 9 }), changePoints(values, { seed: 9 }))
  })

  test('do not depend on the unit', () => {
    const values = series(7, [
      [20, 100, 2],
      [20, 106, 2],
    ])
    assert.deepEqual(placesOf(values.map((value) => value / 1e6)), placesOf(values))
  })

  const quiet: [title: string, values: number[]][] = [
    ['no value', []],
    ['one value', [1]],
    ['five values, too few for two levels', [1, 1, 9, 9, 9]],
    ['a series without any change', Array.from({ length: 40 }, () => 7)],
  ]
  for (const [title, values] of quiet) test(`are none in ${title}`, () => assert.deepEqual(placesOf(values), []))

  test('are found in no more than about 1% of series without a change', () => {
    const repetitions = 300
    const found = Array.from({ length: repetitions }, (_, seed) => placesOf(series(seed + 1, [[24, 100, 3]]), seed))
    const wrong = found.filter(({ length }) => length > 0).length
    // Of 300 at 1% more than 6 have a chance of 3%.
    assert.ok(wrong <= 6, `${wrong} of ${repetitions}`)
  })
})
