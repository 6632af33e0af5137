import assert from 'node:assert/strict'
import { assertProblem, eventually, heldByTurns, postTurn, SessionClient } from './client.ts'
import type { ConformanceBackEnd, UnderTest } from './conformance-suite.ts'
import { postToolResult } from './tool-result.ts'
import { TurnEvents } from './turn-events.ts'

const slowly = 'stub:take-1500'

/** Turns of every kind are in flight when the gateway is told to stop: each is answered, and each is stored. */
export const finishesWhatIsInFlight = async (
  { url, gateway, variant }: UnderTest,
  backEnd: Pick<ConformanceBackEnd, 'storedTurns' | 'output'>,
): Promise<void> => {
  const client = await SessionClient.open(url, 'last')
  assert.equal((await postTurn(url, 'last', 1, 'hello')).status, 200)
  // What answers by itself comes last, so that all are in flight at once, however busy the machine is.
  const caller = await SessionClient.open(url, 'last')
  caller.sendTurn(5, 'stub:tool-ask')
  const call = await caller.next()
  client.sendTurn(2, slowly)
  const json = postTurn(url, 'last', 3, slowly)
  const events = TurnEvents.open(url, 'last', { turn: 4, content: slowly })
  await eventually(
    () => heldByTurns(url),
    ({ turns, calls }) => turns === 4 && calls === 3,
  )
  const stopped = gateway.stop()
  await eventually(
    () => fetch(`${url}/readyz`),
    ({ status }) => status === 503,
  )
  await assertProblem(await postTurn(url, 'last', 6, 'hello'), 503)
  assert.equal((await postToolResult(url, `${call.id}`, 'late, but not too late')).status, 202)
  assert.equal((await json).status, 200)
  assert.equal((await (await events).rest()).at(-1)?.event, 'done')
  assert.equal((await caller.turnMessages()).at(-1)?.type, 'done')
  assert.equal((await client.turnMessages()).at(-1)?.type, 'done')
  assert.deepEqual([await client.closed, await caller.closed], [1001, 1001])
  const { code, output } = await stopped
  assert.equal(code, 0)
  assert.match(output, backEnd.output)
  assert.deepEqual(await backEnd.storedTurns(variant, 'app-a/last'), [1, 2, 3, 4, 5])
}
