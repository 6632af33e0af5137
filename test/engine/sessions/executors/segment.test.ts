import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { equalPart, partOf, type Segment, wholeTest } from '../../../../harness/engine/sessions/executors/segment.ts'
import { parseSegment } from '../../../../harness/engine/sessions/executors/segment-text.ts'
import { mulberry32 } from '../../../../harness/random.ts'

const sequences = [
  '0,1/2,1', '0,1/4,1/2,1', '0,1/3,2/3,1', '0,0.1,35%,1/2,1', '0,3/5,14/15,1', '0,1/7,3/7,1', '0,1/100,1', '0,0.99,1',
] // biome-ignore format: one list

const segmentsOf = (sequence: string): Segment[] => {
  const points = sequence.split(',')
  return points.slice(1).map((to, index) => parseSegment(`${points[index]}:${to}`, sequence))
}

const ownBelow = (segment: Segment, total: number): number[] =>
  Array.from({ length: segment.scale(total) }, (_, local) => segment.globalIndex(local))

/** The segments own every index below `total` once, ascending, and nothing else. */
function assertDivides(segments: readonly Segment[], total: number): void {
  const own = segments.map((segment) => ownBelow(segment, total))
  for (const indexes of own)
    assert.deepEqual(
      indexes,
      [...indexes].sort((a, b) => a - b),
    )
  assert.deepEqual(
    own.flat().sort((a, b) => a - b),
    Array.from({ length: total }, (_, index) => index),
  )
}

describe('the segments of a sequence', () => {
  for (const sequence of sequences) {
    it(`${sequence}: own every index exactly once, whatever the total`, () => {
      for (const total of [0, 1, 2, 3, 5, 7, 10, 60, 61, 107, 1000]) assertDivides(segmentsOf(sequence), total)
    })

    it(`${sequence}: go on dividing exactly among the shares of any number of users`, () => {
      for (const users of [1, 2, 3, 4, 7, 10, 60, 97]) {
        const withUsers = segmentsOf(sequence).filter((segment) => segment.scale(users) > 0)
        const among = withUsers.map((segment) => segment.among(users)!)
        assert.ok(among.every((segment) => segment !== null))
        assertDivides(among, 211)
        assert.deepEqual(
          among.map((segment) => segment.scale(users)),
          withUsers.map((segment) => segment.scale(users)),
        )
      }
    })
  }

  it('own indexes and shares as k6 gives them', () => {
    const halves = segmentsOf('0,1/2,3/4,1')
    assert.deepEqual(halves.map((segment) => [0, 1, 2, 3].map(segment.globalIndex)), [[0, 2, 4, 6], [1, 5, 9, 13], [3, 7, 11, 15]])
    assert.deepEqual(halves.map((segment) => [1, 2, 3, 4, 5, 6, 7, 8].map(segment.scale)), [[1, 1, 2, 2, 3, 3, 4, 4], [0, 1, 1, 1, 1, 2, 2, 2], [0, 0, 0, 1, 1, 1, 1, 2]])
    const unequal = segmentsOf('0,3/5,14/15,1')
    assert.deepEqual(unequal.map((segment) => ownBelow(segment, 15)), [[0, 2, 4, 5, 7, 9, 10, 12, 14], [1, 3, 6, 11, 13], [8]])
  }) // biome-ignore format: tables

  it('divide random sequences exactly', () => {
    const random = mulberry32(7)
    for (let round = 0; round < 60; round++) {
      const cycle = 2 + Math.floor(random() * 60)
      const cuts = new Set(Array.from({ length: 5 }, () => 1 + Math.floor(random() * (cycle - 1))))
      const inner = [...cuts].sort((a, b) => a - b).map((cut) => `${cut}/${cycle}`)
      const segments = segmentsOf(['0', ...inner, '1'].join(','))
      assertDivides(segments, Math.floor(random() * 300))
    }
  })

  it('give nothing to a segment without users', () => {
    assert.equal(parseSegment('1/2:1', '0,1/2,1').among(1), null)
    assert.equal(wholeTest.among(0), null)
  })
})

describe('a segment given as text', () => {
  const same: [text: string, sequence: string | undefined, as: string, asSequence: string][] = [
    ['1/3', undefined, '0:1/3', '0,1/3,1'],
    ['20%', undefined, '0:1/5', '0,1/5,1'],
    ['0.5:75%', undefined, '1/2:3/4', '0,1/2,3/4,1'],
    ['2/4:1', undefined, '1/2:1', '0,1/2,1'],
    ['1e-1:.5', undefined, '1/10:1/2', '0,1/10,1/2,1'],
    ['1/4:1/2', '1/4,1/2,3/4', '1/4:1/2', '0,1/4,1/2,3/4,1'],
  ]
  for (const [text, sequence, as, asSequence] of same) {
    it(`${text} of ${sequence ?? 'nothing else'} is ${as} of ${asSequence}`, () => {
      assert.deepEqual(ownBelow(parseSegment(text, sequence), 200), ownBelow(parseSegment(as, asSequence), 200))
    })
  }

  it('is the whole test when it is empty or reaches from 0 to 1', () => {
    for (const text of [undefined, '', '1', '0:1', '100%']) assert.equal(parseSegment(text), wholeTest)
  })

  const refused: [segment: string | undefined, sequence: string | undefined, message: RegExp][] = [
    ['half', undefined, /'half' is not a valid percentage, decimal, fraction or interval value/],
    ['1/0', undefined, /'1\/0' is not a valid/],
    ['', '0', /at least 2 points are needed/],
    ['1/2:1/4', undefined, /segment start\(1\/2\) must be less than its end\(1\/4\)/],
    ['0:5/4', undefined, /can't be more than 1 but was 5\/4/],
    ['-1/4:1/4', undefined, /must be at least 0 but was -1\/4/],
    ['0:1/3', '0,1/2,1', /provided segment 0:1\/3 can't be found in sequence 0,1\/2,1/],
    [undefined, '0,1/2,1', /provided segment 0:1 can't be found/],
    ['0:0.123456789', undefined, /no small common denominator/],
  ]
  for (const [segment, sequence, message] of refused) {
    it(`${segment} of ${sequence} is refused`, () => assert.throws(() => parseSegment(segment, sequence), message))
  }
})

describe('parts of a part', () => {
  it('together are the part that they divide', () => {
    const outer = segmentsOf('0,1/4,1/2,1')
    const inner = [0, 1, 2].map((index) => equalPart(index, 3))
    const all = outer.flatMap((segment) => inner.map((part) => partOf(segment, part)))
    for (const total of [1, 5, 12, 100]) assertDivides(all, total)
    for (const users of [1, 5, 12])
      assertDivides(all.flatMap((segment) => segment.among(users) ?? []), 100) // biome-ignore format: one line
  })

  it('equal parts take indexes in turn', () => {
    assert.deepEqual([0, 1, 2].map((index) => ownBelow(equalPart(index, 3), 7)), [[0, 3, 6], [1, 4], [2, 5]])
    assert.equal(equalPart(0, 1), wholeTest)
  }) // biome-ignore format: one list
})
