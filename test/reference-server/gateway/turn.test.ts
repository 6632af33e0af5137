import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { boundedAdmission } from '../../../reference-server/admission/bounded.ts'
import type { AssembledParts } from '../../../reference-server/assembly.ts'
import { backgroundContextUpdate } from '../../../reference-server/context-update/background.ts'
import { inlineContextUpdate } from '../../../reference-server/context-update/inline.ts'
import { oneShotDelivery } from '../../../reference-server/delivery/one-shot.ts'
import { pollingDelivery } from '../../../reference-server/delivery/polling.ts'
import { busy, ClientGone, deadlinePassed, interrupted } from '../../../reference-server/gateway/problems.ts'
import { runTurn, Turn } from '../../../reference-server/gateway/turn.ts'
import { signalInterrupts } from '../../../reference-server/interrupt/signal.ts'
import { lockFreeRegistry } from '../../../reference-server/registry/lock-free.ts'
import { snapshotKind } from '../../../reference-server/state/snapshot.ts'
import type { ModelCall } from '../../../reference-server/upstream/port.ts'
import { eventually } from '../support/client.ts'

const request = { session: 's', turn: 1, content: 'hello', caller: { apiKey: 'key-a', app: 'app-a' } }

const limits = { turnTimeoutMs: 10_000, toolTimeoutMs: 10_000, rateLimit: 0, rateWindowMs: 60_000 }

/** Real parts round a model that does what the test says. */
const partsWith = (complete: (call: ModelCall) => Promise<{ content: string; tokens: number }>) => {
  const parts = {
    admission: boundedAdmission({ permits: 1, waitingTurns: 0 }),
    state: snapshotKind.local(lockFreeRegistry.local),
    delivery: oneShotDelivery(),
    contextUpdate: backgroundContextUpdate(),
    knowledge: { lookUp: async () => ['found'] },
    upstream: { complete },
    interrupts: signalInterrupts(),
    agents: { agentOf: () => ({ name: 'assistant', prompt: 'Be kind.', toolsJson: '["look"]' }) },
    memory: { recall: () => ['likes tea'] },
    hydration: { todosOf: () => [{ text: 'ask', done: true }], noteTurn: () => {} },
    usage: { record: async () => {} },
    sessionLog: { note: () => {} },
    store: {
      load: async () => undefined,
      write: async () => {},
      readForTurn: async () => undefined,
      overloaded: false,
    },
  } as unknown as AssembledParts
  parts.state.add({
    ...{ key: 'app-a/s', id: 's', app: 'app-a', agent: null, device: null, createdAt: '', turns: 0, lastActivityMs: 0 },
    recent: [{ role: 'user', content: 'before' }],
  })
  return parts
}

const held = ({ admission, delivery }: AssembledParts) => [admission.inUse, delivery.openChannels]

it('The model is shown what was found, the conversation so far and the message; the turn becomes part of it', async () => {
  const prompts: unknown[] = []
  const parts = partsWith(async ({ messages, toolsJson }) => {
    prompts.push([...messages, toolsJson])
    return { content: 'answer', tokens: 1 }
  })
  assert.deepEqual(await runTurn(parts, new Turn(request), limits), { content: 'answer', tokens: 1 })
  await parts.contextUpdate.drain()
  const before = { role: 'user', content: 'before' }
  const said = { role: 'user', content: 'hello' }
  assert.deepEqual(prompts, [
    [{ role: 'system', content: 'Be kind.\nlikes tea\nTo do:\n- [x] ask\nfound' }, before, said, '["look"]'],
  ])
  assert.deepEqual((await parts.state.get('app-a/s'))?.recent, [before, said, { role: 'assistant', content: 'answer' }])
  assert.deepEqual(held(parts), [0, 0])
})

it('A turn whose time is up ends with 504, cancels its upstream call and frees permit and channel', async () => {
  let reason: unknown
  const parts = partsWith(
    ({ signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject((reason = signal.reason)))
      }),
  )
  await assert.rejects(runTurn(parts, new Turn(request), { ...limits, turnTimeoutMs: 5 }), { status: 504 })
  assert.equal((reason as { status: number }).status, 504)
  assert.deepEqual(held(parts), [0, 0])
})

it('A fault in the gateway itself reaches whoever waits, and frees permit and channel', async () => {
  const parts = partsWith(() => {
    throw new TypeError('a mistake')
  })
  await assert.rejects(runTurn(parts, new Turn(request), limits), /a mistake/)
  assert.deepEqual(held(parts), [0, 0])
})

it('A turn is refused with 503 while the database is far behind, and its model is not asked', async () => {
  let calls = 0
  const parts = partsWith(async () => ({ content: 'answer', tokens: ++calls }))
  Object.assign(parts.store, { overloaded: true, pendingWrites: 75_000 })
  const refused = { status: 503, retryAfterS: 1, message: /^75000 changes wait for the database/ }
  await assert.rejects(runTurn(parts, new Turn(request), limits), refused)
  assert.deepEqual([calls, ...held(parts)], [0, 0, 0])
})

