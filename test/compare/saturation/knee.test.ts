import assert from 'node:assert/strict'
import { test } from 'node:test'
import { curveOf, kneeOf, maximumOf, type SweepPoint } from '../../../harness/compare/saturation/knee.ts'
import { kneeInWords } from '../../../harness/compare/saturation/words.ts'
import { seededRandom } from '../../support/random.ts'

const connections = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]

/** Throughput that grows with the connections until `most`, in so many blocks with a relative noise. */
function sweep(each: number, most: number, noise = 0, seed = 1): SweepPoint[] {
  const random = seededRandom(seed)
  return connections.map((count) => ({
    connections: count,
    values: [1, 2, 3, 4].map(() => Math.min(count * each, most) * (1 + noise * (2 * random.uniform() - 1))),
  }))
}

test('The knee is the least number of connections with the maximum, where there is no noise', () => {
  const knee = kneeOf(sweep(100, 2000))
  const inside = { unknownBelow: [], isAtEnd: false, isRising: false, isCutShort: false }
  assert.deepEqual(knee, { connections: 20, lower: 20, upper: 20, ...inside })
  assert.equal(maximumOf(curveOf(sweep(100, 2000)))!.estimate.toFixed(6), '2000.000000')
})

test('What has 95% of the maximum is within the knee', () => {
  const points = sweep(100, 2000).map(({ connections: count, values }) => ({
    connections: count,
    values: values.map((value) => (count === 20 ? value! * 0.96 : value)),
  }))
  assert.equal(kneeOf(points).connections, 20)
})

test('A throughput that still rises at the end of the sweep has its knee there, and says so', () => {
  const knee = kneeOf(sweep(100, 1e9))
  assert.deepEqual([knee.connections, knee.isAtEnd, knee.isCutShort], [1000, true, false])
  assert.match(kneeInWords(knee), /^1000.*, still rising$/)
})

test('The last point that can be used is an end, too: what lies beyond it is not known', () => {
  const points = sweep(100, 1e9).map((point) => (point.connections <= 20 ? point : { ...point, values: [null, null] }))
  const knee = kneeOf(points)
  assert.deepEqual([knee.connections, knee.isAtEnd, knee.isCutShort], [20, true, true])
  assert.match(kneeInWords(knee), /^20.*, more could not be used$/)
})

test('A point that one block is left of is no maximum where others have more', () => {
  const points = sweep(100, 2000).map((point) =>
    point.connections === 500 ? { ...point, values: [9000, null, null, null] } : point,
  )
  assert.equal(maximumOf(curveOf(points))!.estimate.toFixed(6), '2000.000000')
})

test('A point that one block is left of does not move the knee, but is among what it may be', () => {
  const points = [
    { connections: 5, values: [970, null, null] },
    { connections: 10, values: [980, 1000, 990] },
    { connections: 20, values: [1000, 1010, 1005] },
  ]
  const { connections, lower, upper, unknownBelow } = kneeOf(points)
  assert.deepEqual([connections, lower, upper, unknownBelow], [10, 5, 10, [5]])
})

/** Three blocks that are alike; null: void in all of them, a list: as it says. */
const blocksOf = (rows: [connections: number, values: number | null | (number | null)[]][]): SweepPoint[] =>
  rows.map(([count, values]) => ({
    connections: count,
    values: Array.isArray(values) ? values : [values, values, values],
  }))

const gaps: [what: string, points: SweepPoint[], words: string, unknownBelow: number[]][] = [
  [
    'void steps below',
    blocksOf([[1, 100], [5, null], [10, null], [50, 1000], [100, 1000]]),
    '50 (5 to 50)',
    [5, 10],
  ],
  [
    'steps below of which one block is left, although it is at the maximum there',
    blocksOf([[1, 100], [5, [900, null, null]], [10, [1000, null, null]], [50, 1000], [100, 1000]]),
    '50 (5 to 50)',
    [5, 10],
  ],
  [
    'a step below that has one block in common with the maximum',
    blocksOf([[1, 100], [10, [999, 999, null]], [50, [null, 1000, 1000]]]),
    '50 (10 to 50), more were not tried',
    [10],
  ],
  ['void steps below that one which is too low tells of', blocksOf([[1, null], [5, 100], [50, 1000], [100, 1000]]), '50 (50 to 50)', []],
  ['void steps around', blocksOf([[1, null], [50, 1000], [100, null]]), '50 (1 to 50), more could not be used', [1]],
  ['nothing else that can be used', blocksOf([[1, null], [5, null], [50, 1000]]), '50 (1 to 50), more were not tried', [1, 5]],
  ['nothing else that was tried', blocksOf([[1, 1000]]), '1 (1 to 1), more were not tried', []],
] // biome-ignore format: a row each
for (const [what, points, words, unknownBelow] of gaps)
  test(`A knee with ${what} is told with what it may be`, () => {
    const knee = kneeOf(points)
    assert.deepEqual([kneeInWords(knee), knee.unknownBelow], [words, unknownBelow])
  })

test('A void step between the least that the knee may be and the knee is said, and widens nothing', () => {
  const points = blocksOf([
    [1, 100],
    [10, [900, 1000, 900]],
    [20, null],
    [50, 1000],
    [100, 1000],
  ])
  const { connections, lower, unknownBelow } = kneeOf(points)
  assert.deepEqual([connections, lower, unknownBelow], [50, 10, [20]])
})

test('Of one block the knee has what it may be where steps below are void', () => {
  const points = blocksOf([
    [1, [100]],
    [10, [null]],
    [50, [1000]],
    [100, [1000]],
  ])
  assert.equal(kneeInWords(kneeOf(points)), '50 (10 or more)')
})

test('With noise the knee has an interval that holds the true one', () => {
  for (let seed = 1; seed <= 50; seed++) {
    const { connections: knee, lower, upper } = kneeOf(sweep(100, 2000, 0.02, seed))
    assert.ok(knee! >= 20 && knee! <= 50, `seed ${seed}: ${knee}`)
    assert.ok(lower! <= knee! && (upper === null || upper >= knee!), `seed ${seed}: ${lower} to ${upper}`)
  }
})

test('Of one block there is a knee without an interval, of no usable trial none', () => {
  const one = sweep(100, 2000).map((point) => ({ ...point, values: point.values.slice(0, 1) }))
  const { connections: knee, lower, upper } = kneeOf(one)
  assert.deepEqual([knee, lower, upper], [20, null, null])
  const none = sweep(100, 2000).map((point) => ({ ...point, values: [null, null] }))
  assert.equal(kneeOf(none).connections, null)
  assert.deepEqual(curveOf(none), [])
})

test('A curve stands on the blocks that may be used', () => {
  const [point] = curveOf([{ connections: 5, values: [100, null, 121] }])
  assert.equal(point!.blocks, 2)
  assert.equal(point!.estimate.toFixed(3), '110.000')
  assert.ok(point!.lower! < 100 && point!.upper! > 121)
})
