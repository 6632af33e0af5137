import type { AgentDefinition } from '../agent-cache/port.ts'
import type { Message } from '../state/port.ts'
import type { StoredSession, TurnRows, Write } from './port.ts'

/** What can be asked of a database, whatever the kind. A missing row is undefined. */
export interface Reads {
  session(key: string): StoredSession | undefined
  history(key: string, most: number): Message[]
  turnRows(key: string, app: string): TurnRows | undefined
  organisation(app: string): string | undefined
  appActive(app: string): boolean | undefined
  agent(name: string): AgentDefinition | undefined
  activeSession(app: string, device: string): string | undefined
  idleSessions(beforeMs: number, most: number): string[]
}

/** One read with its arguments, as it is sent to a thread. */
export type ReadName = keyof Reads

/**
 * Why something failed: `busy` passes when others are done, `unreachable` when the database is back or put right again,
 * and `refused` is what trying again does not change.
 */
export type FailureKind = 'busy' | 'unreachable' | 'refused'

export interface CommitFailure {
  kind: FailureKind
  message: string
}

/** How many of the batches are committed, and what became of the next one. */
export interface CommitOutcome {
  committed: number
  failure?: CommitFailure
}

/** A failed read. */
export class DatabaseError extends Error {
  override name = 'DatabaseError'
  readonly kind: FailureKind

  constructor(kind: FailureKind, message: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
  }
}

/** A database behind a store: SQLite in threads of this process, the same through another thread, or PostgreSQL. */
export interface Database {
  /** @throws StartError */
  open(): Promise<void>
  /**
   * Commits batches in order, one transaction each, until one fails; of that one nothing is committed, or, where the
   * connection broke, nobody knows. Called again, it begins with the same batch, and none is ever committed twice.
   */
  commit(batches: readonly (readonly Write[])[]): Promise<CommitOutcome>
  /** @throws DatabaseError */
  read<Name extends ReadName>(name: Name, ...values: Parameters<Reads[Name]>): Promise<ReturnType<Reads[Name]>>
  readonly connectionsInUse: number
  /** Commits and reads that wait for a connection. */
  readonly connectionsAwaited: number
  /** Others commit to it too, each in an order of its own: other workers, or other gateways. */
  readonly isShared: boolean
  close(): Promise<void>
}
