import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Alarms } from '../../../../harness/engine/sessions/users/alarms.ts'

/** Alarms by a clock that stands until it is set, and how many timers they have asked for. */
function withClock(t: TestContext) {
  const clock = { nowMs: 0 }
  const timers = t.mock.method(globalThis, 'setTimeout')
  return { clock, timers, alarms: new Alarms(() => clock.nowMs) }
}

const never = (): void => assert.fail('it rang')

describe('Alarms', () => {
  it('ring at their moment, never before it', async () => {
    const alarms = new Alarms(() => performance.now())
    const startMs = performance.now()
    const after = [7.3, 0.4, 3.9, 2, 1.1]
    const rang: { afterMs: number; atMs: number }[] = []
    await Promise.all(
      after.map(
        (afterMs) =>
          new Promise<void>((resolve) =>
            alarms.set(startMs + afterMs, () => {
              rang.push({ afterMs, atMs: performance.now() - startMs })
              resolve()
            }),
          ),
      ),
    )
    for (const { afterMs, atMs } of rang) assert.ok(atMs >= afterMs, `${atMs} ms instead of ${afterMs}`)
    assert.deepEqual(new Set(rang.map(({ afterMs }) => afterMs)), new Set(after))
  })

  it('of a moment that has passed ring at once, but not while they are being set', async () => {
    const alarms = new Alarms(() => performance.now())
    let isSet = false
    const rangAfter = new Promise<boolean>((resolve) => alarms.set(performance.now() - 5, () => resolve(isSet)))
    isSet = true
    assert.equal(await rangAfter, true)
  })

  it('that were taken back stay silent, whatever they waited with', async (t) => {
    const { clock, alarms } = withClock(t)
    for (const atMs of [-1, 0.5, 3]) alarms.set(atMs, never).cancel()
    clock.nowMs = 10
    await sleep(8)
  })

  it('watch for no longer than their share of the time, and wait for timers then', (t) => {
    const { clock, timers, alarms } = withClock(t)
    const set = (count: number) => Array.from({ length: count }, () => alarms.set(clock.nowMs + 0.8, never))
    const all = set(12)
    assert.equal(timers.mock.callCount(), 0, '9.6 of the 10 ms that are there to begin with')
    all.push(...set(5))
    assert.equal(timers.mock.callCount(), 5)
    clock.nowMs += 24
    all.push(...set(5))
    assert.equal(timers.mock.callCount(), 7, 'a tenth of 24 ms and what was left are enough for three')
    for (const alarm of all) alarm.cancel()
  })
})
