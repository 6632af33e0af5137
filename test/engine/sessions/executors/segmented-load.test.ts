import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  arrivalSchedule,
  constantArrivalRate,
} from '../../../../harness/engine/sessions/executors/constant-arrival-rate.ts'
import { perVuIterations, sharedIterations } from '../../../../harness/engine/sessions/executors/iterations.ts'
import type { Executor } from '../../../../harness/engine/sessions/executors/port.ts'
import { rampingArrivalRate } from '../../../../harness/engine/sessions/executors/ramping-arrival-rate.ts'
import { rampingVus, rampSteps, stepsOfSegment } from '../../../../harness/engine/sessions/executors/ramping-vus.ts'
import { equalPart, type Segment } from '../../../../harness/engine/sessions/executors/segment.ts'
import { parseSegment } from '../../../../harness/engine/sessions/executors/segment-text.ts'
import { FakeRun } from './fake-run.ts'

type Raw = Record<string, unknown>

const ascending = (a: number, b: number): number => a - b
const thirds = [0, 1, 2].map((index) => equalPart(index, 3))
const unequal = ['0:1/2', '1/2:3/4', '3/4:1'].map((text) => parseSegment(text, '0,1/2,3/4,1'))

describe('segments of a test', () => {
  const open: [title: string, executor: Executor, raw: Raw][] = [
    ['a constant rate', constantArrivalRate, { rate: 37, duration: '2s', preAllocatedVUs: 9 }],
    ['a slow rate', constantArrivalRate, { rate: 7, timeUnit: '3s', duration: '9s', preAllocatedVUs: 3 }],
    ['a rate with fewer users than segments', constantArrivalRate, { rate: 5, duration: '2s', preAllocatedVUs: 2 }],
    ['a rate with users that no segment divides evenly', constantArrivalRate, { rate: 50, duration: '2s', preAllocatedVUs: 7, maxVUs: 11 }],
    ['a ramping rate', rampingArrivalRate, { startRate: 3, stages: [{ duration: '2s', target: 40 }, { duration: '1s', target: 0 }], preAllocatedVUs: 9 }],
  ] // biome-ignore format: one row a case
  for (const [name, segments] of Object.entries({ thirds, unequal })) {
    for (const [title, executor, raw] of open) {
      it(`${name} together offer exactly the schedule of the whole: ${title}`, async (t) => {
        const duesOf = async (segment?: Segment): Promise<number[]> => {
          const run = new FakeRun(t, executor, raw, () => 1, segment)
          await run.advanceTo(12_000)
          assert.equal(run.isOver, true)
          assert.deepEqual(run.times('drop'), [])
          return run.dues
        }
        const parts = await Promise.all(segments.map((segment) => duesOf(segment)))
        assert.deepEqual(parts.flat().sort(ascending), await duesOf())
      })
    }
  }

  it('divide shared iterations and leave none out', async (t) => {
    for (const [vus, iterations] of [[10, 101], [2, 7], [3, 3], [7, 1000]] as const) {
      for (const segments of [thirds, unequal]) {
        const counts = await Promise.all(
          segments.map(async (segment) => {
            const run = new FakeRun(t, sharedIterations, { vus, iterations }, () => 1, segment)
            await run.advanceTo(2000)
            assert.equal(run.isOver, true)
            return run.times('start').length
          }),
        )
        assert.equal(counts.reduce((sum, count) => sum + count, 0), iterations)
      }
    }
  }) // biome-ignore format: one list

  it('divide the users of per-vu-iterations, not what each of them does', async (t) => {
    const runs = unequal.map((segment) => new FakeRun(t, perVuIterations, { vus: 5, iterations: 3 }, () => 1, segment))
    for (const run of runs) await run.advanceTo(100)
    assert.deepEqual(runs.map((run) => run.usersMade), [3, 1, 1])
    assert.deepEqual(runs.map((run) => run.times('start').length), [9, 3, 3])
  }) // biome-ignore format: one list

  it('together ramp as the whole does', () => {
    const stages = [{ durationMs: 700, target: 10 }, { durationMs: 0, target: 4 }, { durationMs: 500, target: 9 }, { durationMs: 900, target: 0 }]
    const whole = rampSteps(3, stages)
    const parts = unequal.map((segment) => stepsOfSegment(whole, segment))
    const wantedAt = (steps: typeof whole, offsetMs: number): number =>
      steps.findLast((step) => step.offsetMs <= offsetMs)!.vus
    for (const { offsetMs } of whole)
      assert.equal(parts.reduce((sum, steps) => sum + wantedAt(steps, offsetMs), 0), wantedAt(whole, offsetMs))
    assert.deepEqual(parts[2]!.slice(0, 3).map(({ vus }) => vus), [0, 1, 2])
  }) // biome-ignore format: one list

  it('have nothing to do when no user is theirs', async (t) => {
    const last = thirds[2]!
    for (const [executor, raw] of [
      [rampingVus, { startVUs: 1, stages: [{ duration: '1s', target: 2 }] }],
      [sharedIterations, { vus: 2, iterations: 20 }],
      [constantArrivalRate, { rate: 10, duration: '1s', preAllocatedVUs: 2 }],
    ] as const) {
      const run = new FakeRun(t, executor, raw, () => 1, last)
      await run.advanceTo(1000)
      assert.deepEqual(run.happenings, [])
      assert.equal(run.isOver, true)
    }
  })

  it('know the index in the whole test of what they start', () => {
    const { iterationSegment } = constantArrivalRate.configure(
      { name: 's', exec: 'default', startTimeMs: 0, gracefulStopMs: 0, env: {}, tags: {} },
      { rate: 10, duration: '1s', preAllocatedVUs: 4 },
      'scenario "s"',
      unequal[1]!,
    )
    assert.deepEqual([0, 1, 2].map(iterationSegment.globalIndex), [1, 5, 9])
    assert.equal(arrivalSchedule(10, 1000, 1000).dueMs(5), 500)
  })
})
