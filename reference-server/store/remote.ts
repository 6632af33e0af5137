import type { MessagePort } from 'node:worker_threads'
import { messageOf } from '../errors.ts'
import { serveCalls, ThreadCalls } from '../thread-calls.ts'
import {
  type CommitFailure,
  type CommitOutcome,
  type Database,
  DatabaseError,
  type ReadName,
  type Reads,
} from './database.ts'
import type { Write } from './port.ts'

/** What goes over the port. A failed read is a value here: an error's kind would not survive the way. */
interface Served {
  commit(batches: readonly (readonly Write[])[]): Promise<CommitOutcome>
  read(name: ReadName, values: unknown[]): Promise<{ value: unknown } | { failure: CommitFailure }>
}

const served = (database: Database): Served => ({
  commit: (batches) => database.commit(batches),
  async read(name, values) {
    try {
      return { value: await database.read(name, ...(values as Parameters<Reads[ReadName]>)) }
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error
      return { failure: { kind: error.kind, message: error.message } }
    }
  },
})

/** Lets a worker use a database that this thread has opened and will close. */
export const serveDatabase = (database: Database, port: MessagePort): void => serveCalls(served(database), port)

/** A database that lives in another thread. */
class RemoteDatabase implements Database {
  readonly #calls: ThreadCalls<Served>

  constructor(port: MessagePort) {
    this.#calls = new ThreadCalls(port)
  }

  /** Each worker has one such database, and they are all the same. */
  readonly isShared = true
  /** That is known where the database is. */
  readonly connectionsAwaited = 0

  /** Calls of this worker's that are under way. */
  get connectionsInUse(): number {
    return this.#calls.pending
  }

  async open(): Promise<void> {}

  commit(batches: readonly (readonly Write[])[]): Promise<CommitOutcome> {
    return this.#calls.call('commit', batches).catch((error) => {
      return { committed: 0, failure: { kind: 'unreachable', message: messageOf(error) } }
    })
  }

  async read<Name extends ReadName>(name: Name, ...values: Parameters<Reads[Name]>): Promise<ReturnType<Reads[Name]>> {
    const outcome = await this.#calls.call('read', name, values)
    if ('failure' in outcome) throw new DatabaseError(outcome.failure.kind, outcome.failure.message)
    return outcome.value as ReturnType<Reads[Name]>
  }

  async close(): Promise<void> {
    this.#calls.close()
  }
}

/**
 * The database at the other end of `port`, where `serveDatabase` was called: so that however many workers there are,
 * one thread writes to an embedded database and a few read. Batches are gathered here, and go over the port whole.
 */
export const remoteDatabase = (port: MessagePort): Database => new RemoteDatabase(port)
