import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import pg from 'pg'
import { skipWithout, startPostgres, startRedis, type TestBackEnd } from './support/back-ends.ts'
import { assertProblem, eventually, heldByTurns, jsonHeaders, nothingHeld, SessionClient } from './support/client.ts'
import { type RunningGateway, type Services, startGateway, startServices } from './support/processes.ts'

/** No answer takes that long, whatever is away; who waits longer hangs. */
const hangsMs = 5_000

let services: Services
before(async () => {
  services = await startServices({ MODEL_LATENCY_MS: '0' })
})
after(() => services?.stop())

const ask = (url: string, method: string, path: string, body?: object, key = 'key-a'): Promise<Response> =>
  fetch(url + path, {
    method,
    headers: { ...jsonHeaders, 'x-api-key': key },
    body: body ? JSON.stringify(body) : null,
    signal: AbortSignal.timeout(hangsMs),
  })

const turnOf = (url: string, turn: number, key?: string): Promise<Response> =>
  ask(url, 'POST', '/v1/sessions/s/turns', { turn, content: 'hello' }, key)

/** What /readyz says, once it says that. */
const untilReadiness = async (url: string, status: number): Promise<string> => {
  const seen = await eventually(
    async () => {
      const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(hangsMs) })
      return { status: response.status, text: await response.text() }
    },
    (found) => found.status === status,
  )
  return seen.text
}

const assertNothingHeld = (url: string): Promise<unknown> =>
  eventually(
    () => heldByTurns(url),
    (held) => JSON.stringify(held) === JSON.stringify(nothingHeld),
  )

describe('A gateway whose PostgreSQL stops in mid-run', { skip: skipWithout('postgres'), concurrency: 1 }, () => {
  let database: TestBackEnd
  let gateway: RunningGateway
  before(async () => {
    database = await startPostgres()
    gateway = await startGateway('optimized', { ...services.env, DATABASE_URL: database.url, MAX_WRITES_PENDING: '40' })
  })
  after(async () => {
    await gateway?.stop()
    await database?.stop()
  })

  const storedTurns = async (): Promise<number[]> => {
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    const { rows } = await client.query("SELECT turn FROM turns WHERE session = 'app-a/s' ORDER BY id")
    await client.end()
    return rows.map((row: { turn: string }) => Number(row.turn))
  }

  it('says so with 503 while it lasts, goes on by itself, and has every turn that it answered, in order', async () => {
    const { url } = gateway
    assert.equal((await ask(url, 'PUT', '/v1/sessions/s')).status, 201)
    const answered: number[] = []
    let turn = 0
    /** Takes turns one after the other until one of them ends so. */
    const takeUntil = async (status: number): Promise<void> => {
      for (let seen = 0; seen !== status; turn++) {
        const response = await turnOf(url, turn)
        seen = response.status
        if (seen === 200) answered.push(turn)
        else {
          assert.match(((await response.clone().json()) as { detail: string }).detail, /database/)
          await assertProblem(response, 503)
        }
      }
    }
    await takeUntil(200)
    const down = database.goDown()
    await takeUntil(503)
    await down
    assert.match(await untilReadiness(url, 503), /store: /)
    await assertProblem(await ask(url, 'GET', '/v1/sessions/never-seen'), 503)
    await assertProblem(await ask(url, 'POST', '/v1/sessions', { device: 'd' }), 503)
    assert.equal((await ask(url, 'GET', '/healthz')).status, 200)
    await assertNothingHeld(url)
    await database.comeBack()
    await takeUntil(200)
    await untilReadiness(url, 200)
    await takeUntil(200)
    assert.equal((await gateway.stop()).code, 0)
    assert.deepEqual(await storedTurns(), answered)
  })

  it('refuses turns when too many changes wait for it, with 503 and Retry-After, and takes them again afterwards', async () => {
    const again = await startGateway('optimized', {
      ...services.env,
      DATABASE_URL: database.url,
      MAX_WRITES_PENDING: '8',
    })
    gateway = again
    const { url } = again
    await ask(url, 'PUT', '/v1/sessions/s')
    await database.goDown()
    // What a deletion that failed has asked for is done all the same, later: until then it waits.
    for (let session = 0; session < 8; session++) await ask(url, 'DELETE', `/v1/sessions/gone-${session}`)
    const refused = await turnOf(url, 1_000)
    assert.equal(refused.headers.get('retry-after'), '1')
    assert.match(((await refused.clone().json()) as { detail: string }).detail, /^\d+ changes wait for the database/)
    await assertProblem(refused, 503)
    await database.comeBack()
    await eventually(
      () => turnOf(url, 1_001),
      ({ status }) => status === 200,
    )
  })
})

describe('Gateways whose Redis stops in mid-run', { skip: skipWithout('redis'), concurrency: 1 }, () => {
  const limit = 6
  let redis: TestBackEnd
  let gateways: RunningGateway[]
  before(async () => {
    redis = await startRedis()
    const env = { ...services.env, REDIS_URL: redis.url, RATE_LIMIT_TURNS: `${limit}`, RATE_LIMIT_WINDOW_MS: '600000' }
    gateways = await Promise.all([startGateway('optimized', env), startGateway('optimized', env)])
    for (const { url } of gateways)
      for (const key of ['key-a', 'key-b']) await ask(url, 'PUT', '/v1/sessions/s', {}, key)
  })
  after(async () => {
    for (const gateway of gateways ?? []) await gateway.stop()
    await redis?.stop()
  })

  const callOfTool = async (client: SessionClient, turn: number): Promise<string> => {
    client.sendTurn(turn, 'stub:tool-mine')
    const { type, id } = await client.next()
    assert.equal(type, 'tool_call')
    return String(id)
  }

  it('turns go on, what needs Redis says 503, and /readyz says which it is', async () => {
    const [{ url }] = gateways as [RunningGateway]
    await redis.goDown()
    assert.match(await untilReadiness(url, 503), /bus: /)
    assert.equal((await turnOf(url, 0)).status, 200)
    await assertProblem(await ask(url, 'POST', '/v1/tool-results/some-call', { content: 'x' }), 503)
    const client = await SessionClient.open(url, 's')
    client.sendTurn(1, 'stub:tool-mine')
    assert.equal((await client.next()).status, 503)
    await client.close()
    await assertNothingHeld(url)
  })

  it('once it is back, results of tools find their turn and all gateways share one limit again', async () => {
    const [one, two] = gateways as [RunningGateway, RunningGateway]
    await redis.comeBack()
    for (const { url } of gateways) await untilReadiness(url, 200)
    const client = await SessionClient.open(one.url, 's')
    const call = await callOfTool(client, 2)
    const taken = await ask(two.url, 'POST', `/v1/tool-results/${call}`, { content: 'done' })
    assert.equal(taken.status, 202)
    assert.equal((await client.turnMessages()).at(-1)?.type, 'done')
    await client.close()
    const statuses: number[] = []
    for (let turn = 0; turn < limit; turn++)
      for (const { url } of gateways) statuses.push((await turnOf(url, turn, 'key-b')).status)
    assert.deepEqual(statuses, [...Array(limit).fill(200), ...Array(limit).fill(429)])
  })
})
