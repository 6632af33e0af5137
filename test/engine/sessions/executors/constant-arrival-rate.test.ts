import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  arrivalSchedule,
  constantArrivalRate,
} from '../../../../harness/engine/sessions/executors/constant-arrival-rate.ts'
import { FakeRun } from './fake-run.ts'

const options = { rate: 10, duration: '1s', preAllocatedVUs: 2, maxVUs: 5 }
const everyHundred = [0, 100, 200, 300, 400, 500, 600, 700, 800, 900]

describe('constant-arrival-rate', () => {
  it('starts at absolute offsets from the start of the scenario, whatever iterations last', async (t) => {
    const run = new FakeRun(t, constantArrivalRate, options, (start) => (start % 3) * 60 + 1)
    await run.advanceTo(1000)
    assert.deepEqual(run.times('start'), everyHundred)
    assert.deepEqual(run.dues, everyHundred)
    assert.deepEqual(run.times('drop'), [])
    assert.equal(run.isOver, true)
  })

  it('keeps the offsets exact where the interval is no whole number', () => {
    const { count, dueMs } = arrivalSchedule(3, 1000, 10_000)
    assert.equal(count, 30)
    assert.deepEqual([0, 1, 2, 3, 29].map(dueMs), [0, 1000 / 3, 2000 / 3, 1000, 29_000 / 3])
    assert.equal(arrivalSchedule(250, 1000, 10_000).dueMs(2499), 9996)
    assert.equal(arrivalSchedule(7, 60_000, 60_000).count, 7)
  })

  it('gives starts to users in turn, those idle for longest first', async (t) => {
    const run = new FakeRun(t, constantArrivalRate, { ...options, preAllocatedVUs: 3 }, () => 50)
    await run.advanceTo(1000)
    const users = run.happenings.filter(([, what]) => what === 'start').map(([, , user]) => user)
    assert.deepEqual(users, [1, 2, 3, 1, 2, 3, 1, 2, 3, 1])
  })

  it('drops a start for which no user is idle, adds one user, and never makes the start up', async (t) => {
    const run = new FakeRun(t, constantArrivalRate, { ...options, gracefulStopMs: 0 }, () => Number.POSITIVE_INFINITY)
    await run.advanceTo(1000)
    // Two users take two starts; then each other start is dropped for a user that takes the next.
    assert.deepEqual(run.times('start'), [0, 100, 300, 500, 700])
    assert.deepEqual(run.times('drop'), [200, 400, 600, 800, 900])
    assert.equal(run.usersMade, 5)
  })

  it('goes back to its schedule after a blockage, with one start for each that is due then', async (t) => {
    const run = new FakeRun(t, constantArrivalRate, { ...options, preAllocatedVUs: 1, maxVUs: 1 }, (start) =>
      start === 0 ? 450 : 10,
    )
    await run.advanceTo(1000)
    assert.deepEqual(run.times('drop'), [100, 200, 300, 400])
    assert.deepEqual(run.times('start'), [0, 500, 600, 700, 800, 900])
    assert.deepEqual(run.dues, [0, 500, 600, 700, 800, 900])
  })

  it('waits for iterations at the end as long as gracefulStop says, then stops them', async (t) => {
    const lasting = (start: number): number => (start === 0 ? 1300 : start === 1 ? 9999 : 10)
    const run = new FakeRun(t, constantArrivalRate, { ...options, preAllocatedVUs: 3, gracefulStopMs: 500 }, lasting)
    await run.advanceTo(1499)
    assert.equal(run.isOver, false)
    assert.deepEqual(run.happenings.at(-1), [1300, 'end', 1])
    await run.advanceTo(1500)
    assert.deepEqual(run.happenings.at(-1), [1500, 'stop', 2])
    assert.equal(run.isOver, true)
  })

  it('starts nothing more when it is stopped from outside', async (t) => {
    const run = new FakeRun(t, constantArrivalRate, options, () => 190)
    await run.advanceTo(350)
    run.stop()
    await run.advanceTo(2000)
    assert.deepEqual(run.times('start'), [0, 100, 200, 300])
    assert.deepEqual(run.times('stop'), [350, 350])
    assert.equal(run.isOver, true)
  })
})
