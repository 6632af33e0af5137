import { dirname } from 'node:path'
import type { GatewayConfig } from '../../../../reference-server/gateway/config.ts'
import { widePool } from '../../../../reference-server/store/database-pool/wide.ts'
import { makeStore, type StoreParts } from '../../../../reference-server/store/open.ts'
import type { Store } from '../../../../reference-server/store/port.ts'
import { partialIndex } from '../../../../reference-server/store/session-index/partial.ts'
import { batchedWrites } from '../../../../reference-server/store/writes/batched.ts'

const optimizedParts: StoreParts = { writes: batchedWrites, databasePool: widePool, sessionIndex: partialIndex }

/** What a store needs of a gateway's configuration. */
const config = { maxWritesPending: 1_000, callers: [{ apiKey: 'key-a', app: 'app-a' }] }

/** A store in a file, with what is optimised unless `changed`. */
export const embeddedStore = (databaseFile: string, changed: Partial<StoreParts> = {}): Store =>
  makeStore({ ...config, databaseFile, databaseDir: dirname(databaseFile) } as unknown as GatewayConfig, {
    ...optimizedParts,
    ...changed,
  })