it('A call of a tool is no token of the answer, and is checked by the agent before it is run', async () => {
  const turn = new Turn(request)
  const firstTokens: unknown[] = []
  const call = (id: string) => ({ id, name: 'digest', arguments: id })
  const parts = partsWith(async ({ messages }) => {
    firstTokens.push(turn.lifecycle.sinceAccepted('first-token'))
    if (messages.length > 3)
      return {
        content: messages
          .slice(-2)
          .map(({ content }) => content)
          .join(' '),
        tokens: 2,
      }
    return { content: '', tokens: 0, toolCalls: [call('bad'), call('good')] }
  })
  const wrongIn = (_tool: string, args: string) => (args === 'bad' ? 'that is wrong' : undefined)
  Object.assign(parts, {
    agents: { agentOf: () => ({ name: 'assistant', prompt: 'Be kind.', toolsJson: '', wrongIn }) },
    tools: { has: () => true, run: async ({ id }: { id: string }) => `ran ${id}` },
  })
  assert.equal((await runTurn(parts, turn, limits)).content, 'that is wrong ran good')
  assert.deepEqual(firstTokens, [undefined, undefined])
  assert.notEqual(turn.lifecycle.sinceAccepted('first-token'), undefined)
})

it('A turn that waits to be admitted can be interrupted, and leaves its place in the queue', async () => {
  const parts = partsWith(async () => assert.fail('it was never admitted'))
  Object.assign(parts, { admission: boundedAdmission({ permits: 0, waitingTurns: 1 }) })
  const waiting = runTurn(parts, new Turn(request), limits)
  assert.deepEqual([parts.admission.waiting, parts.interrupts.request('app-a/s', 1)], [1, 1])
  await assert.rejects(waiting, { status: 409 })
  assert.deepEqual([parts.admission.waiting, parts.interrupts.watched], [0, 0])
})

it('An app that is closed in the database takes no turns', async () => {
  const parts = partsWith(async () => assert.fail('the model was asked'))
  const readForTurn = async () => ({ session: { status: 'active', turns: 0 }, app: { active: false } })
  Object.assign(parts.store, { readForTurn })
  await assert.rejects(runTurn(parts, new Turn(request), limits), { status: 403 })
  assert.deepEqual(held(parts), [0, 0])
})

describe('A turn that is part of its conversation, and whose client has no answer yet', () => {
  const answer = { content: 'answer', tokens: 1 }

  /** One whose answer lies in the response cache, until its client looks for it. */
  const beginPolled = (t: TestContext, parts: AssembledParts) => {
    t.mock.timers.enable({ apis: ['setInterval'] })
    Object.assign(parts, { delivery: pollingDelivery() })
    t.after(() => parts.delivery.close())
    return () => t.mock.timers.tick(50)
  }

  /** One that waits for its row. */
  const beginInline = (_t: TestContext, parts: AssembledParts) => {
    const written = Promise.withResolvers<void>()
    Object.assign(parts, { contextUpdate: inlineContextUpdate() })
    Object.assign(parts.store, { write: () => written.promise })
    return () => written.resolve()
  }

  const reasons = [
    interrupted('s', 1),
    deadlinePassed('the turn took longer than 1 ms'),
    busy('the gateway is shutting down'),
  ]

  for (const [kind, begin] of Object.entries({ polling: beginPolled, 'inline-context': beginInline })) {
    const beginTurn = async (t: TestContext) => {
      const parts = partsWith(async () => answer)
      const goOn = begin(t, parts)
      const turn = new Turn(request)
      const outcome = runTurn(parts, turn, limits)
      // Looked at below; until then it is no failure that nobody hears of.
      outcome.catch(() => {})
      await eventually(
        async () => (await parts.state.get('app-a/s'))?.turns,
        (turns) => turns === 1,
      )
      return { parts, turn, outcome, goOn }
    }

    for (const reason of reasons)
      it(`is answered with it, though it is given up now with ${reason.status}: ${kind}`, async (t) => {
        const { parts, turn, outcome, goOn } = await beginTurn(t)
        turn.cancel.abort(reason)
        goOn()
        assert.deepEqual(await outcome, answer)
        assert.deepEqual(held(parts), [0, 0])
      })

    it(`frees permit and channel at once where its client goes: ${kind}`, async (t) => {
      const { parts, turn, outcome, goOn } = await beginTurn(t)
      turn.cancel.abort(new ClientGone())
      await assert.rejects(outcome, ClientGone)
      assert.deepEqual(held(parts), [0, 0])
      goOn()
    })
  }
})
