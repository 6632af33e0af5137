import type { AgentDefinition } from '../agent-cache/port.ts'
import type { Message, SessionState } from '../state/port.ts'

/** An ended session was idle for too long: it is kept, and active again when it is put again. */
export type SessionStatus = 'active' | 'ended'

/** One change to the database. `at_ms` and the like are milliseconds since 1970. */
export type Write =
  | PutSession
  | PutTurn
  /** Ends a session that was not active since. */
  | { kind: 'end-session'; key: string; idleSinceMs: number }
  /** Removes a session with its turns. */
  | { kind: 'delete-session'; key: string }
  /** One call to the model, for the bill. */
  | { kind: 'use'; organisation: string; app: string; session: string; turn: number; tokens: number; atMs: number }

/** Adds a session; one that exists keeps what it has, and is active again where it had ended. */
export interface PutSession {
  kind: 'put-session'
  /** `app/id`. */
  key: string
  app: string
  agent: string | null
  device: string | null
  /** ISO 8601. */
  createdAt: string
  atMs: number
  /** An imported conversation, oldest first; what `pairUp` makes of it are the session's first turns. */
  messages?: readonly Message[]
}

/** Adds a completed turn to its session; where that is gone it is dropped. */
export interface PutTurn {
  kind: 'turn'
  session: string
  /** That of the session: one that has its key since it was deleted is another one. */
  createdAt: string
  turn: number
  content: string
  answer: string
  atMs: number
}

/** One line of the table of turns; imported conversations may lack one side. */
export interface TurnPair {
  content: string | null
  answer: string | null
}

/** An imported conversation as turns: an answer belongs to the message right before it. */
export const pairUp = (messages: readonly Message[]): TurnPair[] => {
  const pairs: TurnPair[] = []
  for (const { role, content } of messages) {
    const last = pairs.at(-1)
    if (role === 'user') pairs.push({ content, answer: null })
    else if (last && last.answer === null) last.answer = content
    else pairs.push({ content: null, answer: content })
  }
  return pairs
}

/** A session as the database has it. */
export interface StoredSession {
  status: SessionStatus
  state: SessionState
}

/** What is read of a session before anything is done with it, where other gateways use the same database. */
export interface TurnRows {
  /** Absent where the session does not exist, or does not any more: it is opened by committing its row. */
  session: { status: SessionStatus; createdAt: string; turns: number } | undefined
  /** Whether the app may still take turns. */
  app: { active: boolean } | undefined
}

/**
 * What outlives the process: apps and agents, sessions and their turns, and what was used.
 * Every read fails at once with Problem 503 while the database cannot be reached.
 */
export interface Store {
  /**
   * Others write to the same database, each in an order of its own: what one of them acknowledges must be committed
   * before another one builds on it.
   */
  readonly isShared: boolean
  /**
   * Opens the database and brings its tables up to date.
   * @throws StartError naming the file or the server when that fails
   */
  open(): Promise<void>
  /**
   * Resolves when the change is committed; changes are committed in the order of the calls. While the database is away
   * they wait for it.
   * @throws Problem 503 when too many wait already, or the gateway closes while the database is away
   */
  write(write: Write): Promise<void>
  /**
   * As `write`, for somebody who waits: committed without waiting for company.
   * @throws Problem 503 at once while the database is away; the change is made all the same, when it is back
   */
  writeNow(write: Write): Promise<void>
  /** A session as it is after the changes that this store was asked for so far; undefined where none is. */
  load(key: string): Promise<StoredSession | undefined>
  /**
   * Resolves when no change to a session that was asked for so far is on its way any more.
   * @throws Problem 503 while the database is away
   */
  settled(key: string): Promise<void>
  /** The last `most` messages of a session, oldest first. */
  history(key: string, most: number): Promise<Message[]>
  /**
   * The two reads with which a turn begins, one after the other on one connection. A database that other gateways use may say something
   * else than memory does; the embedded one is this process's own: it reads nothing and gives undefined, memory is right.
   */
  readForTurn(key: string, app: string): Promise<TurnRows | undefined>
  /** The organisation that pays for an app; undefined where the app is not known. */
  organisationOf(app: string): Promise<string | undefined>
  /** Whether an app may use the gateway; one that the database does not know may. */
  isAppActive(app: string): Promise<boolean>
  agent(name: string): Promise<AgentDefinition | undefined>
  /** The key of the session that was active last among the active ones of a device, as committed. */
  findActive(app: string, device: string): Promise<string | undefined>
  /** Active sessions without activity since `beforeMs`, longest idle first; those with changes on their way are not. */
  idleSessions(beforeMs: number, most: number): Promise<string[]>
  /** Resolves when the database answers. */
  check(): Promise<void>
  /** Changes asked for and not committed. */
  readonly pendingWrites: number
  /** So many changes wait that nothing new should be begun: the last quarter of the room is for turns already under way. */
  readonly overloaded: boolean
  /** Reads for organisations so far. */
  readonly organisationReads: number
  /** Connections at work at the moment. */
  readonly connectionsInUse: number
  /** Reads and batches that wait for a connection. */
  readonly connectionsAwaited: number
  /** Transactions committed so far, and the changes in them. */
  readonly transactions: number
  readonly writesCommitted: number
  /**
   * The gateway shuts down: from now on no change waits for a database that is away for longer than a last while. Said
   * before anybody waits for those who wait for their changes.
   */
  startClosing(): void
  /** Commits what is pending, then closes the database. */
  close(): Promise<void>
}
