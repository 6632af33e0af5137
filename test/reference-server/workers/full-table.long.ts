import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { text } from 'node:stream/consumers'
import { after, before, describe, it } from 'node:test'
import { planAnswer } from '../../../reference-server/services/answers.ts'
import { eventually, heldByTurns, jsonHeaders, readMetrics } from '../support/client.ts'
import { type RunningGateway, type Services, startGateway, startServices } from '../support/processes.ts'

/** Sessions that there is room for. */
const room = 8

interface Answer {
  status: number
  retryAfter: string | undefined
  body: Record<string, unknown>
}

for (const state of ['four-workers', 'mutex'] as const)
  describe(`A gateway of four workers with room for ${room} sessions in memory, as ${state}`, () => {
    let services: Services
    let gateway: RunningGateway
    const databaseFile = (): string => join(services.folder, 'full.sqlite')

    before(async () => {
      services = await startServices({ MODEL_LATENCY_MS: '0' })
      const env = { DATABASE_FILE: databaseFile(), WORKERS: '4', MAX_SESSIONS_IN_MEMORY: `${room}` }
      gateway = await startGateway(state, { ...services.env, ...env })
    })
    after(async () => {
      await gateway?.stop()
      await services?.stop()
    })

    /** One request over a connection of its own: the kernel chooses a worker for each. */
    const ask = async (method: string, path: string, body?: object): Promise<Answer> => {
      const headers = body ? jsonHeaders : { 'x-api-key': jsonHeaders['x-api-key'] }
      const asked = request(`${gateway.url}/v1/sessions/${path}`, { method, headers, agent: false })
      asked.end(body && JSON.stringify(body))
      const [response] = (await once(asked, 'response')) as [IncomingMessage]
      const { statusCode: status = 0 } = response
      return { status, retryAfter: response.headers['retry-after'], body: JSON.parse(await text(response)) }
    }
    const turn = (id: string, number: number, content = 'hello'): Promise<Answer> =>
      ask('POST', `${id}/turns`, { turn: number, content })

    const storedTurns = (id: string): number[] => {
      const database = new DatabaseSync(databaseFile(), { readOnly: true })
      const rows = database.prepare('SELECT turn FROM turns WHERE session = ? ORDER BY turn').all(`app-a/${id}`)
      database.close()
      return rows.map((row) => Number(row.turn))
    }

    it('opens many more, one after the other and many at once, and has none of them more than it has room for', async () => {
      for (let at = 0; at < 5 * room; at++) assert.equal((await ask('PUT', `one-${at}`)).status, 201)
      const opened = await Promise.all(Array.from({ length: 5 * room }, (_, at) => ask('PUT', `many-${at}`)))
      assert.deepEqual(new Set(opened.map(({ status }) => status)), new Set([201]))
      for (const id of ['one-0', 'many-0', `many-${room}`]) assert.deepEqual((await ask('GET', id)).body.turns, 0)
      // What left is let go of by all of them, a moment later.
      await eventually(
        () => readMetrics(gateway.url),
        ({ gateway_sessions }) => gateway_sessions! <= 4 * room,
      )
    })

    it('takes turns of more sessions than it has room for, of all at once, and loses and doubles none', async () => {
      const ids = Array.from({ length: 2 * room }, (_, at) => `busy-${at}`)
      for (const id of ids) assert.equal((await ask('PUT', id)).status, 201)
      const numbers = [1, 2, 3, 4]
      // Half as many at once as there is room for, each of any session.
      const wanted = numbers.flatMap((number) => ids.map((id) => ({ id, number })))
      const clients = Array.from({ length: room / 2 }, async () => {
        for (let next = wanted.shift(); next; next = wanted.shift()) {
          const { id, number } = next
          const { status, body } = await turn(id, number)
          assert.deepEqual([status, body.content], [200, planAnswer(id, `${number}`).tokens.join('')])
        }
      })
      await Promise.all(clients)
      for (const id of ids) {
        await eventually(
          async () => storedTurns(id).length,
          (stored) => stored >= numbers.length,
        )
        assert.deepEqual(storedTurns(id), numbers)
        const seen = await eventually(
          () => ask('GET', id),
          ({ body }) => Number(body.turns) >= numbers.length,
        )
        assert.equal(seen.body.turns, numbers.length)
      }
    })

    it('keeps those in which a turn runs; where these are all of them, it refuses others with 503 until one is free', async () => {
      const ids = Array.from({ length: room }, (_, at) => `held-${at}`)
      for (const id of ids) assert.equal((await ask('PUT', id)).status, 201)
      const running = ids.map((id) => turn(id, 1, 'stub:hang'))
      await eventually(
        () => heldByTurns(gateway.url),
        ({ calls }) => calls === room,
      )
      const refused = await ask('PUT', 'one-too-many')
      assert.deepEqual([refused.status, refused.retryAfter], [503, '1'])
      assert.equal((await ask('POST', 'held-0/interrupt', {})).status, 202)
      assert.equal((await running[0]!).status, 409)
      // Its row was stored before it was refused: with several workers that comes first.
      assert.equal((await ask('PUT', 'one-too-many')).status, 200)
      for (const id of ids.slice(1)) assert.equal((await ask('GET', id)).body.status, 'running')
      for (const id of ids.slice(1)) assert.equal((await ask('POST', `${id}/interrupt`, {})).status, 202)
      await Promise.all(running)
    })
  })
