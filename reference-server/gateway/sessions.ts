import { logFailure } from '../errors.ts'
import type { AssembledParts } from '../parts.ts'
import { type SessionState, sessionKey } from '../state/port.ts'
import { unknownSession } from './problems.ts'

/** What a client may say of a session when it opens one. */
export interface SessionDetails {
  agent?: string
  device?: string
}

type SessionParts = Pick<AssembledParts, 'state' | 'store'>

/** What clients are shown of a session. */
export const describeSession = ({ id, turns, createdAt }: SessionState) => ({ id, turns, createdAt })

/** The session from memory, or from the store where it is not in memory yet. One that has ended is not found. */
export const findSession = async ({ state, store }: SessionParts, key: string): Promise<SessionState | undefined> => {
  const present = await state.get(key)
  if (present) return present
  const stored = await store.load(key)
  return stored?.status === 'active' ? (await state.add(stored.state)).state : undefined
}

/** @throws Problem 404, also for a session of another app's */
export const requireSession = async (parts: SessionParts, app: string, id: string): Promise<SessionState> => {
  const session = await findSession(parts, sessionKey(app, id))
  if (!session) throw unknownSession(id)
  return session
}

const newSession = (app: string, id: string, { agent, device }: SessionDetails): SessionState => ({
  key: sessionKey(app, id),
  id,
  app,
  agent: agent ?? null,
  device: device ?? null,
  createdAt: new Date().toISOString(),
  turns: 0,
  lastActivityMs: Date.now(),
  recent: [],
})

/** Opens a session, or gives the one that exists; one that has ended goes on. Its row is written in the background. */
export const openSession = async (
  parts: SessionParts,
  app: string,
  id: string,
  details: SessionDetails,
): Promise<{ session: SessionState; created: boolean }> => {
  const key = sessionKey(app, id)
  const present = await parts.state.get(key)
  if (present) return { session: present, created: false }
  const stored = await parts.store.load(key)
  const wanted = stored ? { ...stored.state, lastActivityMs: Date.now() } : newSession(app, id, details)
  const { state: session, added } = await parts.state.add(wanted)
  if (added && stored?.status !== 'active') storeInBackground(parts, session)
  return { session, created: added && !stored }
}

const storeInBackground = ({ store }: SessionParts, session: SessionState): void => {
  const { key, app, id, agent, device, createdAt, lastActivityMs: atMs } = session
  store
    .write({ kind: 'put-session', key, app, agent, device, createdAt, atMs })
    .catch((error) => logFailure(`session ${id} was not stored`, error))
}

/**
 * Removes a session and its turns; resolves when that is committed. Removing what does not exist is no failure.
 * @throws Problem 503 while the database is away; the session is gone from memory then, and from the database later
 */
export const deleteSession = async ({ state, store }: SessionParts, app: string, id: string): Promise<void> => {
  const key = sessionKey(app, id)
  const written = store.writeNow({ kind: 'delete-session', key })
  await Promise.all([state.remove(key), written])
}

/** Adds a completed turn to the session in memory, then to the store. A session that was deleted meanwhile stays so. */
export const recordTurn = async (
  { state, store }: SessionParts,
  { key, turn, content, answer }: { key: string; turn: number; content: string; answer: string },
): Promise<void> => {
  const atMs = Date.now()
  const updated = await state.completeTurn(key, { content, answer, atMs })
  if (updated) await store.write({ kind: 'turn', session: key, turn, content, answer, atMs })
}
