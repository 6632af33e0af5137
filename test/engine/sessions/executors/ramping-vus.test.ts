import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { rampingVus, rampSteps } from '../../../../harness/engine/sessions/executors/ramping-vus.ts'
import type { Stage } from '../../../../harness/engine/sessions/executors/stages.ts'
import { FakeRun } from './fake-run.ts'

describe('the steps of a ramp', () => {
  const cases: [title: string, startVUs: number, stages: Stage[], expected: [offsetMs: number, vus: number][]][] = [
    ['up', 0, [{ durationMs: 4000, target: 4 }], [[0, 0], [1000, 1], [2000, 2], [3000, 3], [4000, 4]]],
    ['down', 2, [{ durationMs: 4000, target: 0 }], [[0, 2], [2000, 1], [4000, 0]]],
    ['hold', 3, [{ durationMs: 1000, target: 3 }], [[0, 3]]],
    ['at once', 1, [{ durationMs: 0, target: 3 }, { durationMs: 1000, target: 3 }], [[0, 1], [0, 2], [0, 3]]],
    ['up, hold, down', 0, [{ durationMs: 200, target: 2 }, { durationMs: 300, target: 2 }, { durationMs: 100, target: 1 }],
      [[0, 0], [100, 1], [200, 2], [600, 1]]],
    ['up to where no whole milliseconds lie', 0, [{ durationMs: 1000, target: 3 }], [[0, 0], [1000 / 3, 1], [2000 / 3, 2], [1000, 3]]],
  ] // biome-ignore format: one row a case
  for (const [title, startVUs, stages, expected] of cases) {
    it(`${title}: lie where the line crosses whole numbers`, () => {
      assert.deepEqual(
        rampSteps(startVUs, stages).map(({ offsetMs, vus }) => [offsetMs, vus]),
        expected,
      )
    })
  }
})

describe('ramping-vus', () => {
  const upAndDown = [{ duration: '300ms', target: 3 }, { duration: '200ms', target: 3 }, { duration: '300ms', target: 0 }] // biome-ignore format: one ramp

  it('starts users one after the other and lets each go on looping', async (t) => {
    const run = new FakeRun(t, rampingVus, { startVUs: 0, stages: upAndDown }, () => 1000)
    await run.advanceTo(400)
    assert.deepEqual(run.happenings, [[100, 'start', 1], [200, 'start', 2], [300, 'start', 3]])
  }) // biome-ignore format: one list

  it('sends the highest-numbered users away first, when their iteration is over', async (t) => {
    const run = new FakeRun(t, rampingVus, { startVUs: 0, stages: upAndDown }, () => 50)
    await run.advanceTo(2000)
    const lastStartOf = (id: number) =>
      run.happenings.findLast(([, what, user]) => what === 'start' && user === id)?.[0]
    assert.deepEqual([1, 2, 3].map(lastStartOf), [750, 650, 550])
    assert.deepEqual(run.times('stop'), [])
    assert.equal(run.isOver, true)
  })

  it('stops hard what is not over after gracefulRampDown', async (t) => {
    const run = new FakeRun(t, rampingVus, { startVUs: 0, stages: upAndDown, gracefulRampDown: '150ms' }, () => Number.POSITIVE_INFINITY)
    await run.advanceTo(2000)
    assert.deepEqual(run.happenings.slice(3), [[750, 'stop', 3], [850, 'stop', 2], [950, 'stop', 1]])
    assert.equal(run.isOver, true)
  }) // biome-ignore format: one list

  it('stops everything after gracefulStop, however long gracefulRampDown is', async (t) => {
    const run = new FakeRun(t, rampingVus, { startVUs: 2, stages: [{ duration: '100ms', target: 2 }], gracefulStopMs: 50 }, () => 9999)
    await run.advanceTo(150)
    assert.deepEqual(run.happenings.slice(2), [[150, 'stop', 1], [150, 'stop', 2]])
    assert.equal(run.isOver, true)
  }) // biome-ignore format: one list

  it('takes up the same user again when the ramp comes back before it has gone', async (t) => {
    const stages = [{ duration: '100ms', target: 0 }, { duration: '100ms', target: 1 }, { duration: '300ms', target: 1 }]
    const run = new FakeRun(t, rampingVus, { startVUs: 1, stages, gracefulRampDown: '10s' }, () => 250)
    await run.advanceTo(500)
    assert.deepEqual(run.happenings, [[0, 'start', 1], [250, 'end', 1], [250, 'start', 1], [500, 'end', 1]])
    assert.equal(run.usersMade, 1)
  }) // biome-ignore format: one list

  it('starts the same user again when the ramp comes back after it has gone', async (t) => {
    const stages = [{ duration: '100ms', target: 0 }, { duration: '100ms', target: 1 }, { duration: '100ms', target: 1 }]
    const run = new FakeRun(t, rampingVus, { startVUs: 1, stages }, () => 70)
    await run.advanceTo(1000)
    assert.deepEqual(run.times('start'), [0, 70, 200, 270])
    assert.equal(run.usersMade, 1)
  }) // biome-ignore format: one list

  it('takes a fresh user for one that was stopped hard', async (t) => {
    const stages = [{ duration: '100ms', target: 0 }, { duration: '100ms', target: 1 }, { duration: '100ms', target: 1 }]
    const run = new FakeRun(t, rampingVus, { startVUs: 1, stages, gracefulRampDown: '20ms', gracefulStopMs: 0 }, () => 9999)
    await run.advanceTo(1000)
    assert.deepEqual(run.happenings.map(([atMs, what]) => [atMs, what]), [[0, 'start'], [120, 'stop'], [200, 'start'], [300, 'stop']])
  }) // biome-ignore format: one list

  it('counts gracefulRampDown from the last time that a user was sent away', async (t) => {
    const stages = [
      { duration: '100ms', target: 0 }, { duration: '100ms', target: 1 }, { duration: '100ms', target: 0 }, { duration: '900ms', target: 0 },
    ]
    const run = new FakeRun(t, rampingVus, { startVUs: 1, stages, gracefulRampDown: '500ms' }, () => 9999)
    await run.advanceTo(2000)
    assert.deepEqual(run.happenings, [[0, 'start', 1], [800, 'stop', 1]])
  }) // biome-ignore format: one list

  it('starts nothing more when it is stopped from outside', async (t) => {
    const run = new FakeRun(t, rampingVus, { startVUs: 1, stages: upAndDown }, () => 40)
    await run.advanceTo(110)
    run.stop()
    await run.advanceTo(1000)
    assert.equal(run.times('start').at(-1), 80)
    assert.equal(run.isOver, true)
  })
})
