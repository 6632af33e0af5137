import { randomUUID } from 'node:crypto'
import type { PoolClient } from 'pg'
import { exitCannotStart, messageOf, StartError } from '../../errors.ts'
import { type CommitOutcome, type Database, DatabaseError, type ReadName, type Reads } from '../database.ts'
import type { PoolSize } from '../database-pool/port.ts'
import type { Write } from '../port.ts'
import { prepare } from './migrations.ts'
import type { ConnectionPool } from './pool.ts'
import { type Ask, postgresReads } from './reads.ts'
import { batchAsJson, storable } from './texts.ts'

interface Contents {
  indexSql: string
  apps: readonly { id: string; organisation: string }[]
}

const askOver =
  (client: PoolClient): Ask =>
  async (name, text, values) => {
    const { rows } = await client.query({ name, text, values: [...values] })
    return rows
  }

/** PostgreSQL, which several gateways and workers may share. */
class PostgresDatabase implements Database {
  readonly isShared = true
  readonly #url: URL
  readonly #contents: Contents
  readonly #size: PoolSize
  #pool: ConnectionPool | undefined
  readonly #writer = randomUUID()
  #committed = 0

  constructor(url: URL, contents: Contents, size: PoolSize) {
    this.#url = url
    this.#contents = contents
    this.#size = size
  }

  get connectionsInUse(): number {
    return this.#pool?.inUse ?? 0
  }

  get connectionsAwaited(): number {
    return this.#pool?.awaited ?? 0
  }

  async open(): Promise<void> {
    // A gateway with an embedded database need not spend its start on loading `pg`.
    const { ConnectionPool } = await import('./pool.ts')
    this.#pool = new ConnectionPool(this.#url, this.#size)
    try {
      await this.#pool.use((client) => prepare(client, this.#contents))
    } catch (error) {
      await this.#pool.close()
      this.#pool = undefined
      const where = `${this.#url.host}${this.#url.pathname}`
      const message = `database ${where} (DATABASE_URL) cannot be opened: ${messageOf(error)}`
      throw new StartError(message, exitCannotStart, { cause: error })
    }
  }

  /** A batch keeps its number until it is known to be committed, so that the database knows it again. */
  async commit(batches: readonly (readonly Write[])[]): Promise<CommitOutcome> {
    let committed = 0
    const text = 'SELECT apply_writes($1, $2, $3)'
    try {
      await this.#pool!.use(async (client) => {
        for (const writes of batches) {
          const values = [this.#writer, this.#committed + 1, batchAsJson(writes)]
          await client.query({ name: 'apply-writes', text, values })
          this.#committed += 1
          committed += 1
        }
      })
      return { committed }
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error
      return { committed, failure: { kind: error.kind, message: error.message } }
    }
  }

  read<Name extends ReadName>(name: Name, ...values: Parameters<Reads[Name]>): Promise<ReturnType<Reads[Name]>> {
    const read = postgresReads[name] as (ask: Ask, ...values: unknown[]) => Promise<ReturnType<Reads[Name]>>
    const clean = values.map((value) => (typeof value === 'string' ? storable(value) : value))
    return this.#pool!.use((client) => read(askOver(client), ...clean))
  }

  async close(): Promise<void> {
    try {
      await this.#pool?.use((client) => client.query('DELETE FROM writers WHERE id = $1', [this.#writer]))
    } catch (error) {
      // Where the database is away, the next gateway that opens it tidies up.
      if (!(error instanceof DatabaseError)) throw error
    }
    await this.#pool?.close()
  }
}

export const postgresDatabase = (url: URL, contents: Contents, pool: PoolSize): Database =>
  new PostgresDatabase(url, contents, pool)
