import type { SessionState } from '../state/port.ts'

/** One change to the database, as it is sent to the writer's thread. */
export type Write =
  | { kind: 'put-session'; id: string; agent: string | null; device: string | null; createdAt: string; atMs: number }
  | { kind: 'turn'; session: string; turn: number; content: string; answer: string; atMs: number }
  | { kind: 'delete-session'; id: string }

/** What outlives the process: sessions and their turns. */
export interface Store {
  /**
   * Opens the database and makes its tables.
   * @throws StartError naming the file when that fails
   */
  open(): Promise<void>
  /** Resolves when the change is committed; changes are committed in the order of the calls. */
  write(write: Write): Promise<void>
  /** A session as it was last stored, or undefined where none is. */
  load(id: string): Promise<SessionState | undefined>
  /** Resolves when the database answers. */
  check(): Promise<void>
  readonly pendingWrites: number
  /** Commits what is pending, then closes the database. */
  close(): Promise<void>
}
