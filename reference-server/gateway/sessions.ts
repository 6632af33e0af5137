import type { AssembledParts } from '../assembly.ts'
import { logFailure } from '../errors.ts'
import { type Message, nothingHeld, recentMessages, type SessionState, sessionKey } from '../state/port.ts'
import { type PutSession, pairUp, type Store, type StoredSession, type TurnRows } from '../store/port.ts'
import type { Peers } from '../workers/peers.ts'
import { busy, closedApp, unknownSession } from './problems.ts'

/** What a client may say of a session when it opens one. */
export interface SessionDetails {
  agent?: string
  device?: string
  /** A conversation that was begun elsewhere, oldest line first. */
  messages?: Message[]
}

export type SessionParts = Pick<AssembledParts, 'state' | 'store' | 'hydration' | 'sessionLog'>

/** What clients are shown of a session. */
export const describeSession = ({ id, turns, createdAt }: SessionState) => ({ id, turns, createdAt })

/**
 * What is begun is to be kept: nothing is while the database is so far behind that there may be no room for it.
 * @throws Problem 503
 */
export const requireRoomToWrite = ({
  overloaded,
  pendingWrites,
}: Pick<Store, 'overloaded' | 'pendingWrites'>): void => {
  if (overloaded) throw busy(`${pendingWrites} changes wait for the database; try again later`)
}

/**
 * The session from memory, or from the store where it is not in memory yet, or where another gateway that uses the same
 * database has ended it, deleted it, or taken it further since. Memory may be ahead of the database, where turns are
 * written in the background, but never behind it.
 * @throws Problem 403 where the app is closed
 */
const lookUp = async (parts: SessionParts, app: string, key: string): Promise<StoredSession | undefined> => {
  const { state, store } = parts
  const rows = await store.readForTurn(key, app)
  if (rows?.app?.active === false) throw closedApp(app)
  // Looked at after the row, since turns of the session may have ended meanwhile.
  const present = await state.get(key)
  if (present && (!rows || isCurrent(present, rows))) return { status: 'active', state: present }
  if (present) await forgetSession(parts, key)
  return readSession(parts, key)
}

/**
 * The session from the store, and in memory from then on. Read again where another worker had it in memory meanwhile: turns may
 * have been completed there, and stored, after it was read.
 */
const readSession = async (parts: SessionParts, key: string): Promise<StoredSession | undefined> => {
  const { state, store } = parts
  for (;;) {
    const since = state.departures(key)
    const stored = await store.load(key)
    if (stored?.status !== 'active') return stored
    const present = await state.add(stored.state, since)
    if (present) return { ...stored, state: present.state }
  }
}

const isCurrent = (present: SessionState, { session: row }: TurnRows): boolean =>
  row?.status === 'active' && row.createdAt === present.createdAt && row.turns <= present.turns

/** One that has ended is not found. */
export const findSession = async (parts: SessionParts, app: string, key: string): Promise<SessionState | undefined> => {
  const found = await lookUp(parts, app, key)
  return found?.status === 'active' ? found.state : undefined
}

/** @throws Problem 404, also for a session of another app's, or 403 where the app is closed */
export const requireSession = async (parts: SessionParts, app: string, id: string): Promise<SessionState> => {
  const session = await findSession(parts, app, sessionKey(app, id))
  if (!session) throw unknownSession(id)
  return session
}

const newSession = (app: string, id: string, { agent, device, messages = [] }: SessionDetails): SessionState => ({
  key: sessionKey(app, id),
  id,
  app,
  agent: agent ?? null,
  device: device ?? null,
  createdAt: new Date().toISOString(),
  turns: pairUp(messages).length,
  lastActivityMs: Date.now(),
  // And nothing else that a client may have written in a message: these are shown to the model.
  recent: messages.slice(-recentMessages).map(({ role, content }) => ({ role, content })),
})

/** A session, and whether it is new. */
export interface OpenedSession {
  session: SessionState
  created: boolean
}

