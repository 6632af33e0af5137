import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { externallyControlled } from '../../../../harness/engine/sessions/executors/externally-controlled.ts'
import { wholeTest } from '../../../../harness/engine/sessions/executors/segment.ts'
import { FakeRun } from './fake-run.ts'

describe('externally-controlled', () => {
  it('runs the users that it begins with for its time, and stops them hard', async (t) => {
    const run = new FakeRun(t, externallyControlled, { vus: 2, maxVUs: 9, duration: '1s' }, () => 400)
    await run.advanceTo(1000)
    assert.equal(run.usersMade, 2)
    assert.deepEqual(run.times('start'), [0, 0, 400, 400, 800, 800])
    assert.deepEqual(run.times('stop'), [1000, 1000])
    assert.equal(run.isOver, true)
  })

  it('lasts its time also without users', async (t) => {
    const run = new FakeRun(t, externallyControlled, { vus: 0, duration: '1s' }, () => 400)
    await run.advanceTo(999)
    assert.equal(run.isOver, false)
    await run.advanceTo(1000)
    assert.equal(run.isOver, true)
  })

  it('goes on until it is stopped where its duration is 0', async (t) => {
    const run = new FakeRun(t, externallyControlled, { vus: 1, duration: 0 }, () => 50_000)
    await run.advanceTo(400_000)
    assert.equal(run.isOver, false)
    run.stop()
    await run.advanceTo(400_001)
    assert.equal(run.isOver, true)
  })

  const refused: [raw: Record<string, unknown>, message: RegExp][] = [
    [{ vus: 1 }, /the duration must be specified, for infinite duration use 0/],
    [{ vus: 1, duration: '-1s' }, /the duration can't be negative/],
    [
      { vus: 3, maxVUs: 2, duration: '1s' },
      /active VUs \(3\) must be less than or equal to the number of maxVUs \(2\)/,
    ],
    [{ vus: 3, duration: '1s', gracefulStop: '1s' }, /gracefulStop is not supported/],
  ]
  for (const [raw, message] of refused) {
    it(`refuses ${JSON.stringify(raw)}`, () => {
      const common = { name: 's', exec: 'default', startTimeMs: 0, gracefulStopMs: 0, env: {}, tags: {} }
      assert.throws(() => externallyControlled.configure(common, raw, 'scenario "s"', wholeTest), message)
    })
  }
})
