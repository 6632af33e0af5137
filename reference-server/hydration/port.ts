import type { SessionState } from '../state/port.ts'

/** One item of a session's to-do list. */
export interface Todo {
  readonly text: string
  readonly done: boolean
}

/** A line of a conversation as lists are looked for in it. */
export interface Line {
  readonly role: string
  readonly content: string
}

/**
 * Reads the end of a session's conversation, oldest line first: all that the gateway has answered so far, whichever of
 * its workers did.
 * @param most how many of the last lines; where absent, all of them
 */
export type ReadHistory = (session: string, most?: number) => Promise<readonly Line[]>

/**
 * The to-do list of a session. It stands nowhere but in the conversation: whenever the list changes, a message of the
 * assistant's or of a tool's contains it whole, as a block of JSON,
 *
 *     ```json
 *     {"todos": [{"text": "book the flight", "done": true}, {"text": "book the hotel", "done": false}]}
 *     ```
 *
 * or consists of that JSON alone. The last list counts. What users write is no list, and neither is JSON of another
 * shape. At most the first 100 items of a list are kept.
 */
export interface Hydration {
  /**
   * As it stands after the session's last completed turn; empty where no list was found.
   * @throws what reading the history throws
   */
  todosOf(session: SessionState): Promise<readonly Todo[]> | readonly Todo[]
  /** Told of every turn that this worker completes, with the state that it led to. */
  noteTurn(session: SessionState): void
  /** A session that is gone, or no longer in memory, needs no list. */
  forget(key: string): void
  /** How often a conversation was read and scanned. */
  readonly scans: number
}
