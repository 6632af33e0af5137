import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { listenerPerCallToolResults } from '../../../reference-server/tool-results/listener-per-call.ts'
import { sharedListenerToolResults } from '../../../reference-server/tool-results/shared-listener.ts'
import { openWorkers } from '../support/workers.ts'

const behaviours = { 'shared-listener': sharedListenerToolResults, 'listener-per-call': listenerPerCallToolResults }
const never = () => new AbortController().signal

for (const [behaviour, make] of Object.entries(behaviours)) {
  const open = async (t: TestContext, count: number) => {
    const workers = await openWorkers(t, count)
    const results = workers.map(make)
    for (const each of results) await each.open()
    return { results, buses: workers.map(({ bus }) => bus) }
  }

  for (const count of [1, 3]) {
    describe(`Tool results, ${behaviour}, ${count} in-process`, () => {
      it('come to the turn that waits, at whatever worker they arrive', async (t) => {
        const { results } = await open(t, count)
        for (const [index, arriving] of results.entries()) {
          const { result } = await results[0]!.expect(`call-${index}`, never())
          assert.equal(results[0]!.waiting, 1)
          assert.equal(await arriving.deliver({ callId: `call-${index}`, content: '' }), true)
          assert.deepEqual(await result, { callId: `call-${index}`, content: '' })
          assert.equal(results[0]!.waiting, 0)
        }
      })

      it('are refused where no turn waits, and where one came already', async (t) => {
        const { results } = await open(t, count)
        const last = results.at(-1)!
        assert.equal(await last.deliver({ callId: 'unknown', content: 'x' }), false)
        const { result } = await results[0]!.expect('call', never())
        assert.equal(await last.deliver({ callId: 'call', content: 'first' }), true)
        assert.equal(await last.deliver({ callId: 'call', content: 'second' }), false)
        assert.equal((await result).content, 'first')
      })

      it('are taken once when several arrive at once', async (t) => {
        const { results } = await open(t, count)
        const { result } = await results[0]!.expect('call', never())
        const arriving = [...results, ...results]
        const taken = await Promise.all(
          arriving.map((each, index) => each.deliver({ callId: 'call', content: `${index}` })),
        )
        assert.equal(taken.filter((each) => each).length, 1)
        assert.equal((await result).content, `${taken.indexOf(true)}`)
      })

      it('leave no listener behind, whether they come or the turn is given up', async (t) => {
        const { results, buses } = await open(t, count)
        const [here] = results
        const before = buses[0]!.listeners
        const cancel = new AbortController()
        const waits = await Promise.all(['a', 'b', 'c'].map((callId) => here!.expect(callId, cancel.signal)))
        assert.equal(here!.waiting, 3)
        assert.equal(buses[0]!.listeners - before, behaviour === 'shared-listener' ? 0 : 3)
        await results.at(-1)!.deliver({ callId: 'a', content: 'x' })
        await waits[0]!.result
        cancel.abort(new Error('gone'))
        for (const { result } of waits.slice(1)) await assert.rejects(result, /gone/)
        await new Promise(setImmediate)
        assert.deepEqual([here!.waiting, buses[0]!.listeners - before], [0, 0])
        assert.equal(await results.at(-1)!.deliver({ callId: 'b', content: 'late' }), false)
        await assert.rejects(here!.expect('d', cancel.signal), /gone/)
        assert.equal(here!.waiting, 0)
      })

      it('leave nothing behind when the turn is given up before the wait has begun', async (t) => {
        const { results, buses } = await open(t, count)
        const before = buses[0]!.listeners
        const cancel = new AbortController()
        const wait = results[0]!.expect('call', cancel.signal)
        cancel.abort(new Error('gone'))
        await assert.rejects(wait, /gone/)
        await results[0]!.close()
        assert.equal(results[0]!.waiting, 0)
        assert.ok(buses[0]!.listeners <= before)
      })

      it('cannot be waited for twice at once', async (t) => {
        const { results } = await open(t, count)
        const { result } = await results[0]!.expect('call', never())
        await assert.rejects(results[0]!.expect('call', never()), { status: 502 })
        await results[0]!.deliver({ callId: 'call', content: 'x' })
        assert.equal((await result).content, 'x')
      })
    })
  }
}
