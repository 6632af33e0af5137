/** One item of a session's to-do list. */
export interface Todo {
  text: string
  done: boolean
}

/** The to-do list of a session, which only its conversation contains: the last message with a list in it counts. */
export interface Hydration {
  /** As it stands after the session's last completed turn. */
  todosOf(session: string): Promise<readonly Todo[]> | readonly Todo[]
  /** Told of every completed turn. */
  noteTurn(session: string, messages: readonly { role: string; content: string }[]): void
  /** A session that is gone needs no list. */
  forget(session: string): void
}
