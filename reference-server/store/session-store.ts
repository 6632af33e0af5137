import type { AgentDefinition } from '../agent-cache/port.ts'
import { busy } from '../gateway/problems.ts'
import type { Message } from '../state/port.ts'
import { type Database, DatabaseError, type ReadName, type Reads } from './database.ts'
import type { Store, StoredSession, TurnRows, Write } from './port.ts'
import { WriteQueue } from './write-queue.ts'
import type { WritePolicy } from './writes/port.ts'

/** How long a shutdown waits for a database that is away. */
const closeTimeoutMs = 3_000

/** The session that a change is about; what was used is about none. */
const sessionOf = (write: Write): string | undefined => {
  if (write.kind === 'use') return undefined
  return write.kind === 'turn' ? write.session : write.key
}

/** A store over any database: changes go through a queue, reads past it. */
class SessionStore implements Store {
  readonly #database: Database
  readonly #queue: WriteQueue
  /** The last change that is on its way, by session. */
  readonly #latest = new Map<string, Promise<void>>()
  #organisationReads = 0

  constructor(database: Database, writes: WritePolicy, mostPending: number) {
    this.#database = database
    this.#queue = new WriteQueue({ ...writes, mostPending, closeTimeoutMs }, (batches) => database.commit(batches))
  }

  get isShared(): boolean {
    return this.#database.isShared
  }

  get pendingWrites(): number {
    return this.#queue.pending
  }

  get overloaded(): boolean {
    return this.#queue.overloaded
  }

  get organisationReads(): number {
    return this.#organisationReads
  }

  get connectionsInUse(): number {
    return this.#database.connectionsInUse
  }

  get connectionsAwaited(): number {
    return this.#database.connectionsAwaited
  }

  get transactions(): number {
    return this.#queue.transactions
  }

  get writesCommitted(): number {
    return this.#queue.committed
  }

  open(): Promise<void> {
    return this.#database.open()
  }

  async write(write: Write): Promise<void> {
    const written = this.#queue.add(write)
    const session = sessionOf(write)
    if (session === undefined) return written
    this.#latest.set(session, written)
    try {
      await written
    } finally {
      if (this.#latest.get(session) === written) this.#latest.delete(session)
    }
  }

  async writeNow(write: Write): Promise<void> {
    const written = this.write(write)
    await this.#queue.settledOrAway(written)
    await written
  }

  async load(key: string): Promise<StoredSession | undefined> {
    await this.settled(key)
    return this.#read('session', key)
  }

  async settled(key: string): Promise<void> {
    const latest = this.#latest.get(key)
    if (latest) await this.#queue.settledOrAway(latest)
  }

  async history(key: string, most: number): Promise<Message[]> {
    await this.settled(key)
    return this.#read('history', key, most)
  }

  readForTurn(key: string, app: string): Promise<TurnRows | undefined> {
    return this.#read('turnRows', key, app)
  }

  organisationOf(app: string): Promise<string | undefined> {
    this.#organisationReads += 1
    return this.#read('organisation', app)
  }

  async isAppActive(app: string): Promise<boolean> {
    return (await this.#read('appActive', app)) ?? true
  }

  agent(name: string): Promise<AgentDefinition | undefined> {
    return this.#read('agent', name)
  }

  findActive(app: string, device: string): Promise<string | undefined> {
    return this.#read('activeSession', app, device)
  }

  async idleSessions(beforeMs: number, most: number): Promise<string[]> {
    const keys = await this.#read('idleSessions', beforeMs, most)
    return keys.filter((key) => !this.#latest.has(key))
  }

  async check(): Promise<void> {
    await this.#read('organisation', '')
  }

  startClosing(): void {
    this.#queue.startClosing()
  }

  async close(): Promise<void> {
    await this.#queue.close()
    await this.#database.close()
  }

  async #read<Name extends ReadName>(name: Name, ...values: Parameters<Reads[Name]>): Promise<ReturnType<Reads[Name]>> {
    try {
      return await this.#database.read(name, ...values)
    } catch (error) {
      if (!(error instanceof DatabaseError) || error.kind === 'refused') throw error
      const what = error.kind === 'busy' ? 'is busy' : 'cannot be reached'
      throw busy(`the database ${what}: ${error.message}`)
    }
  }
}

/**
 * @param mostPending changes that may wait to be committed
 */
export const sessionStore = (database: Database, writes: WritePolicy, mostPending: number): Store =>
  new SessionStore(database, writes, mostPending)
