import type { GatewayConfig } from '../gateway/config.ts'
import type { Database } from './database.ts'
import type { PoolSize } from './database-pool/port.ts'
import { embeddedDatabase } from './embedded/database.ts'
import type { Store } from './port.ts'
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

/** The database that the environment names; nothing is opened yet. */
export const makeDatabase = (config: GatewayConfig, parts: StoreParts): Database =>
  embeddedDatabase(config, { indexSql: parts.sessionIndex.sql, apps: appsOf(config) }, parts.writes.readers)

/** A store over a database of its own. */
export const makeStore = (config: GatewayConfig, parts: StoreParts): Store =>
  sessionStore(makeDatabase(config, parts), parts.writes, config.maxWritesPending)
