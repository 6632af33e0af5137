/** Commits changes to the embedded database: fifty that are asked for at once, and what one of them takes. */
import { embeddedDatabase } from '../../reference-server/store/embedded/database.ts'
import { partialIndex } from '../../reference-server/store/session-index/partial.ts'
import { sessionStore } from '../../reference-server/store/session-store.ts'
import { batchedWrites } from '../../reference-server/store/writes/batched.ts'
import type { WritePolicy } from '../../reference-server/store/writes/port.ts'
import { unbatchedWrites } from '../../reference-server/store/writes/unbatched.ts'

const atOnce = 50
const contents = { indexSql: partialIndex.sql, apps: [{ id: 'micro', organisation: 'org-micro' }] }

/** @param env DATABASE_DIR: where the database lives, in a folder of its own that goes with it */
async function write(policy: WritePolicy, { DATABASE_DIR: databaseDir }: Readonly<Record<string, string>>) {
  if (databaseDir === undefined) throw new Error('DATABASE_DIR is not set; expected a folder for the database')
  const store = sessionStore(
    embeddedDatabase({ databaseDir, databaseFile: undefined }, contents, policy.readers),
    policy,
    2 * atOnce,
  )
  await store.open()
  const change = { kind: 'use', organisation: 'org-micro', app: 'micro', session: 'micro/session-0' } as const
  return {
    operationsPerCall: atOnce,
    operation: async (at: number) => {
      const written = Array.from({ length: atOnce }, (_, turn) => store.write({ ...change, turn, tokens: 7, atMs: at }))
      await Promise.all(written)
      return store.writesCommitted
    },
    close: () => store.close(),
  }
}

interface Opening {
  env: Readonly<Record<string, string>>
}

export const tasks = {
  batched: { open: ({ env }: Opening) => write(batchedWrites, env) },
  single: { open: ({ env }: Opening) => write(unbatchedWrites, env) },
}
