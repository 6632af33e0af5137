import assert from 'node:assert/strict'
import { it } from 'node:test'
import { boundedAdmission } from '../../../reference-server/admission/bounded.ts'
import type { AssembledParts } from '../../../reference-server/assembly.ts'
import { backgroundContextUpdate } from '../../../reference-server/context-update/background.ts'
import { oneShotDelivery } from '../../../reference-server/delivery/one-shot.ts'
import { runTurn, Turn } from '../../../reference-server/gateway/turn.ts'
import { signalInterrupts } from '../../../reference-server/interrupt/signal.ts'
import { lockFreeRegistry } from '../../../reference-server/registry/lock-free.ts'
import { snapshotKind } from '../../../reference-server/state/snapshot.ts'
import type { ModelCall } from '../../../reference-server/upstream/port.ts'

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
    agents: { agentOf: () => ({ name: 'assistant', prompt: 'Be kind.' }) },
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
  const parts = partsWith(async ({ messages }) => {
    prompts.push(messages)
    return { content: 'answer', tokens: 1 }
  })
  assert.deepEqual(await runTurn(parts, new Turn(request), limits), { content: 'answer', tokens: 1 })
  await parts.contextUpdate.drain()
  const before = { role: 'user', content: 'before' }
  const said = { role: 'user', content: 'hello' }
  assert.deepEqual(prompts, [
    [{ role: 'system', content: 'Be kind.\nlikes tea\nTo do:\n- [x] ask\nfound' }, before, said],
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
