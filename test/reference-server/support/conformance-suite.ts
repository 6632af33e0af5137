import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { planAnswer } from '../../../reference-server/services/answers.ts'
import { type VariantName, variantNames, variants } from '../../../reference-server/variants.ts'
import {
  assertProblem,
  eventually,
  heldByTurns,
  jsonHeaders,
  nothingHeld,
  postTurn,
  putSession,
  rawAnswer,
  readMetrics,
  refusedUpgrade,
  SessionClient,
} from './client.ts'
import { describeInterface } from './conformance-interface.ts'
import { finishesWhatIsInFlight } from './conformance-shutdown.ts'
import { type RunningGateway, type Services, startGateway, startServices } from './processes.ts'

const limits = {
  MAX_TURNS_IN_FLIGHT: '4',
  MAX_TURNS_WAITING: '2',
  MAX_BODY_BYTES: '2000',
  // One test waits for it; the others leave turns hanging for less.
  UPSTREAM_TIMEOUT_MS: '2500',
  ALLOWED_ORIGINS: 'https://app.example, https://other.example',
}

/** Where a gateway keeps its sessions and how it reaches others: what a suite is run on. */
export interface ConformanceBackEnd {
  name: string
  /** Why there is nothing to run on, or false. */
  skip: string | false
  start(services: Services): Promise<void>
  stop(): Promise<void>
  /** What a gateway of this variant is told by its environment; it shares no data with others. */
  prepare(variant: VariantName): Promise<Record<string, string>>
  /** The numbers of the turns in its database, in order. */
  storedTurns(variant: VariantName, key: string): Promise<number[]>
  /** What a gateway prints from its start to its end. */
  output: RegExp
}

/** What the tests of one variant are about. */
export interface UnderTest {
  variant: VariantName
  gateway: RunningGateway
  url: string
  services: Services
}
const spoken = (session: string, turn: number): string => planAnswer(session, `${turn}`).tokens.join('')
const isIdle = (held: object): boolean => JSON.stringify(held) === JSON.stringify(nothingHeld)

/** What six turns at once hold: places within the limits above, or all that they ask for. */
const sixTurns = {
  bounded: { permits: 4, waiting: 2, calls: 4 },
  unbounded: { permits: 6, waiting: 0, calls: 6 },
}

/** Takes all permits with turns that never end, and hands out what gives them up. */
const fillGateway = async (url: string, expected: object): Promise<() => Promise<void>> => {
  const giveUp = new AbortController()
  const turns = Array.from({ length: 6 }, (_, turn) => postTurn(url, 's', turn, 'stub:hang', giveUp.signal))
  const ended = Promise.allSettled(turns)
  await eventually(
    () => heldByTurns(url),
    ({ permits, waiting, calls }) => JSON.stringify({ permits, waiting, calls }) === JSON.stringify(expected),
  )
  return async () => {
    giveUp.abort()
    await ended
  }
}

