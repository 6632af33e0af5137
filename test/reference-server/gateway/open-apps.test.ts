import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { it } from 'node:test'
import { OpenApps } from '../../../reference-server/gateway/open-apps.ts'
import { eventually, jsonHeaders, refusedUpgrade, SessionClient } from '../support/client.ts'
import { startGateway, startServices } from '../support/processes.ts'

const tick = (): Promise<void> => new Promise(setImmediate)

it('Whether an app is open is read once a second at most, and nobody but the first waits for that', async () => {
  let [nowMs, reads, isActive] = [0, 0, true]
  const isAppActive = async (): Promise<boolean> => {
    reads += 1
    return isActive
  }
  const apps = new OpenApps({ isAppActive }, () => nowMs)
  const first = [apps.isOpen('app-a'), apps.isOpen('app-a')]
  assert.deepEqual(await Promise.all(first), [true, true])
  isActive = false
  nowMs = 999
  assert.deepEqual([apps.isOpen('app-a'), reads], [true, 1])
  nowMs = 1_000
  assert.deepEqual([apps.isOpen('app-a'), reads], [true, 2])
  await tick()
  assert.deepEqual([apps.isOpen('app-a'), reads], [false, 2])
})

it('An app whose database is away is as it was, and open where nobody knows', async () => {
  let nowMs = 0
  let answer: () => Promise<boolean> = async () => false
  const apps = new OpenApps({ isAppActive: () => answer() }, () => nowMs)
  assert.equal(await apps.isOpen('closed'), false)
  answer = () => Promise.reject(new Error('away'))
  nowMs = 1_000
  apps.isOpen('closed')
  await tick()
  assert.deepEqual([apps.isOpen('closed'), await apps.isOpen('new')], [false, true])
})

it('An app that is closed in the embedded database is refused everywhere, and others are not', async (t) => {
  const services = await startServices()
  t.after(() => services.stop())
  const file = join(services.folder, 'apps.sqlite')
  const gateway = await startGateway('optimized', { ...services.env, DATABASE_FILE: file })
  t.after(gateway.stop)
  const ask = async (method: string, path: string, body?: object, key = 'key-a'): Promise<number> => {
    const headers = { ...jsonHeaders, 'x-api-key': key }
    const response = await fetch(`${gateway.url}/v1/${path}`, {
      ...{ method, headers, body: body ? JSON.stringify(body) : null },
    })
    await response.text()
    return response.status
  }
  assert.equal(await ask('PUT', 'sessions/s', {}), 201)
  const client = await SessionClient.open(gateway.url, 's')
  const database = new DatabaseSync(file)
  database.exec("UPDATE apps SET active = 0 WHERE id = 'app-a'")
  database.close()
  await eventually(
    () => ask('GET', 'sessions/s'),
    (status) => status === 403,
  )
  assert.equal(await ask('POST', 'sessions/s/turns', { turn: 1, content: 'hello' }), 403)
  assert.equal(await ask('POST', 'sessions', { device: 'd' }), 403)
  assert.equal(await ask('POST', 'tool-results/some-call', { content: 'x' }), 403)
  assert.equal(await ask('GET', 'proxy/models'), 403)
  assert.equal(await refusedUpgrade(gateway.url, 's', '?key=key-a'), 403)
  client.sendTurn(1, 'hello')
  assert.equal((await client.next()).status, 403)
  await client.close()
  assert.equal(await ask('PUT', 'sessions/s', {}, 'key-b'), 201)
})
