import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  rampingArrivalRate,
  rampingSchedule,
} from '../../../../harness/engine/sessions/executors/ramping-arrival-rate.ts'
import { wholeTest } from '../../../../harness/engine/sessions/executors/segment.ts'
import type { Stage } from '../../../../harness/engine/sessions/executors/stages.ts'
import { FakeRun } from './fake-run.ts'

const duesOf = (startRate: number, timeUnitMs: number, stages: Stage[]): number[] => {
  const { count, dueMs } = rampingSchedule(startRate, timeUnitMs, stages)
  return Array.from({ length: count }, (_, index) => Math.round(dueMs(index) * 1000) / 1000)
}

/** Starts by the time `atMs`, by adding up the rate in small steps. */
function startsUntil(atMs: number, startRate: number, stages: Stage[]): number {
  let [area, from, beganMs] = [0, startRate, 0]
  for (const { durationMs, target } of stages) {
    const withinMs = Math.max(0, Math.min(durationMs, atMs - beganMs))
    const rateThere = from + (durationMs === 0 ? 0 : ((target - from) * withinMs) / durationMs)
    area += (((from + rateThere) / 2) * withinMs) / 1000
    from = target
    beganMs += durationMs
  }
  return area
}

describe('the schedule of a ramping rate', () => {
  const cases: [title: string, startRate: number, timeUnitMs: number, stages: Stage[], expected: number[]][] = [
    ['speeds up from nothing', 0, 1000, [{ durationMs: 2000, target: 4 }], [1000, 1414.214, 1732.051, 2000]],
    ['slows down to nothing', 4, 1000, [{ durationMs: 2000, target: 0 }], [267.949, 585.786, 1000, 2000]],
    ['holds a rate', 2, 1000, [{ durationMs: 2000, target: 2 }], [500, 1000, 1500, 2000]],
    ['carries fractions over from stage to stage', 1, 1000, [{ durationMs: 1500, target: 1 }, { durationMs: 1500, target: 1 }], [1000, 2000, 3000]],
    ['jumps in a stage without length', 1, 1000, [{ durationMs: 1000, target: 1 }, { durationMs: 0, target: 4 }, { durationMs: 500, target: 4 }], [1000, 1250, 1500]],
    ['rests at a rate of 0', 2, 1000, [{ durationMs: 500, target: 2 }, { durationMs: 0, target: 0 }, { durationMs: 1000, target: 0 }, { durationMs: 0, target: 2 }, { durationMs: 500, target: 2 }], [500, 2000]],
    ['counts in other units of time', 60, 60_000, [{ durationMs: 3000, target: 60 }], [1000, 2000, 3000]],
    ['has no start where there is no rate', 0, 1000, [{ durationMs: 3000, target: 0 }], []],
  ] // biome-ignore format: one row a case
  for (const [title, startRate, timeUnitMs, stages, expected] of cases)
    it(title, () => assert.deepEqual(duesOf(startRate, timeUnitMs, stages), expected))

  it('puts the nth start where the area below the rate is n', () => {
    const stages = [{ durationMs: 1700, target: 93 }, { durationMs: 800, target: 93 }, { durationMs: 2300, target: 11 }, { durationMs: 0, target: 40 }, { durationMs: 900, target: 41 }]
    const { count, dueMs } = rampingSchedule(13, 1000, stages)
    assert.equal(count, Math.floor(startsUntil(1e9, 13, stages)))
    for (let index = 0; index < count; index++)
      assert.ok(Math.abs(startsUntil(dueMs(index), 13, stages) - (index + 1)) < 1e-6, `start ${index}`)
  }) // biome-ignore format: one list
})

describe('ramping-arrival-rate', () => {
  const raw = { startRate: 10, stages: [{ duration: '1s', target: 10 }], preAllocatedVUs: 2, maxVUs: 4 }

  it('starts at the times of the schedule and waits for the end', async (t) => {
    const run = new FakeRun(t, rampingArrivalRate, raw, () => 20)
    await run.advanceTo(2000)
    assert.deepEqual(run.dues, [100, 200, 300, 400, 500, 600, 700, 800, 900, 1000])
    assert.equal(run.isOver, true)
  })

  it('drops starts for which no user is idle, and grows up to maxVUs', async (t) => {
    const run = new FakeRun(t, rampingArrivalRate, raw, () => Number.POSITIVE_INFINITY)
    await run.advanceTo(1000)
    assert.deepEqual(run.happenings.map(([, what]) => what), [
      'start', 'start', 'drop', 'start', 'drop', 'start', 'drop', 'drop', 'drop', 'drop',
    ])
    assert.equal(run.usersMade, 4)
  }) // biome-ignore format: one list

  it('tells how fast it gets', () => {
    const common = { name: 's', exec: 'default', startTimeMs: 0, gracefulStopMs: 0, env: {}, tags: {} }
    const { description, durationMs } = rampingArrivalRate.configure(common, raw, 'scenario "s"', wholeTest)
    assert.equal(description, 'up to 10 iterations/s for 1s over 1 stages (2 to 4 users)')
    assert.equal(durationMs, 1000)
  })
})
