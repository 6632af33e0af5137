import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { it } from 'node:test'
import {
  assertProblem,
  eventually,
  jsonHeaders,
  postTurn,
  putSession,
  readMetrics,
  refusedUpgrade,
} from '../support/client.ts'
import { startGateway, startServices } from '../support/processes.ts'

it('A gateway whose SQLite takes no changes keeps every session that it has opened, and refuses those it could not', async (t) => {
  const services = await startServices({ MODEL_LATENCY_MS: '0' })
  t.after(() => services.stop())
  const file = join(services.folder, 'locked.sqlite')
  // Overloaded with three, full with four.
  const { url, stop } = await startGateway('optimized', {
    ...services.env,
    DATABASE_FILE: file,
    MAX_WRITES_PENDING: '4',
  })
  t.after(stop)
  const other = new DatabaseSync(file)
  t.after(() => other.close())
  other.exec('BEGIN IMMEDIATE')
  const opened = ['a', 'b', 'c']
  for (const id of opened) assert.equal((await putSession(url, id)).status, 201)
  await assertProblem(await putSession(url, 'd'), 503)
  assert.equal(await refusedUpgrade(url, 'd', '?key=key-a'), 503)
  const device = { method: 'POST', headers: jsonHeaders, body: '{"device":"phone"}' }
  await assertProblem(await fetch(`${url}/v1/sessions`, device), 503)
  await assertProblem(await fetch(`${url}/v1/sessions/a`, { method: 'DELETE', headers: { 'x-api-key': 'key-a' } }), 503)
  await assertProblem(await postTurn(url, 'a', 1, 'hello'), 503)
  other.exec('ROLLBACK')
  await eventually(
    async () => (await readMetrics(url)).gateway_store_writes_pending,
    (pending) => pending === 0,
  )
  const stored = other.prepare('SELECT key FROM sessions ORDER BY key').all()
  assert.deepEqual(
    stored.map(({ key }) => key),
    opened.map((id) => `app-a/${id}`),
  )
  assert.equal((await postTurn(url, 'a', 1, 'hello')).status, 200)
  assert.equal((await putSession(url, 'd')).status, 201)
})
