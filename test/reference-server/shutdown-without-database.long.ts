import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, it } from 'node:test'
import { skipWithout, startPostgres } from './support/back-ends.ts'
import { eventually, postTurn, putSession, readMetrics, SessionClient } from './support/client.ts'
import { type Exit, type RunningGateway, type Services, startGateway, startServices } from './support/processes.ts'
import { postToolResult } from './support/tool-result.ts'

/** Sessions with a turn each, and so connections at once: enough that no four workers leave one alone with all of them. */
const sessions = 12
/** A turn leaves its row and what it used. */
const changesOfTurn = 2
/** A shutdown that waits for the database would never end. */
const timeout = 60_000

let services: Services
before(async () => {
  services = await startServices({ MODEL_LATENCY_MS: '0' })
})
after(() => services?.stop())

const untilAllIsStored = (url: string): Promise<unknown> =>
  eventually(
    async () => (await readMetrics(url)).gateway_store_writes_pending,
    (pending) => pending === 0,
  )

/** SIGTERM and nothing after it: it has to end by itself. */
const terminate = ({ pid, exited }: RunningGateway): Promise<Exit> => {
  process.kill(pid, 'SIGTERM')
  return exited
}

/** What the workers say that they could not store, together. */
const changesLost = (output: string): number =>
  [...output.matchAll(/shut down without the database: (\d+) changes are lost/g)].reduce(
    (sum, [, lost]) => sum + Number(lost),
    0,
  )

describe('A gateway that is stopped while the database takes no changes of turns that it has answered', {
  concurrency: 1,
}, () => {
  for (const variant of ['optimized', 'four-workers']) {
    it(`ends, and says how many are lost: ${variant}, SQLite locked by another process`, { timeout }, async (t) => {
      const file = join(services.folder, `${variant}.sqlite`)
      const gateway = await startGateway(variant, { ...services.env, DATABASE_FILE: file })
      t.after(() => gateway.stop())
      const ids = Array.from({ length: sessions }, (_, session) => `s-${session}`)
      await Promise.all(ids.map((id) => putSession(gateway.url, id)))
      await untilAllIsStored(gateway.url)
      const other = new DatabaseSync(file)
      t.after(() => other.close())
      other.exec('BEGIN IMMEDIATE')
      const answers = await Promise.all(ids.map((id) => postTurn(gateway.url, id, 1, 'hello')))
      assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200])
      const { code, output } = await terminate(gateway)
      assert.deepEqual([code, changesLost(output)], [0, changesOfTurn * sessions], output)
      other.exec('ROLLBACK')
      assert.deepEqual({ ...other.prepare('SELECT count(*) AS turns FROM turns').get() }, { turns: 0 })
    })
  }

  it('ends where turns wait for their changes, and tells their clients: inline-context, SQLite locked', {
    timeout,
  }, async (t) => {
    const file = join(services.folder, 'inline.sqlite')
    const env = { ...services.env, DATABASE_FILE: file, DRAIN_TIMEOUT_MS: '200' }
    const gateway = await startGateway('inline-context', env)
    t.after(() => gateway.stop())
    await putSession(gateway.url, 's')
    await untilAllIsStored(gateway.url)
    const other = new DatabaseSync(file)
    t.after(() => other.close())
    other.exec('BEGIN IMMEDIATE')
    const turn = postTurn(gateway.url, 's', 1, 'hello')
    await eventually(
      async () => (await readMetrics(gateway.url)).gateway_context_updates_pending,
      (pending) => pending === 1,
    )
    const { code, output } = await terminate(gateway)
    assert.equal((await turn).status, 503)
    assert.deepEqual([code, changesLost(output)], [0, changesOfTurn], output)
  })

  it('ends, and says how many are lost: PostgreSQL gone', { timeout, skip: skipWithout('postgres') }, async (t) => {
    const database = await startPostgres()
    t.after(() => database.stop())
    const gateway = await startGateway('optimized', { ...services.env, DATABASE_URL: database.url })
    t.after(() => gateway.stop())
    const { url } = gateway
    await putSession(url, 's')
    const client = await SessionClient.open(url, 's')
    client.sendTurn(1, 'stub:tool-mine')
    const call = await client.next()
    assert.equal(call.type, 'tool_call')
    await untilAllIsStored(url)
    await database.goDown()
    assert.equal((await postToolResult(url, `${call.id}`, 'done')).status, 202)
    assert.equal((await client.turnMessages()).at(-1)?.type, 'done')
    const { code, output } = await terminate(gateway)
    assert.deepEqual([code, changesLost(output)], [0, changesOfTurn], output)
  })
})
