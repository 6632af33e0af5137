import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type FigureVerdict,
  judgeLatency,
  judgeRate,
  judgeStartError,
  type StatName,
} from '../../harness/calibrate/bands.ts'

describe('A latency', () => {
  const cases: [stat: StatName, released: number, measured: number, verdict: FigureVerdict, why: string][] = [
    ['p50', 5, 5.25, 'in', 'a quarter of a millisecond is allowed'],
    ['p50', 5, 5.26, 'out', 'more than that is not, below 25 ms'],
    ['p50', 5, 4.7, 'out', 'too short is as wrong as too long'],
    ['p99', 100, 101, 'in', 'one percent is allowed above 25 ms'],
    ['p99', 100, 101.1, 'out', 'more than that is not'],
    ['p99', 5, Number.NaN, 'out', 'what was not measured is not right'],
    ['p90', 5, 50, 'shown', 'p90 is not judged'],
    ['p99.9', 5, 50, 'shown', 'p99.9 is not judged'],
  ]
  for (const [stat, released, measured, verdict, why] of cases) {
    it(`of ${measured} ms where ${released} ms were released is "${verdict}" at ${stat}: ${why}`, () => {
      assert.equal(judgeLatency('service', stat, { programmed: 1, released, measured }).verdict, verdict)
    })
  }
})

describe('An arrival rate', () => {
  for (const [seen, verdict] of [
    [400.4, 'in'],
    [399.6, 'in'],
    [400.5, 'out'],
    [Number.NaN, 'out'],
  ] as const) {
    it(`of ${seen}/s where 400/s were asked for is "${verdict}"`, () => {
      assert.equal(judgeRate(400, seen).verdict, verdict)
    })
  }
})

describe('A start error', () => {
  it('may be up to 2 ms at p99 and is not judged elsewhere', () => {
    assert.equal(judgeStartError('p99', 1.9).verdict, 'in')
    assert.equal(judgeStartError('p99', 2.1).verdict, 'out')
    assert.equal(judgeStartError('p99', -2.1).verdict, 'out')
    assert.equal(judgeStartError('p99.9', 20).verdict, 'shown')
  })
})
