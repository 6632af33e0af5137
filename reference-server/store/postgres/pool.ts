import pg from 'pg'
import { messageOf } from '../../errors.ts'
import { DatabaseError } from '../database.ts'
import type { PoolSize } from '../database-pool/port.ts'
import { asDatabaseError } from './failures.ts'

/** A connection that is this old is replaced when it is given back. */
const recycleAfterS = 3_600
/** How long a turn waits for a connection when all are at work. */
const waitTimeoutMs = 30_000
/** A server that does not answer at all counts as away after this time. */
const connectTimeoutMs = 3_000
const queryTimeoutMs = 10_000
/** A connection that says nothing to `SELECT 1` for so long is dead, or its server is. */
const checkTimeoutMs = 1_000
/** `pg` has a limit for each query, its types have none. */
const check: pg.QueryConfig & { query_timeout: number } = { text: 'SELECT 1', query_timeout: checkTimeoutMs }

/** `pg`'s pool has one limit for waiting and for connecting, and hands it to its clients; the two differ here. */
class QuickClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super({ ...config, connectionTimeoutMillis: connectTimeoutMs })
  }
}

const ignore = (): void => {}

/** Connections to one PostgreSQL: checked before use, recycled by age, and those above the size closed after use. */
export class ConnectionPool {
  readonly #pool: pg.Pool
  readonly #size: number
  /** When a connection was last known to answer, as `performance.now()` has it. */
  readonly #answeredAt = new WeakMap<pg.PoolClient, number>()
  /** When one was last found dead. */
  #diedAt = Number.NEGATIVE_INFINITY

  constructor(url: URL, { size, overflow }: PoolSize) {
    this.#size = size
    this.#pool = new pg.Pool({
      connectionString: url.href,
      Client: QuickClient,
      application_name: 'gateway',
      keepAlive: true,
      max: size + overflow,
      maxLifetimeSeconds: recycleAfterS,
      connectionTimeoutMillis: waitTimeoutMs,
      idleTimeoutMillis: 0,
      query_timeout: queryTimeoutMs,
    })
    // A connection that breaks tells whoever uses it; without listeners it would end the process as well.
    this.#pool.on('error', ignore)
    this.#pool.on('connect', (client) => client.on('error', ignore))
  }

  get inUse(): number {
    return this.#pool.totalCount - this.#pool.idleCount
  }

  /** Takers that wait since all connections are at work. */
  get awaited(): number {
    return this.#pool.waitingCount
  }

  get idle(): number {
    return this.#pool.idleCount
  }

  /**
   * Lends a connection to `work`, which asks one thing at a time.
   * @throws DatabaseError
   */
  async use<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.#takeOut()
    let broken = false
    try {
      return await work(client)
    } catch (error) {
      const failure = asDatabaseError(error)
      broken = failure.kind === 'unreachable'
      throw failure
    } finally {
      client.release(broken || this.#pool.idleCount >= this.#size)
    }
  }

  close(): Promise<void> {
    return this.#pool.end()
  }

  /**
   * A connection that answers: a used one may have died unnoticed, a new one has just been made. Where one is found dead
   * the others that have not answered since go unasked, for a server that hangs would be waited for at each of them.
   */
  async #takeOut(): Promise<pg.PoolClient> {
    for (;;) {
      const client = await this.#connect()
      const answeredAt = this.#answeredAt.get(client)
      if (answeredAt === undefined || (answeredAt > this.#diedAt && (await this.#answers(client)))) {
        this.#answeredAt.set(client, performance.now())
        return client
      }
      client.release(true)
    }
  }

  async #answers(client: pg.PoolClient): Promise<boolean> {
    try {
      await client.query(check)
      return true
    } catch {
      this.#diedAt = performance.now()
      return false
    }
  }

  async #connect(): Promise<pg.PoolClient> {
    try {
      return await this.#pool.connect()
    } catch (error) {
      throw new DatabaseError('unreachable', messageOf(error), { cause: error })
    }
  }
}
