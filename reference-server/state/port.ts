/** One line of a conversation. */
export interface Message {
  role: 'user' | 'assistant'
  content: string
}

/** All that the gateway keeps of a session in memory. Never changed in place: a write makes a new object. */
export interface SessionState {
  /** `app/id`: ids are the client's own, and two apps may use the same ones. */
  readonly key: string
  readonly id: string
  readonly app: string
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

/** No app and no id contains a slash. */
export const sessionKey = (app: string, id: string): string => `${app}/${id}`

/** The parts that a key was made of. */
export const partsOfKey = (key: string): { app: string; id: string } => {
  const slash = key.indexOf('/')
  return { app: key.slice(0, slash), id: key.slice(slash + 1) }
}

/** What a completed turn adds to its session. */
export interface CompletedTurn {
  /** When that session was opened: one that has its id since it was deleted is another one, and takes nothing of it. */
  createdAt: string
  content: string
  answer: string
  atMs: number
}

/** How many of a conversation's last messages a session keeps in memory: those that the model is shown. */
export const recentMessages = 4

/** Whether this is the session in which the turn began. */
export const isTurnOf = (session: SessionState, { createdAt }: CompletedTurn): boolean =>
  session.createdAt === createdAt

/** The state that follows a turn: the same for every way of keeping it. */
export const afterTurn = (session: SessionState, { content, answer, atMs }: CompletedTurn): SessionState => ({
  ...session,
  turns: session.turns + 1,
  lastActivityMs: atMs,
  recent: [
    ...session.recent,
    { role: 'user' as const, content },
    { role: 'assistant' as const, content: answer },
  ].slice(-recentMessages),
})

/** A value now or later: a part without a lock has no reason to make its caller wait. */
export type Eventual<T> = T | Promise<T>

/** A session in memory, and whether it is the one that was to be put there. */
export interface AddedSession {
  state: SessionState
  added: boolean
}

/** For whoever has nothing to let go of. */
export const nothingHeld = (): void => {}

/** The sessions in memory. Each operation is atomic. */
export interface SessionStates {
  get(key: string): Eventual<SessionState | undefined>
  /**
   * Puts a session where there is none. Gives the one that is there afterwards.
   * @param since what `departures` gave before it was looked up in the database. Where the session was in memory after that,
   *   and left it again, what was read may be old: then it is not put there, and this gives undefined
   * @throws Problem 503 where there is no room for it, and none can be made
   */
  add(state: SessionState): Eventual<AddedSession>
  add(state: SessionState, since: number): Eventual<AddedSession | undefined>
  /** Rises when the session leaves memory, where others than this worker may have it there. */
  departures(key: string): number
  /** Replaces a session's state by what `afterTurn` makes of it; `undefined` where the turn's session is not there any more. */
  completeTurn(key: string, turn: CompletedTurn): Eventual<SessionState | undefined>
  remove(key: string): Eventual<boolean>
  /**
   * A turn of the session, which was got or added just before, begins at this worker. The session does not leave memory for
   * want of room before the function is called that this gives.
   * @returns undefined where it has left already, and is to be looked up again
   */
  beginTurn(key: string): (() => void) | undefined
  readonly size: number
  /** What the operations cost so far beside memory: locks taken within them, and questions to whoever else has the state. */
  readonly locksTaken: number
  readonly registryLocksTaken: number
  readonly messagesSent: number
  open(): Promise<void>
  close(): Promise<void>
}
