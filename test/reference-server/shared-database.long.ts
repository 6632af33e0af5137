import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { after, before, describe, it } from 'node:test'
import pg from 'pg'
import { seededRandom } from '../support/random.ts'
import { skipWithout, startPostgres, startRedis, type TestBackEnd } from './support/back-ends.ts'
import { jsonHeaders } from './support/client.ts'
import { type RunningGateway, type Services, startGateway, startServices } from './support/processes.ts'

const turns = 2_000
/** Clients at work at once; each takes its turns of any session, at any worker of any gateway. */
const clients = 12
const sessions = 40
/** One turn in so many is the first of a session that nobody has seen yet. */
const newSessionEvery = 5
/** A session that ends between its opening and its turn so often does not end by chance. */
const mostOpenings = 20

/** A turn that was answered. */
interface Acknowledged {
  session: string
  turn: number
  answer: string
}

interface Answer {
  status: number
  body: { content?: string }
}

describe('Two gateways of four workers over one PostgreSQL and one Redis', {
  skip: skipWithout('postgres', 'redis'),
}, () => {
  let services: Services
  let backEnds: TestBackEnd[] = []
  let gateways: RunningGateway[] = []
  // Connections enough that every worker has some.
  const agent = new Agent({ keepAlive: true, maxSockets: 16 })
  before(async () => {
    services = await startServices({ MODEL_LATENCY_MS: '0' })
    const [database, redis] = await Promise.all([startPostgres(), startRedis()])
    backEnds = [database, redis]
    // Sessions are taken out of memory, and ended, all the time, also between the turns of the busy ones.
    const expiry = { SESSION_IDLE_TIMEOUT_MS: '200', EXPIRY_INTERVAL_MS: '20' }
    const env = { ...services.env, ...expiry, DATABASE_URL: database.url, REDIS_URL: redis.url }
    gateways = [await startGateway('four-workers', env), await startGateway('four-workers', env)]
  })
  after(async () => {
    agent.destroy()
    for (const gateway of gateways) await gateway.stop()
    for (const backEnd of backEnds) await backEnd.stop()
    await services?.stop()
  })

  const ask = async (gateway: number, method: string, path: string, body: object = {}): Promise<Answer> => {
    const asked = request(`${gateways[gateway]!.url}/v1/sessions/${path}`, { method, headers: jsonHeaders, agent })
    asked.end(JSON.stringify(body))
    const [response] = (await once(asked, 'response')) as [IncomingMessage]
    return { status: response.statusCode ?? 0, body: JSON.parse(await text(response)) }
  }

  const open = async (gateway: number, session: string): Promise<void> => {
    const { status } = await ask(gateway, 'PUT', session)
    assert.ok([200, 201].includes(status), `opening ${session} gave ${status}`)
  }

  /** A turn at one gateway of a session that may have ended: then it is opened at the other one, and goes on at once. */
  const takeTurn = async (session: string, turn: number, gateway: number): Promise<Acknowledged> => {
    const content = turn % 7 === 0 ? 'stub:memory-down' : 'hello'
    for (let openings = 0; openings < mostOpenings; openings++) {
      const { status, body } = await ask(gateway, 'POST', `${session}/turns`, { turn, content })
      if (status === 200) return { session: `app-a/${session}`, turn, answer: body.content! }
      assert.equal(status, 404, `turn ${turn} of ${session}: ${JSON.stringify(body)}`)
      await open(1 - gateway, session)
    }
    return assert.fail(`turn ${turn} of ${session} was not taken although the session was opened ${mostOpenings} times`)
  }

  const runClients = async (): Promise<Acknowledged[]> => {
    const acknowledged: Acknowledged[] = []
    const { uniform } = seededRandom(7)
    let turn = 0
    const runClient = async (): Promise<void> => {
      while (turn < turns) {
        const number = ++turn
        const session = number % newSessionEvery === 0 ? `new-${number}` : `s-${Math.floor(uniform() * sessions)}`
        acknowledged.push(await takeTurn(session, number, uniform() < 0.5 ? 0 : 1))
      }
    }
    await Promise.all(Array.from({ length: clients }, runClient))
    return acknowledged
  }

  const query = async <Row extends object>(sql: string): Promise<Row[]> => {
    const client = new pg.Client({ connectionString: backEnds[0]!.url })
    await client.connect()
    try {
      return (await client.query<Row>(sql)).rows
    } finally {
      await client.end()
    }
  }

  it('have a row for each turn that either has answered, once, and none beside them', async () => {
    const acknowledged = await runClients()
    for (const gateway of gateways) assert.equal((await gateway.stop()).code, 0)
    const byTurn = (a: { turn: number }, b: { turn: number }): number => a.turn - b.turn
    const stored = await query<Acknowledged>('SELECT session, turn::integer, answer FROM turns ORDER BY turn')
    assert.equal(stored.length, acknowledged.length)
    assert.deepEqual(stored, acknowledged.sort(byTurn))
    const miscounted = await query(
      'SELECT key FROM sessions WHERE turns <> (SELECT count(*) FROM turns WHERE session = key)',
    )
    assert.deepEqual(miscounted, [])
  })
})