/** The tests that every variant passes on every back end. */
export const conformanceSuite = (backEnd: ConformanceBackEnd): void => {
  const { name, skip } = backEnd
  // Six suites at a time, because most of their time is waiting; the tests within one share a gateway and take turns.
  describe(`Every variant gives the same answers, on ${name}`, { concurrency: 6, skip }, () => {
    let services: Services
    before(async () => {
      services = await startServices()
      await backEnd.start(services)
    })
    after(async () => {
      await backEnd.stop()
      await services?.stop()
    })
    for (const variant of variantNames) {
      describe(variant, { concurrency: 1 }, () => {
        let gateway: RunningGateway
        let url: string
        const underTest = (): UnderTest => ({ variant, gateway, url, services })
        before(async () => {
          const own = await backEnd.prepare(variant)
          gateway = await startGateway(variant, { ...services.env, ...limits, ...own })
          url = gateway.url
          await putSession(url, 's')
        })
        after(() => gateway?.stop())

        it('is healthy and ready, and shows its metrics, without a key', async () => {
          for (const path of ['/healthz', '/readyz', '/metrics']) assert.equal((await fetch(url + path)).status, 200)
        })

        it('opens a session once, shows it, and deletes it', async () => {
          const opened = await putSession(url, 'life')
          assert.equal(opened.status, 201)
          const again = await fetch(`${url}/v1/sessions/life`, { method: 'PUT', headers: jsonHeaders, body: '{}' })
          assert.equal(again.status, 200)
          const body = (await opened.json()) as { id: string; turns: number; createdAt: string }
          assert.deepEqual(await again.json(), { id: 'life', turns: 0, createdAt: body.createdAt, status: 'idle' })
          const removed = await fetch(`${url}/v1/sessions/life`, {
            method: 'DELETE',
            headers: { 'x-api-key': 'key-a' },
          })
          assert.equal(removed.status, 204)
          await assertProblem(await fetch(`${url}/v1/sessions/life`, { headers: jsonHeaders }), 404)
        })

        it('answers a JSON turn with what the model says to this session and turn, and counts it', async () => {
          await putSession(url, 'json')
          for (const turn of [7, 8]) {
            const response = await postTurn(url, 'json', turn, 'hello')
            assert.equal(response.status, 200)
            assert.deepEqual(await response.json(), {
              session: 'json',
              turn,
              content: spoken('json', turn),
              tokens: 8,
            })
          }
          // The context is brought up to date behind the answer, at another worker perhaps.
          await eventually(
            async () =>
              (await fetch(`${url}/v1/sessions/json`, { headers: jsonHeaders })).json() as Promise<{ turns: number }>,
            ({ turns }) => turns === 2,
          )
        })

        it('streams a turn over a WebSocket token by token in order, on a session that it opens', async () => {
          const client = await SessionClient.open(url, 'stream')
          for (const turn of [3, 4]) {
            client.sendTurn(turn, 'hello')
            const messages = await client.turnMessages()
            const { tokens } = planAnswer('stream', `${turn}`)
            const expected = tokens.map((text, index) => ({ type: 'token', turn, index, text }))
            const { timing, ...done } = messages.pop()!
            assert.match(String(timing), /^admitted;dur=.*delivered;dur=/)
            const last = { type: 'done', turn, tokens: 8, content: tokens.join('') }
            assert.deepEqual([...messages, done], [...expected, last])
          }
          await client.close()
          assert.equal((await fetch(`${url}/v1/sessions/stream`, { headers: jsonHeaders })).status, 200)
        })

        it('refuses who has no known key with 401, also before an upgrade', async () => {
          const path = `${url}/v1/sessions/s`
          await assertProblem(await fetch(path), 401)
          await assertProblem(await fetch(path, { headers: { 'x-api-key': 'nobody' } }), 401)
          assert.equal((await fetch(path, { headers: { authorization: 'Bearer key-a' } })).status, 200)
          assert.equal(await refusedUpgrade(url, 's', ''), 401)
          assert.equal(await refusedUpgrade(url, 's', '?key=nobody'), 401)
        })

        it('keeps the sessions of two apps apart, whatever their ids', async () => {
          await putSession(url, 'mine')
          const other = { 'x-api-key': 'key-b' }
          await assertProblem(await fetch(`${url}/v1/sessions/mine`, { headers: other }), 404)
          assert.equal((await fetch(`${url}/v1/sessions/mine`, { method: 'DELETE', headers: other })).status, 204)
          assert.equal((await fetch(`${url}/v1/sessions/mine`, { headers: jsonHeaders })).status, 200)
        })

        it('refuses what it cannot read with 400', async () => {
          const bodies = ['{', '{}', '[]', '{"turn":"7","content":"x"}', '{"turn":-1,"content":"x"}', '{"turn":1}']
          for (const body of [...bodies, '{"turn":1,"content":""}', '']) {
            const request = { method: 'POST', headers: jsonHeaders, body }
            await assertProblem(await fetch(`${url}/v1/sessions/s/turns`, request), 400)
          }
          for (const id of ['a b', 'x'.repeat(129), '%zz']) {
            await assertProblem(await fetch(`${url}/v1/sessions/${id}`, { headers: jsonHeaders }), 400)
          }
          assert.equal(await refusedUpgrade(url, 'x'.repeat(129), '?key=key-a'), 400)
          assert.match(await rawAnswer(url, 'no HTTP\r\n\r\n'), /^HTTP\/1\.1 400 .*application\/problem\+json/s)
        })

        it('answers a WebSocket message that it cannot read with an error and goes on', async () => {
          const client = await SessionClient.open(url, 's')
          const messages = ['{', 'null', '{"type":"turn"}', '{"type":"turn","turn":1,"content":""}', Buffer.from('{}')]
          for (const message of messages) {
            client.socket.send(message)
            const { type, status } = await client.next()
            assert.deepEqual({ type, status }, { type: 'error', status: 400 })
          }
          client.sendTurn(1, 'hello')
          assert.equal((await client.turnMessages()).at(-1)?.type, 'done')
          await client.close()
        })

        it('says 404 for a session or a route that does not exist', async () => {
          await assertProblem(await postTurn(url, 'nobody', 1, 'hello'), 404)
          await assertProblem(await fetch(`${url}/v2`, { headers: jsonHeaders }), 404)
          // Of this variant's own: gateways that share a Redis interrupt the turns of what one of them deletes.
          const gone = `gone-${variant}`
          const client = await SessionClient.open(url, gone)
          await fetch(`${url}/v1/sessions/${gone}`, { method: 'DELETE', headers: { 'x-api-key': 'key-a' } })
          client.sendTurn(1, 'hello')
          const { type, turn, status } = await client.next()
          assert.deepEqual({ type, turn, status }, { type: 'error', turn: 1, status: 404 })
          await client.close()
        })

        it('refuses a body that is too large with 413, and closes a WebSocket that sends one', async () => {
          await assertProblem(await postTurn(url, 's', 1, 'x'.repeat(3_000)), 413)
          const client = await SessionClient.open(url, 's')
          client.sendTurn(1, 'x'.repeat(3_000))
          assert.equal(await client.closed, 1009)
        })

        for (const fault of ['stub:status-500', 'stub:malformed', 'stub:reset', 'stub:cut', 'stub:knowledge-down']) {
          it(`says 502 when the upstream does ${fault}, and holds nothing afterwards`, async () => {
            await assertProblem(await postTurn(url, 's', 1, fault), 502)
            const client = await SessionClient.open(url, 's')
            client.sendTurn(2, fault)
            const { type, turn, status } = (await client.turnMessages()).at(-1)!
            assert.deepEqual({ type, turn, status }, { type: 'error', turn: 2, status: 502 })
            await client.close()
            assert.deepEqual(await heldByTurns(url), nothingHeld)
          })
        }

        const { admission } = variants[variant]
        const whenFull = admission === 'bounded' ? 'says 503 with Retry-After' : 'answers all the same'
        it(`${whenFull} when all permits and places to wait are taken, over both transports`, async () => {
          const giveUp = await fillGateway(url, sixTurns[admission])
          const json = await postTurn(url, 's', 99, 'hello')
          const client = await SessionClient.open(url, 's')
          client.sendTurn(1, 'hello')
          const last = (await client.turnMessages()).at(-1)!
          await client.close()
          await giveUp()
          if (admission === 'bounded') {
            assert.equal(json.headers.get('retry-after'), '1')
            await assertProblem(json, 503)
            assert.equal(last.status, 503)
          } else assert.deepEqual([json.status, last.type], [200, 'done'])
          await eventually(() => heldByTurns(url), isIdle)
          assert.equal((await postTurn(url, 's', 1, 'hello')).status, 200)
        })

        it('frees permit, channel and upstream call of a client that leaves', async () => {
          const gone = 'gateway_turns_total{outcome="client-gone"}'
          const before = (await readMetrics(url))[gone]!
          const leave = new AbortController()
          const turn = postTurn(url, 's', 1, 'stub:hang', leave.signal)
          const client = await SessionClient.open(url, 's')
          client.sendTurn(2, 'stub:hang')
          const both = { turns: 2, permits: 2, waiting: 0, channels: 2, calls: 2 }
          await eventually(
            () => heldByTurns(url),
            (held) => JSON.stringify(held) === JSON.stringify(both),
          )
          leave.abort()
          await assert.rejects(turn)
          client.socket.terminate()
          await eventually(() => heldByTurns(url), isIdle)
          await eventually(
            async () => (await readMetrics(url))[gone],
            (count) => count === before + 2,
          )
        })

        it('says 504 when the upstream does not answer in time, over both transports, and holds nothing', async () => {
          const client = await SessionClient.open(url, 's')
          client.sendTurn(2, 'stub:hang')
          await assertProblem(await postTurn(url, 's', 1, 'stub:hang'), 504)
          assert.equal((await client.next()).status, 504)
          await client.close()
          assert.deepEqual(await heldByTurns(url), nothingHeld)
        })

        describeInterface(underTest)

        it('has no stream open and waits for no result of a tool when nothing is in flight any more', async () => {
          await eventually(
            async () => {
              const { gateway_open_streams: streams, gateway_tool_results_waiting: results } = await readMetrics(url)
              return [streams, results]
            },
            (held) => String(held) === '0,0',
          )
        })

        it('finishes the turns in flight when it is stopped, refuses new ones, and loses none of them', async () => {
          await finishesWhatIsInFlight(underTest(), backEnd)
        })
      })
    }
  })
}