const rowOf = (session: SessionState, { messages }: SessionDetails): PutSession => {
  const { key, app, agent, device, createdAt, lastActivityMs: atMs } = session
  const row = { kind: 'put-session' as const, key, app, agent, device, createdAt, atMs }
  return messages ? { ...row, messages } : row
}

/**
 * Opens a session, or gives the one that exists; one that has ended goes on. Its row is written in the background where
 * nobody else writes to the database. Where others do, a turn that another one stores would come to nothing without that
 * row: there the session is in the database first, and in memory as it is there, whoever opened it.
 * @param isAwaited resolves when the row is committed
 * @throws Problem 503 where that is waited for and the database is away; it may be written all the same, later. Also where it
 *   would be a new row, and too many changes wait already: then nothing is written
 */
export const openSession = async (
  parts: SessionParts,
  app: string,
  id: string,
  details: SessionDetails,
  isAwaited = parts.store.isShared,
): Promise<OpenedSession> => {
  const { state, store } = parts
  const key = sessionKey(app, id)
  let since = state.departures(key)
  const stored = await lookUp(parts, app, key)
  if (stored?.status === 'active') return { session: stored.state, created: false }
  requireRoomToWrite(store)
  const wanted = stored ? { ...stored.state, lastActivityMs: Date.now() } : newSession(app, id, details)
  // What is committed is read once more.
  if (isAwaited) since = state.departures(key)
  const begun = isAwaited ? await commit(parts, wanted, details) : wanted
  // Deleted before it could be read.
  if (!begun) return openSession(parts, app, id, details, isAwaited)
  const present = await state.add(begun, since)
  // At another worker it was opened, and left memory again, while it was looked for here.
  if (!present) return openSession(parts, app, id, details, isAwaited)
  const { state: session, added } = present
  // Whoever looks in the database may have put it into memory first: whose it is says the row.
  if (isAwaited) return { session, created: !stored && session.createdAt === wanted.createdAt }
  if (added) {
    const notStored = (error: unknown): void => logFailure(`session ${id} was not stored`, error)
    store.write(rowOf(session, details)).catch((error) => {
      notStored(error)
      return withdraw(parts, session).catch(notStored)
    })
  }
  return { session, created: added && !stored }
}

/**
 * A session whose row could not be stored leaves memory: its turns would be answered, and their rows dropped, since they would
 * belong to nothing. One that was opened under its id since is another one, and stays.
 */
const withdraw = async (parts: SessionParts, { key, createdAt }: SessionState): Promise<void> => {
  const present = await parts.state.get(key)
  if (present?.createdAt === createdAt) await forgetSession(parts, key)
}

/**
 * As `requireSession`, for whoever never left the session: one that has ended meanwhile goes on. One that does not exist
 * is not made, since it was deleted.
 */
export const resumeSession = async (parts: SessionParts, app: string, id: string): Promise<SessionState> => {
  const found = await lookUp(parts, app, sessionKey(app, id))
  if (!found) throw unknownSession(id)
  return found.status === 'active' ? found.state : (await openSession(parts, app, id, {})).session
}

/** A session as the database has it when its row is committed. */
const commit = async (
  { store }: SessionParts,
  wanted: SessionState,
  details: SessionDetails,
): Promise<SessionState | undefined> => {
  await store.writeNow(rowOf(wanted, details))
  return (await store.load(wanted.key))?.state
}

/**
 * Removes a session and its turns; resolves when that is committed. Removing what does not exist is no failure.
 * @throws Problem 503 while the database is away, here or at another worker that still writes of the session; it is gone from
 *   memory then, and from the database later
 */
export const deleteSession = async (parts: SessionParts, peers: Peers, app: string, id: string): Promise<void> => {
  const key = sessionKey(app, id)
  const settled = peers.askOthers(forgetQuestion, key)
  // What others write of it comes before its end where they can have it committed; a turn that comes after it is dropped.
  await Promise.allSettled([settled])
  const written = parts.store.writeNow({ kind: 'delete-session', key })
  await untilAllEnd([settled, forgetSession(parts, key), written])
  // Another worker may have read it once more before that, or completed a turn of it.
  await forgetEverywhere(parts, peers, key)
}

