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
  assert.deepEqual(knee, { connections: 20, lower: 20, upper: 20, isAtEnd: false, isCutShort: false })
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

test('A point that one block is left of moves neither the knee nor its interval', () => {
  const points = [
    { connections: 5, values: [970, null, null] },
    { connections: 10, values: [980, 1000, 990] },
    { connections: 20, values: [1000, 1010, 1005] },
  ]
  const { connections, lower, upper } = kneeOf(points)
  assert.deepEqual([connections, lower, upper], [10, 10, 10])
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
  assert.deepEqual(kneeOf(one), { connections: 20, lower: null, upper: null, isAtEnd: false, isCutShort: false })
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
