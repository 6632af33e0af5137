import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { interruptsPolledEvery50Ms, interruptsPolledEvery300Ms } from '../../../reference-server/interrupt/polling.ts'
import { signalInterrupts } from '../../../reference-server/interrupt/signal.ts'

const kinds = [
  { kind: 'by signal', make: signalInterrupts, intervalMs: 0 },
  { kind: 'polled every 50 ms', make: interruptsPolledEvery50Ms, intervalMs: 50 },
  { kind: 'polled every 300 ms', make: interruptsPolledEvery300Ms, intervalMs: 300 },
]

for (const { kind, make, intervalMs } of kinds) {
  /** Three turns: two of session s, one of session other. */
  const watchThree = (t: TestContext) => {
    t.mock.timers.enable({ apis: ['setInterval'] })
    const interrupts = make()
    const interrupted: string[] = []
    const watch = (session: string, turn: number) =>
      interrupts.watch({ session, turn, interrupt: () => interrupted.push(`${session} ${turn}`) })
    return { interrupts, interrupted, unwatch: [watch('s', 1), watch('s', 2), watch('other', 1)] }
  }

  describe(`Interrupts, ${kind}`, () => {
    it('reach the turn that they are meant for, and no other', (t) => {
      const { interrupts, interrupted } = watchThree(t)
      assert.equal(interrupts.request('s', 2), 1)
      t.mock.timers.tick(intervalMs)
      assert.deepEqual(interrupted, ['s 2'])
      assert.equal(interrupts.watched, 3)
    })

    it('reach all turns of a session where none is named', (t) => {
      const { interrupts, interrupted } = watchThree(t)
      assert.equal(interrupts.request('s', undefined), 2)
      t.mock.timers.tick(intervalMs)
      assert.deepEqual(interrupted, ['s 1', 's 2'])
    })

    it('concern nobody where no such turn is in flight', (t) => {
      const { interrupts, interrupted } = watchThree(t)
      assert.deepEqual([interrupts.request('s', 7), interrupts.request('nobody', undefined)], [0, 0])
      t.mock.timers.tick(1_000)
      assert.deepEqual(interrupted, [])
    })

    it('do not reach a turn that is over, also when it ends in between', (t) => {
      const { interrupts, interrupted, unwatch } = watchThree(t)
      unwatch[0]?.()
      assert.equal(interrupts.request('s', 1), 0)
      if (intervalMs > 0) interrupts.request('s', 2)
      unwatch[1]?.()
      t.mock.timers.tick(1_000)
      assert.deepEqual(interrupted, [])
      assert.equal(interrupts.watched, 1)
    })

    it('count a turn off once, however often its end is told', (t) => {
      const { interrupts, unwatch } = watchThree(t)
      for (const end of [...unwatch, ...unwatch]) end()
      assert.equal(interrupts.watched, 0)
    })

    it('reach every turn though each is over as soon as it hears', (t) => {
      t.mock.timers.enable({ apis: ['setInterval'] })
      const interrupts = make()
      let ended = 0
      for (let turn = 0; turn < 5; turn++) {
        const unwatch = interrupts.watch({
          ...{ session: 's', turn },
          interrupt: () => {
            unwatch()
            ended += 1
          },
        })
      }
      assert.equal(interrupts.request('s', undefined), 5)
      t.mock.timers.tick(intervalMs)
      assert.deepEqual([ended, interrupts.watched], [5, 0])
    })

    it('come to an upstream call through its abort signal', (t) => {
      t.mock.timers.enable({ apis: ['setInterval'] })
      const interrupts = make()
      const cancel = new AbortController()
      interrupts.watch({ session: 's', turn: 1, interrupt: () => cancel.abort(new Error('interrupted')) })
      interrupts.request('s', 1)
      assert.equal(cancel.signal.aborted, intervalMs === 0)
      t.mock.timers.tick(intervalMs)
      assert.equal(cancel.signal.reason.message, 'interrupted')
    })
  })
}

for (const { kind, make, intervalMs } of kinds.filter(({ intervalMs }) => intervalMs > 0)) {
  it(`An interrupt ${kind} is heard at the next look and not before, and once however often it is asked for`, (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] })
    const interrupts = make()
    let heard = 0
    interrupts.watch({ session: 's', turn: 1, interrupt: () => (heard += 1) })
    t.mock.timers.tick(intervalMs - 10)
    interrupts.request('s', 1)
    interrupts.request('s', 1)
    t.mock.timers.tick(9)
    assert.equal(heard, 0)
    t.mock.timers.tick(1)
    assert.equal(heard, 1)
    t.mock.timers.tick(3 * intervalMs)
    assert.equal(heard, 1)
  })
}
