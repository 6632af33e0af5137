import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, it } from 'node:test'
import { jsonHeaders, postTurn, putSession } from './support/client.ts'
import { type ConformanceBackEnd, conformanceSuite } from './support/conformance-suite.ts'
import { type Services, startGateway, startServices } from './support/processes.ts'

/** SQLite, in a file that is there yet when the gateway has gone. */
const embedded = (): ConformanceBackEnd => {
  let folder = ''
  const fileOf = (variant: string): string => join(folder, `${variant}.sqlite`)
  return {
    name: 'the embedded database',
    skip: false,
    start: async (services) => {
      folder = services.folder
    },
    stop: async () => {},
    prepare: async (variant) => ({ DATABASE_FILE: fileOf(variant) }),
    storedTurns: async (variant, key) => {
      const database = new DatabaseSync(fileOf(variant), { readOnly: true })
      const rows = database.prepare('SELECT turn FROM turns WHERE session = ? ORDER BY turn').all(key)
      database.close()
      return rows.map(({ turn }) => Number(turn))
    },
    output: /^without Redis [^\n]+\ngateway [^\n]+ listening on [^\n]+\n$/,
  }
}

conformanceSuite(embedded())

describe('The embedded database', () => {
  let services: Services
  before(async () => {
    services = await startServices()
  })
  after(() => services?.stop())

  it('goes when the gateway stops, unless that was given a file: there it finds its sessions again', async () => {
    const databases = join(services.folder, 'own')
    const temporary = await startGateway('optimized', { ...services.env, DATABASE_DIR: databases })
    // One folder is the database's, one the session log's.
    assert.equal((await readdir(databases)).length, 2)
    assert.equal((await temporary.stop()).code, 0)
    assert.deepEqual(await readdir(databases), [])
    const env = { ...services.env, DATABASE_FILE: join(databases, 'kept.sqlite') }
    const first = await startGateway('optimized', env)
    await putSession(first.url, 's')
    assert.equal((await postTurn(first.url, 's', 1, 'hello')).status, 200)
    await first.stop()
    const second = await startGateway('optimized', env)
    const found = await fetch(`${second.url}/v1/sessions/s`, { headers: jsonHeaders })
    assert.equal(((await found.json()) as { turns: number }).turns, 1)
    await second.stop()
  })
})
