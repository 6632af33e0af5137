import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { lockFreeRegistry } from '../../../reference-server/registry/lock-free.ts'
import { lockedRegistry } from '../../../reference-server/registry/locked.ts'
import { AsyncMutex } from '../../../reference-server/state/async-mutex.ts'
import { mutexKind } from '../../../reference-server/state/mutex.ts'
import { OwnedStates } from '../../../reference-server/state/owner.ts'
import type { CompletedTurn, SessionState } from '../../../reference-server/state/port.ts'
import { snapshotKind } from '../../../reference-server/state/snapshot.ts'

const createdAt = '2026-01-01T00:00:00.000Z'
const session = (id: string): SessionState => ({
  ...{ key: id, id, app: 'app-a', agent: null, device: null, createdAt },
  ...{ turns: 0, lastActivityMs: 0, recent: [] },
})
const oneTurnMore: CompletedTurn = { createdAt, content: 'question', answer: 'answer', atMs: 7 }

const kinds = {
  snapshot: () => snapshotKind.local(lockFreeRegistry.local),
  mutex: () => mutexKind.local(lockFreeRegistry.local),
  'snapshot in a locked registry': () => snapshotKind.local(lockedRegistry.local),
  'mutex in a locked registry': () => mutexKind.local(lockedRegistry.local),
}

for (const [kind, make] of Object.entries(kinds)) {
  describe(`Session state, ${kind}`, () => {
    it('keeps the first of two sessions with one id', async () => {
      const states = make()
      const [first, second] = await Promise.all([states.add(session('a')), states.add({ ...session('a'), turns: 9 })])
      assert.deepEqual([first.added, second.added, second.state.turns, states.size], [true, false, 0, 1])
    })

    it('knows nothing of a session that was never added', async () => {
      const states = make()
      assert.equal(await states.get('a'), undefined)
      assert.equal(await states.completeTurn('a', oneTurnMore), undefined)
      assert.equal(await states.remove('a'), false)
      assert.equal(states.size, 0)
    })

    it('loses none of many updates at once, and never changes a state that was read', async () => {
      const states = make()
      await states.add(session('a'))
      const before = await states.get('a')
      await Promise.all(Array.from({ length: 100 }, () => states.completeTurn('a', oneTurnMore)))
      assert.equal(before?.turns, 0)
      assert.equal((await states.get('a'))?.turns, 100)
    })

    it('does not bring a removed session back through an update, and lets it be added anew', async () => {
      const states = make()
      await states.add({ ...session('a'), turns: 5 })
      const [removed, updated, added] = await Promise.all([
        states.remove('a'),
        states.completeTurn('a', oneTurnMore),
        states.add(session('a')),
      ])
      assert.deepEqual([removed, updated, added.added], [true, undefined, true])
      assert.equal((await states.get('a'))?.turns, 0)
      assert.equal(states.size, 1)
    })

    it('adds no turn to a session that was opened under the id of the one in which it began', async () => {
      const states = make()
      await states.add(session('a'))
      await states.remove('a')
      const another = { ...session('a'), createdAt: '2026-01-01T00:00:00.001Z' }
      await states.add(another)
      assert.equal(await states.completeTurn('a', oneTurnMore), undefined)
      assert.deepEqual(await states.get('a'), another)
    })

    it('keeps the end of the conversation and when it was last active', async () => {
      const states = make()
      await states.add(session('a'))
      for (const content of ['1', '2', '3'])
        await states.completeTurn('a', { createdAt, content, answer: `re ${content}`, atMs: 9 })
      const state = await states.get('a')
      assert.deepEqual(
        state?.recent.map(({ content }) => content),
        ['2', 're 2', '3', 're 3'],
      )
      assert.deepEqual([state?.turns, state?.lastActivityMs], [3, 9])
    })
  })
}

it('A mutex lets operations in one at a time, in the order of asking', async () => {
  const mutex = new AsyncMutex()
  const order: number[] = []
  await Promise.all([1, 2, 3].map((number) => mutex.run(() => order.push(number))))
  assert.deepEqual(order, [1, 2, 3])
})

it('The owner of all sessions adds no turn to one that was opened under the id of another', () => {
  const states = new OwnedStates()
  const { state } = states.add({ ...session('a'), createdAt: '2026-01-01T00:00:00.001Z' })
  assert.equal(states.completeTurn('a', oneTurnMore), undefined)
  assert.equal(states.get('a'), state)
  assert.equal(states.completeTurn('a', { ...oneTurnMore, createdAt: state.createdAt })?.turns, 1)
})
