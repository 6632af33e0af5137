/** One line of a conversation. */
export interface Message {
  role: 'user' | 'assistant'
  content: string
}

/** All that the gateway keeps of a session in memory. Never changed in place: a write makes a new object. */
export interface SessionState {
  readonly id: string
  readonly agent: string | null
  readonly device: string | null
  /** ISO 8601. */
  readonly createdAt: string
  /** Completed turns. */
  readonly turns: number
  readonly lastActivityMs: number
  /** The end of the conversation, oldest first. */
  readonly recent: readonly Message[]
}

/** A value now or later: a part without a lock has no reason to make its caller wait. */
export type Eventual<T> = T | Promise<T>

/** The sessions in memory. Each operation is atomic; nothing is held between two of them. */
export interface SessionStates {
  get(id: string): Eventual<SessionState | undefined>
  /** Puts a session where there is none. Gives the one that is there afterwards, and whether it is the new one. */
  add(state: SessionState): Eventual<{ state: SessionState; added: boolean }>
  /** Replaces a session's state by what `change` makes of it; `undefined` where there is no such session. */
  update(id: string, change: (state: SessionState) => SessionState): Eventual<SessionState | undefined>
  remove(id: string): Eventual<boolean>
  readonly size: number
}
