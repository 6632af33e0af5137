/** What the log keeps of a session. */
export interface LogEntry {
  session: string
  turns: number
  lastActivityMs: number
}

/**
 * A JSON file that tells of every session in memory, for people and for tools that look at a gateway from outside:
 * `{"sessions": [{"session": "app/id", "turns": 3, "lastActivityMs": 1760000000000}]}`. Whoever reads it sees a whole
 * file, the last one or the one before. A disk that fails is logged once until it works again and hurts no turn.
 */
export interface SessionLog {
  /** @throws StartError naming the folder where it cannot be made */
  open(): Promise<void>
  note(entry: LogEntry): void
  /** A session that is no longer in memory leaves the file; nothing is to be noted of it afterwards. */
  forget(session: string): void
  /** How often the file was written. */
  readonly writes: number
  /** Writes what is not written yet; a file that nobody named goes. */
  close(): Promise<void>
}
