/**
 * A session's slot at one time: the number of the slot and how often it was given out. A handle kept after its session
 * was removed is refused everywhere, also where the slot is another session's by then.
 */
export type SlotHandle = number & { readonly brand: 'SlotHandle' }

/** What the worker threads share about a session. The conversation itself stays with the worker named by `owner`. */
export interface SessionRecord {
  /** Turns completed, 0 for a new session. */
  readonly version: number
  /** Index of the worker that completed the last turn and so holds the newest snapshot; -1 before the first. */
  readonly owner: number
  /** Index of the worker that began the latest turn; -1 before the first. */
  readonly runner: number
  readonly status: 'idle' | 'running'
  /** Start of the latest turn, in whole milliseconds since 1970; 0 before the first. */
  readonly startMs: number
  /** End of the last completed turn, as `startMs`. */
  readonly endMs: number
  /** Outcome of the last completed turn, of the caller's choice: -32,768 to 32,767; 0 before the first. */
  readonly code: number
}

/** Where the sessions are: which slot belongs to which id. Each operation is atomic. */
export interface SessionMap {
  /** Any string is allowed; one that is no session id (session-id.ts) is simply not there. */
  find(id: string): SlotHandle | undefined
  /**
   * Gives the session's slot and whether it is new; `undefined` when every slot is taken.
   * @throws RangeError where `id` is no session id.
   */
  add(id: string): { handle: SlotHandle; added: boolean } | undefined
  /**
   * Gives the slot back; `false` where there is no such session. Of several threads that try, one hears `true`.
   * @param only removes the session with this handle, and no other that has its id since
   */
  remove(id: string, only?: SlotHandle): boolean
  readonly size: number
  /** How often this thread took a lock round the map. */
  readonly locksTaken: number
}

/** What is known of each session. Each operation is atomic: a reader never sees half of a write. */
export interface SessionRecords {
  /** `undefined` where the session was removed meanwhile. */
  read(handle: SlotHandle): SessionRecord | undefined
  /**
   * A turn starts at this worker. Gives the version that it starts from, which `advance` wants to hear; `undefined`
   * where the session was removed. A turn that runs already is no hindrance: its worker may have died. Of two turns
   * from one version only one will advance it.
   */
  begin(handle: SlotHandle, startMs: number): number | undefined
  /**
   * A turn ended at this worker, which owns the session from here on. `false`, and nothing changed, where the version is
   * not `expectedVersion` any more (another turn was first) or the session was removed.
   * @throws RangeError where `code` is out of its range
   */
  advance(handle: SlotHandle, expectedVersion: number, endMs: number, code: number): boolean
  /** How often this thread took a record's lock. */
  readonly locksTaken: number
}

/** The registry of sessions that all worker threads of a gateway share, as seen by one of them. */
export interface SessionTable extends Omit<SessionMap, 'locksTaken'>, Omit<SessionRecords, 'locksTaken'> {
  /** Sessions at most. */
  readonly capacity: number
  /**
   * A turn here needs the session in memory, until `release`. Several may hold one session.
   * @returns false where it is not there any more, or just about to leave
   */
  hold(handle: SlotHandle): boolean
  release(handle: SlotHandle): void
  /** Whether nobody holds the session at the moment. */
  isFree(handle: SlotHandle): boolean
  /**
   * Removes a session for want of room, unless somebody holds it, or its version is another one than that. Who holds a
   * session alone advances it: one that leaves is as it was when it had this version.
   */
  leave(id: string, handle: SlotHandle, version: number): boolean
  /** Takes back a session that was just added, unless somebody holds it: nothing was made of it. */
  withdraw(id: string, handle: SlotHandle): boolean
  /** Has risen when the session was removed since it was last asked for; by chance, when another one was. */
  departures(id: string): number
  /** How often this thread took a lock: round the map, and of a record. */
  readonly mapLocksTaken: number
  readonly recordLocksTaken: number
}
