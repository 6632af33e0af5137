/** What the log keeps of a session. */
export interface LogEntry {
  session: string
  turns: number
  lastActivityMs: number
}

/** A JSON file that tells of every session in memory, for people and for tools that look at a gateway from outside. */
export interface SessionLog {
  open(): Promise<void>
  note(entry: LogEntry): void
  forget(session: string): void
  /** How often the file was written. */
  readonly writes: number
  /** Writes what is not written yet. */
  close(): Promise<void>
}
