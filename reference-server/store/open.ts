import type { GatewayConfig } from '../gateway/config.ts'
import type { Database } from './database.ts'
import { type PoolSize, shareOf } from './database-pool/port.ts'
import { embeddedDatabase } from './embedded/database.ts'
import type { Store } from './port.ts'
import { postgresDatabase } from './postgres/database.ts'
import type { SessionIndex } from './session-index/port.ts'
import { sessionStore } from './session-store.ts'
import type { WritePolicy } from './writes/port.ts'

/** What a variant decides of the store. */
export interface StoreParts {
  writes: WritePolicy
  databasePool: PoolSize
  sessionIndex: SessionIndex
}

/** The apps of a gateway's callers, each with an organisation of its own. */
const appsOf = ({ callers }: Pick<GatewayConfig, 'callers'>): { id: string; organisation: string }[] =>
  [...new Set(callers.map(({ app }) => app))].map((id) => ({ id, organisation: `org-${id}` }))

/**
 * The database that the environment names: PostgreSQL, or else SQLite within this process. Nothing is opened yet.
 * @param workers how many have such a database each: they share the connections out evenly
 */
export const makeDatabase = (config: GatewayConfig, parts: StoreParts, workers = 1): Database => {
  const contents = { indexSql: parts.sessionIndex.sql, apps: appsOf(config) }
  if (!config.databaseUrl) return embeddedDatabase(config, contents, parts.writes.readers)
  return postgresDatabase(config.databaseUrl, contents, shareOf(parts.databasePool, workers))
}

/** A store over a database of its own, or over one that is given: `remoteDatabase`, where another thread has it. */
export const makeStore = (config: GatewayConfig, parts: StoreParts, database = makeDatabase(config, parts)): Store =>
  sessionStore(database, parts.writes, config.maxWritesPending)
