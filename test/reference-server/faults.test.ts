import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { planAnswer } from '../../reference-server/services/answers.ts'
import { eventually, heldByTurns, nothingHeld, postTurn, putSession, SessionClient } from './support/client.ts'
import { type RunningGateway, type Services, startGateway, startServices } from './support/processes.ts'
import { assertEventsInOrder, TurnEvents } from './support/turn-events.ts'

let services: Services
before(async () => {
  services = await startServices({ MODEL_LATENCY_MS: '0' })
})
after(() => services?.stop())

const spoken = (session: string, turn: number): string => planAnswer(session, `${turn}`).tokens.join('')

/** How one turn ended for its client: its status, and what a problem says. */
interface Ending {
  status: number
  detail: string
  tokens: number
}

const overJson = async (url: string, turn: number, content: string): Promise<Ending> => {
  const response = await postTurn(url, 's', turn, content)
  const { detail = '', tokens = 0 } = (await response.json()) as Partial<Ending>
  return { status: response.status, detail, tokens }
}

/** A stream that has begun says its failure in an event. */
const overEvents = async (url: string, turn: number, content: string): Promise<Ending> => {
  const stream = await TurnEvents.open(url, 's', { turn, content })
  const { status, ok } = stream.response
  if (!ok) return { status, detail: ((await stream.response.json()) as Ending).detail, tokens: 0 }
  const events = await stream.rest()
  assertEventsInOrder(events)
  const last = events.at(-1)!
  const tokens = events.filter(({ event }) => event === 'token').length
  return last.event === 'done'
    ? { status, detail: '', tokens }
    : { status: Number(last.data.status), detail: String(last.data.detail), tokens }
}

const overWebSocket = async (url: string, turn: number, content: string): Promise<Ending> => {
  const client = await SessionClient.open(url, 's')
  client.sendTurn(turn, content)
  const messages = await client.turnMessages()
  await client.close()
  const last = messages.at(-1)!
  const tokens = messages.filter(({ type }) => type === 'token')
  for (const [at, { index }] of tokens.entries()) assert.equal(index, at)
  if (last.type === 'done') return { status: 200, detail: '', tokens: tokens.length }
  return { status: Number(last.status), detail: String(last.detail), tokens: tokens.length }
}

const transports = { JSON: overJson, 'server-sent events': overEvents, WebSocket: overWebSocket }

interface FaultCase {
  asks: string
  status: number
  says: RegExp
  /** Tokens that a client which streams has by then. */
  tokens: number
  /** How the whole answer differs. */
  whole?: { status: number; says: RegExp }
}

const failed = /^the call to the model failed: /
const late = /^the model did not answer within 400 ms$/
const noCompletion = /^the model sent an answer that is no chat completion$/
const cases: readonly FaultCase[] = [
  { asks: 'stub:hang', status: 504, says: late, tokens: 0 },
  { asks: 'stub:hang-after-3', status: 504, says: late, tokens: 3 },
  { asks: 'stub:reset', status: 502, says: failed, tokens: 0 },
  { asks: 'stub:cut', status: 502, says: failed, tokens: 4 },
  { asks: 'stub:status-500', status: 502, says: /^the model answered with status 500$/, tokens: 0 },
  { asks: 'stub:status-429', status: 502, says: /^the model answered with status 429$/, tokens: 0 },
  { asks: 'stub:malformed', status: 502, says: noCompletion, tokens: 0 },
  { asks: 'stub:broken-sse', status: 502, says: noCompletion, tokens: 4, whole: { status: 200, says: /^$/ } },
  { asks: 'stub:knowledge-down', status: 502, says: /^the knowledge base answered with status 503$/, tokens: 0 },
  { asks: 'stub:trickle-20', status: 200, says: /^$/, tokens: 8 },
  { asks: 'stub:tool-calculate-{"expression":"1/0"}', status: 200, says: /^$/, tokens: 8 },
  { asks: 'stub:tool-fetch-{"url":"no url"}', status: 200, says: /^$/, tokens: 8 },
]

describe('What goes wrong at the model and behind it', { concurrency: 1 }, () => {
  let gateway: RunningGateway
  let url: string
  before(async () => {
    const env = { UPSTREAM_TIMEOUT_MS: '400', TOOL_TIMEOUT_MS: '200' }
    gateway = await startGateway('optimized', { ...services.env, ...env })
    url = gateway.url
    await putSession(url, 's')
  })
  after(() => gateway?.stop())

  for (const { asks, status, says, tokens, whole } of cases) {
    it(`${asks} ends a turn with ${status} over every transport, and leaves nothing`, async () => {
      const endings = await Promise.all(
        Object.entries(transports).map(async ([name, over], at) => ({ name, ...(await over(url, at, asks)) })),
      )
      for (const { name, ...ending } of endings) {
        const expected = name === 'JSON' && whole ? whole : { status, says }
        assert.equal(ending.status, expected.status, `${name}: ${ending.detail}`)
        assert.match(ending.detail, expected.says, name)
        if (name !== 'JSON') assert.equal(ending.tokens, tokens, name)
      }
      await eventually(
        () => heldByTurns(url),
        (held) => JSON.stringify(held) === JSON.stringify(nothingHeld),
      )
    })
  }

  it('A tool that neither gateway nor client has is told to the model, which answers without it', async () => {
    const ending = await overJson(url, 1, 'stub:tool-nobody')
    assert.deepEqual([ending.status, ending.tokens], [200, 8])
  })

  it('A tool of the client that gives no result in time is told to the model too', async () => {
    const events = await (await TurnEvents.open(url, 's', { turn: 2, content: 'stub:tool-mine' })).rest()
    const names = events.map(({ event }) => event)
    assert.deepEqual([names[0], names.at(-1)], ['tool_call', 'done'])
  })

  it('After all of it a turn is answered as ever', async () => {
    const response = await postTurn(url, 's', 9, 'hello')
    assert.equal(((await response.json()) as { content: string }).content, spoken('s', 9))
  })
})
