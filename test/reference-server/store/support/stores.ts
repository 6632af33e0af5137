import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import type { GatewayConfig } from '../../../../reference-server/gateway/config.ts'
import type { Database } from '../../../../reference-server/store/database.ts'
import { widePool } from '../../../../reference-server/store/database-pool/wide.ts'
import { makeDatabase, makeStore, type StoreParts } from '../../../../reference-server/store/open.ts'
import type { Store } from '../../../../reference-server/store/port.ts'
import { partialIndex } from '../../../../reference-server/store/session-index/partial.ts'
import { batchedWrites } from '../../../../reference-server/store/writes/batched.ts'
import { startPostgres, type TestBackEnd } from '../../support/back-ends.ts'

const optimizedParts: StoreParts = { writes: batchedWrites, databasePool: widePool, sessionIndex: partialIndex }

/** What a store needs of a gateway's configuration, with its database at `place`: a file, or a URL. */
const configOf = (place: string): GatewayConfig => {
  const where = place.startsWith('postgres:')
    ? { databaseUrl: new URL(place) }
    : { databaseFile: place, databaseDir: dirname(place) }
  return {
    maxWritesPending: 100_000,
    callers: [{ apiKey: 'key-a', app: 'app-a' }],
    ...where,
  } as unknown as GatewayConfig
}

/** A store that is not open yet, with what is optimised unless `changed`. */
export const storeAt = (place: string, changed: Partial<StoreParts> = {}, database?: Database): Store =>
  makeStore(configOf(place), { ...optimizedParts, ...changed }, database)

export const databaseAt = (place: string, changed: Partial<StoreParts> = {}): Database =>
  makeDatabase(configOf(place), { ...optimizedParts, ...changed })

/** Where a suite's stores have their databases. */
export interface Places {
  /** An empty database, as `storeAt` takes it. */
  fresh(): Promise<string>
  /** Runs SQL in one of them, past the store. */
  sql(place: string, text: string): Promise<unknown[]>
  stop(): Promise<void>
}

export const embeddedPlaces = async (): Promise<Places> => {
  const folder = await mkdtemp(join(tmpdir(), 'store-test-'))
  let count = 0
  return {
    fresh: async () => join(folder, `${++count}`, 'kept.sqlite'),
    async sql(place, text) {
      const database = new DatabaseSync(place)
      try {
        return database.prepare(text).all()
      } finally {
        database.close()
      }
    },
    stop: () => rm(folder, { recursive: true, force: true }),
  }
}

export const postgresPlaces = async (): Promise<Places & { server: TestBackEnd }> => {
  const server = await startPostgres()
  let count = 0
  const sql = async (place: string, text: string): Promise<unknown[]> => {
    const client = new pg.Client({ connectionString: place })
    await client.connect()
    try {
      return (await client.query(text)).rows
    } finally {
      await client.end()
    }
  }
  const fresh = async (): Promise<string> => {
    const name = `test${++count}`
    await sql(server.url, `CREATE DATABASE ${name}`)
    const url = new URL(server.url)
    url.pathname = name
    return url.href
  }
  return { server, fresh, sql, stop: () => server.stop() }
}
