import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { constantVus } from '../../../../harness/engine/sessions/executors/constant-vus.ts'
import { perVuIterations, sharedIterations } from '../../../../harness/engine/sessions/executors/iterations.ts'
import { wholeTest } from '../../../../harness/engine/sessions/executors/segment.ts'
import { FakeRun } from './fake-run.ts'

describe('constant-vus', () => {
  it('lets every user start again when its iteration is over, until the time is over', async (t) => {
    const run = new FakeRun(t, constantVus, { vus: 2, duration: '1s' }, (start) => (start === 0 ? 900 : 300))
    await run.advanceTo(2000)
    const startsOf = (id: number) => run.happenings.filter(([, what, user]) => what === 'start' && user === id).map(([atMs]) => atMs)
    assert.deepEqual([startsOf(1), startsOf(2)], [[0, 900], [0, 300, 600, 900]])
    assert.deepEqual(run.times('end').slice(-2), [1200, 1200])
    assert.ok(run.dues.every(Number.isNaN), 'a closed loop has no schedule')
    assert.equal(run.isOver, true)
  }) // biome-ignore format: one list

  it('stops what is not over after gracefulStop', async (t) => {
    const run = new FakeRun(t, constantVus, { vus: 2, duration: '1s', gracefulStopMs: 100 }, (start) => (start === 0 ? 9999 : 1050))
    await run.advanceTo(1099)
    assert.equal(run.isOver, false)
    await run.advanceTo(1100)
    assert.deepEqual(run.happenings.slice(2), [[1050, 'end', 2], [1100, 'stop', 1]])
    assert.equal(run.isOver, true)
  }) // biome-ignore format: one list

  it('is over as soon as the last iteration is', async (t) => {
    const run = new FakeRun(t, constantVus, { vus: 1, duration: '1s' }, () => 1001)
    await run.advanceTo(1001)
    assert.equal(run.isOver, true)
  })

  it('starts nothing more when it is stopped from outside', async (t) => {
    const run = new FakeRun(t, constantVus, { vus: 3, duration: '1s' }, () => 100)
    await run.advanceTo(250)
    run.stop()
    await run.advanceTo(3000)
    assert.equal(run.times('start').length, 9)
    assert.deepEqual(run.times('stop'), [250, 250, 250])
    assert.equal(run.isOver, true)
  })
})

describe('shared-iterations', () => {
  it('lets who is free take the next', async (t) => {
    const run = new FakeRun(t, sharedIterations, { vus: 2, iterations: 5 }, (start) => (start === 0 ? 1000 : 100))
    await run.advanceTo(2000)
    const users = run.happenings.filter(([, what]) => what === 'start').map(([, , user]) => user)
    assert.deepEqual(users, [1, 2, 2, 2, 2])
    assert.deepEqual(run.times('drop'), [])
    assert.equal(run.isOver, true)
  })

  it('counts as dropped what maxDuration leaves no time for', async (t) => {
    const run = new FakeRun(
      t,
      sharedIterations,
      { vus: 2, iterations: 20, maxDuration: '1s', gracefulStopMs: 0 },
      () => 300,
    )
    await run.advanceTo(2000)
    assert.deepEqual([run.times('end').length, run.times('stop').length, run.times('drop').length], [6, 2, 12])
    assert.equal(run.isOver, true)
  })

  it('says nothing of what a stop from outside leaves, as k6 does', async (t) => {
    const run = new FakeRun(t, sharedIterations, { vus: 1, iterations: 4 }, () => 300)
    await run.advanceTo(400)
    run.stop()
    await run.advanceTo(500)
    assert.deepEqual([run.times('start').length, run.times('drop').length], [2, 0])
  })

  it('needs an iteration for each user', (t) => {
    const make = () => new FakeRun(t, sharedIterations, { vus: 5, iterations: 2 }, () => 1)
    assert.throws(make, /the number of iterations \(2\) can't be less than the number of VUs \(5\)/)
  })
})

describe('per-vu-iterations', () => {
  it('lets every user do its own number', async (t) => {
    const run = new FakeRun(t, perVuIterations, { vus: 2, iterations: 3 }, (start) => (start === 0 ? 1000 : 100))
    await run.advanceTo(5000)
    const startsOf = (id: number) => run.happenings.filter(([, what, user]) => what === 'start' && user === id).length
    assert.deepEqual([startsOf(1), startsOf(2)], [3, 3])
    assert.equal(run.isOver, true)
  })

  it('lets iterations that are running at maxDuration end within gracefulStop', async (t) => {
    const run = new FakeRun(
      t,
      perVuIterations,
      { vus: 2, iterations: 10, maxDuration: '1s', gracefulStopMs: 500 },
      () => 300,
    )
    await run.advanceTo(2000)
    assert.deepEqual([run.times('end').length, run.times('stop').length, run.times('drop').length], [8, 0, 12])
    assert.deepEqual(run.times('end').slice(-2), [1200, 1200])
  })
})

describe('options', () => {
  const common = { name: 's', exec: 'default', startTimeMs: 0, gracefulStopMs: 0, env: {}, tags: {} }
  const cases = [
    [constantVus, { vus: 0, duration: '1s' }, /scenario "s": vus: expected a whole number of at least 1, found 0/],
    [constantVus, { vus: 1.5, duration: '1s' }, /vus: .* found 1.5/],
    [constantVus, { vus: 1 }, /scenario "s": the duration is unspecified/],
    [perVuIterations, { vus: 1, iterations: 0 }, /iterations: .* at least 1, found 0/],
    [sharedIterations, { vus: 'two' }, /vus: .* found "two"/],
  ] as const
  for (const [executor, raw, expected] of cases) {
    it(`names what is wrong with ${JSON.stringify(raw)}`, () => {
      assert.throws(() => executor.configure(common, raw, 'scenario "s"', wholeTest), expected)
    })
  }
})
