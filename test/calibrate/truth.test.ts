import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { OracleEntry } from '../../harness/calibrate/oracle/log.ts'
import {
  arrivalsPerS,
  evenSchedule,
  inOrderOfArrival,
  pacedSchedule,
  percentileOf,
  sleptSchedule,
  startErrorsMs,
  type Truth,
  truthsOf,
} from '../../harness/calibrate/truth.ts'

const entry = (id: number, arrivedMs: number, plannedMs: number[], releasedMs = plannedMs): OracleEntry => ({
  id,
  arrivedMs,
  plannedMs,
  releasedMs,
})

describe('What a perfect instrument would have measured', () => {
  const streamed = [entry(2, 1201, [1210, 1220, 1230], [1211, 1220, 1241])]
  const schedule = evenSchedule(1000, 10)
  const cases: [truth: Truth, programmedMs: number, releasedMs: number][] = [
    ['service', 29, 40],
    ['intended', 30, 41],
    ['ttft', 9, 10],
    ['intended-ttft', 10, 11],
    ['itl', 10, 15],
  ]
  for (const [truth, programmedMs, releasedMs] of cases) {
    it(`as ${truth} is ${releasedMs} ms where ${programmedMs} ms were programmed`, () => {
      assert.deepEqual(truthsOf(truth, streamed, schedule), { programmedMs: [programmedMs], releasedMs: [releasedMs] })
    })
  }

  it('leaves out answers that were cut off, and requests without a place where the schedule counts', () => {
    const entries = [entry(0, 0, [5]), entry(1, 10, [15], []), entry(-1, 20, [26])]
    assert.deepEqual(truthsOf('service', entries, schedule).releasedMs, [5, 6])
    assert.deepEqual(truthsOf('intended', entries, evenSchedule(0, 100)).releasedMs, [5])
  })

  it('is ascending, whatever the order of the log', () => {
    const entries = [entry(0, 0, [9]), entry(1, 0, [3]), entry(2, 0, [6])]
    assert.deepEqual(truthsOf('service', entries, schedule).releasedMs, [3, 6, 9])
  })
})

describe('A schedule', () => {
  it('of an arrival rate has absolute offsets from the start', () => {
    const schedule = evenSchedule(50, 400)
    assert.deepEqual([0, 1, 400].map(schedule), [50, 52.5, 1050])
  })

  it('of users who sleep is so long after the answer before, and has no place for what came after none', () => {
    const entries = [entry(0, 100, [105]), entry(1, 128, [130]), entry(3, 101, [106], [110]), entry(5, 150, [151])]
    const schedule = sleptSchedule(entries, 20, 3)
    assert.deepEqual([0, 1, 2, 3, 4].map(schedule), [100, 125, 150, 101, 130])
    assert.equal(schedule(5), Number.NaN)
  })

  it('of users who pace themselves begins where none of their requests was early', () => {
    // User 0 was late with its first request by 3 ms and with its third by 40; user 1 only with its last.
    const arrivals: [id: number, arrivedMs: number][] = [
      [0, 103],
      [1, 110],
      [2, 160],
      [3, 204],
      [4, 214],
      [5, 230],
    ]
    const entries = arrivals.map(([id, arrivedMs]) => entry(id, arrivedMs, []))
    const schedule = pacedSchedule(entries, 10, 3)
    assert.deepEqual([0, 1, 2, 3, 4, 5].map(schedule), [100, 110, 120, 204, 214, 224])
    assert.deepEqual(startErrorsMs(entries, schedule), [0, 0, 0, 3, 6, 40])
  })
})

describe('The arrival rate', () => {
  it('is that of evenly spaced arrivals, in any order', () => {
    const entries = [30, 0, 10, 20].map((ms, id) => entry(id, ms, []))
    assert.equal(Math.round(1000 * arrivalsPerS(entries)), 100_000)
  })

  it('is moved by a late last arrival by less than the mean distance is', () => {
    const times = Array.from({ length: 1000 }, (_, index) => index * 10)
    times[999]! += 50
    const entries = times.map((ms, id) => entry(id, ms, []))
    const byDistance = (999 * 1000) / (times[999]! - times[0]!)
    assert.ok(Math.abs(arrivalsPerS(entries) - 100) < Math.abs(byDistance - 100) / 10)
  })
})

describe('Requests without ids', () => {
  it('are numbered in the order in which they came', () => {
    const entries = inOrderOfArrival([entry(-1, 30, []), entry(7, 10, []), entry(-1, 20, [])])
    assert.deepEqual(
      entries.map(({ id, arrivedMs }) => [id, arrivedMs]),
      [
        [0, 10],
        [1, 20],
        [2, 30],
      ],
    )
  })
})

describe('A percentile of plain numbers', () => {
  it('is the nearest rank', () => {
    const values = Array.from({ length: 200 }, (_, index) => index + 1)
    assert.deepEqual(
      [0.1, 50, 99, 99.9, 100].map((percent) => percentileOf(values, percent)),
      [1, 100, 198, 200, 200],
    )
  })

  it('of nothing is not a number', () => {
    assert.ok(Number.isNaN(percentileOf([], 50)))
  })
})