/** The question by which workers are asked to let go of a session that one of them takes out of memory. */
export const forgetQuestion = 'forget'

/** What a worker still writes of a session goes with it, or it would come into the next one with that id. */
export const letGo = async ({ store, hydration, sessionLog }: SessionParts, key: string): Promise<void> => {
  hydration.forget(key)
  sessionLog.forget(key)
  await store.settled(key)
}

/** The question by which workers are asked to have what they still write of a session committed. */
export const settledQuestion = 'settled'

/** Takes a session out of memory. */
export const forgetSession = async (
  { state, hydration, sessionLog }: Pick<SessionParts, 'state' | 'hydration' | 'sessionLog'>,
  key: string,
): Promise<void> => {
  hydration.forget(key)
  sessionLog.forget(key)
  await state.remove(key)
}

/** Takes a session out of memory, and what other workers keep of it too. */
const forgetEverywhere = async (
  parts: Pick<SessionParts, 'state' | 'hydration' | 'sessionLog'>,
  peers: Peers,
  key: string,
): Promise<void> => {
  await forgetSession(parts, key)
  await peers.askOthers(forgetQuestion, key)
}

/** The question by which workers ask each other whether they run a turn of a session. */
export const runningQuestion = 'running'

/** Whether a turn of the session is in flight at any worker of this gateway. */
export const isRunning = async (
  { interrupts }: Pick<AssembledParts, 'interrupts'>,
  peers: Peers,
  key: string,
): Promise<boolean> => interrupts.isRunning(key) || (await peers.askOthers(runningQuestion, key)).includes(true)

/**
 * Takes a session out of memory unless it was active since `beforeMs` or a turn of it is in flight.
 * @returns false where it has to stay; true where it is gone, or never was in memory
 */
export const forgetIdle = async (
  parts: Pick<AssembledParts, 'state' | 'hydration' | 'sessionLog' | 'interrupts'>,
  peers: Peers,
  key: string,
  beforeMs: number,
): Promise<boolean> => {
  const session = await parts.state.get(key)
  if (session && session.lastActivityMs >= beforeMs) return false
  if ((await isRunning(parts, peers, key)) || parts.interrupts.isRunning(key)) return false
  await forgetEverywhere(parts, peers, key)
  return true
}

/** What a turn leaves behind. */
export interface FinishedTurn {
  key: string
  /** That of the session in which the turn began. */
  createdAt: string
  turn: number
  content: string
  answer: string
}

/**
 * Adds a completed turn to the store and to the session in memory. A session that was deleted meanwhile stays so, and
 * another one that was opened under its id takes no turn of it. The client has its answer: whatever becomes of the session
 * in memory, the store is asked first.
 * @param leave called when the session in memory has the turn, or will not have it: it may leave memory from then on
 */
export const recordTurn = async (
  { state, store, hydration, sessionLog }: SessionParts,
  { key, createdAt, turn, content, answer }: FinishedTurn,
  leave = nothingHeld,
): Promise<void> => {
  const atMs = Date.now()
  const written = store.write({ kind: 'turn', session: key, createdAt, turn, content, answer, atMs })
  const remembered = (async () => {
    const updated = await state.completeTurn(key, { createdAt, content, answer, atMs })
    if (!updated) return
    hydration.noteTurn(updated)
    sessionLog.note({ session: key, turns: updated.turns, lastActivityMs: atMs })
  })().finally(leave)
  await untilAllEnd([remembered, written])
}

/**
 * Waits for all of them, so that a failure of one leaves none of the others unheard.
 * @throws what the first in the list failed with
 */
const untilAllEnd = async (promises: readonly Promise<unknown>[]): Promise<void> => {
  for (const outcome of await Promise.allSettled(promises)) if (outcome.status === 'rejected') throw outcome.reason
}
