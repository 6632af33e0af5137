import assert from 'node:assert/strict'
import { it } from 'node:test'
import pg from 'pg'
import { backEndOrSkip } from '../support/back-ends.ts'
import { start } from '../support/processes.ts'

it('Past sessions are in the database before it is said that they are: ended ones, spread over the devices', async (t) => {
  const backEnd = await backEndOrSkip(t, 'postgres')
  if (!backEnd) return
  const args = ['--port', '0', '--database-port', `${backEnd.port}`, '--sessions', '1000', '--devices', '10']
  const past = start('services/past-sessions.ts', args, {})
  t.after(() => past.stop())
  const [url = ''] = (await past.listening).match(/http:\S+/) ?? []
  assert.equal((await fetch(url)).status, 204)
  const client = new pg.Client({ connectionString: backEnd.url })
  await client.connect()
  const { rows } = await client.query('SELECT device, status, count(*)::int FROM sessions GROUP BY device, status')
  await client.end()
  assert.equal(rows.length, 10)
  for (const row of rows) assert.deepEqual([row.status, row.count], ['ended', 100])
  assert.equal((await past.stop()).code, 0)
})

it('Past sessions that cannot be entered are told of in one line', async () => {
  const args = ['--port', '0', '--database-port', '1', '--sessions', '1', '--devices', '1']
  const { code, output } = await start('services/past-sessions.ts', args, {}).exited
  assert.equal(code, 1)
  assert.match(output, /^no past sessions in PostgreSQL on port 1: .*\n$/)
})
