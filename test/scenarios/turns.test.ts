import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { planAnswer } from '../../reference-server/services/answers.ts'
import { fakeGateway, type Spoil } from './support/gateway.ts'
import { runScenario } from './support/run-scenario.ts'

const small = { RATE: '100', SECONDS: '0.3', CAPACITY_USERS: '2', CAPACITY_SECONDS: '0.1', SESSIONS: '3' }

describe('The scenario of JSON turns', { concurrency: 4 }, () => {
  const broken = async (t: TestContext, spoil?: Spoil) => {
    const { conditions, metrics } = await runScenario('turns', { ...small, BASE_URL: await fakeGateway(t, spoil) })
    const failed = metrics.find(({ metric, scenario }) => metric === 'turns_failed' && scenario === undefined)
    assert.ok(failed && failed.count > 30, 'turns were taken')
    return { broken: conditions.filter(({ holds }) => !holds).map(({ metric }) => metric), failed: failed.sum }
  }

  it('lets a trial stand where every answer is right', async (t) =>
    assert.deepEqual(await broken(t), { broken: [], failed: 0 }))

  const spoilers: [title: string, spoil: Spoil][] = [
    ['loses one token of a single answer', (tokens, turn, session) => (turn === 2 && session === 'turns-1' ? tokens.slice(1) : tokens)],
    ['doubles one', (tokens, turn, session) => (turn === 2 && session === 'turns-1' ? [...tokens, tokens[7]!] : tokens)],
    ['gives the answer of another session once', (tokens, turn, session) => (turn === 2 && session === 'turns-1' ? planAnswer('turns-2', '2').tokens : tokens)],
    ['changes the order of two', (tokens, turn, session) => (turn === 2 && session === 'turns-1' ? tokens.toReversed() : tokens)],
  ] // biome-ignore format: one row a case
  for (const [title, spoil] of spoilers)
    it(`voids one where the gateway ${title}`, async (t) =>
      assert.deepEqual(await broken(t, spoil), { broken: ['answers_wrong'], failed: 1 }))
})
