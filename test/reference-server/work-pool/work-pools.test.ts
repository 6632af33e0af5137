import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { perCallWorkPool } from '../../../reference-server/work-pool/per-call.ts'
import type { WorkPool } from '../../../reference-server/work-pool/port.ts'
import { sharedWorkPool } from '../../../reference-server/work-pool/shared.ts'

const unaborted = new AbortController().signal
const little = { text: 'passwd', salt: 'salt', iterations: 1 }
/** A pattern that tries each of two ways at each of a hundred places before it gives up. */
const endless = { json: JSON.stringify('a'.repeat(100)), schema: { pattern: '^(a|a)+$x' } }

const kinds = {
  shared: { make: () => sharedWorkPool({ worker: { index: 0, count: 64 } }), poolsOfThree: 1 },
  'per call': { make: perCallWorkPool, poolsOfThree: 3 },
}
for (const [kind, { make, poolsOfThree }] of Object.entries(kinds)) {
  describe(`A work pool, ${kind}`, () => {
    const start = (t: TestContext): WorkPool => {
      const pool = make()
      t.after(() => pool.close())
      return pool
    }

    it(`does all that it is asked at once; three calls are ${poolsOfThree} pools`, async (t) => {
      const pool = start(t)
      const texts = await Promise.all([1, 2, 3].map(() => pool.run('digest', little, unaborted)))
      assert.equal(new Set(texts).size, 1)
      assert.match(texts[0]!, /^55ac046e56e3089fec1691c22544b605/)
      assert.equal(pool.poolsMade, poolsOfThree)
    })

    it('passes on why work gives no result', async (t) => {
      const wrong = start(t).run('check-json', { json: '{', schema: {} }, unaborted)
      await assert.rejects(wrong, { name: 'ToolFailure', message: /^the value is not JSON/ })
    })

    it('stops the thread of a call that is given up, and goes on', async (t) => {
      const pool = start(t)
      await pool.run('digest', little, unaborted)
      const cancel = new AbortController()
      const reason = new Error('client gone')
      const given = pool.run('check-json', endless, cancel.signal)
      cancel.abort(reason)
      await assert.rejects(given, reason)
      assert.match(await pool.run('digest', little, unaborted), /^55ac/)
    })

    it('begins nothing for a call that is given up already', async (t) => {
      const pool = start(t)
      await assert.rejects(pool.run('digest', little, AbortSignal.abort(new Error('gone'))), /gone/)
      assert.equal(pool.poolsMade, 0)
    })

    it('stops a call that takes longer than 30 s, and says so', async (t) => {
      const pool = start(t)
      await pool.run('digest', little, unaborted)
      t.mock.timers.enable({ apis: ['setTimeout'] })
      const slow = assert.rejects(pool.run('check-json', endless, unaborted), {
        name: 'ToolFailure',
        message: 'this takes longer than 30 s; ask for less',
      })
      t.mock.timers.tick(30_000)
      await slow
    })

    it('stops work under way when it closes', async () => {
      const pool = make()
      const given = assert.rejects(pool.run('check-json', endless, unaborted))
      await pool.close()
      await given
    })

    it('works as before after it loaded everything at the start', async (t) => {
      const pool = start(t)
      await pool.loadAll()
      assert.equal(await pool.run('outline', { source: 'class A {}' }, unaborted), 'class A (line 1)')
      assert.equal(pool.poolsMade, 1)
    })

    it('can be closed before it did anything', async () => {
      await make().close()
    })
  })
}
