import { logFailure } from '../errors.ts'
import type { AssembledParts } from '../parts.ts'
import type { SessionState } from '../state/port.ts'
import { recentMessages } from '../store/database.ts'
import { unknownSession } from './problems.ts'

/** What a client may say of a session when it opens one. */
export interface SessionDetails {
  agent?: string
  device?: string
}

type SessionParts = Pick<AssembledParts, 'state' | 'store'>

/** What clients are shown of a session. */
export const describeSession = ({ id, turns, createdAt }: SessionState) => ({ id, turns, createdAt })

/** The session from memory, or from the store where it is not in memory yet. */
export const findSession = async ({ state, store }: SessionParts, id: string): Promise<SessionState | undefined> => {
  const present = await state.get(id)
  if (present) return present
  const stored = await store.load(id)
  return stored && (await state.add(stored)).state
}

/** @throws Problem 404 */
export const requireSession = async (parts: SessionParts, id: string): Promise<SessionState> => {
  const session = await findSession(parts, id)
  if (!session) throw unknownSession(id)
  return session
}

const newSession = (id: string, { agent, device }: SessionDetails): SessionState => ({
  id,
  agent: agent ?? null,
  device: device ?? null,
  createdAt: new Date().toISOString(),
  turns: 0,
  lastActivityMs: Date.now(),
  recent: [],
})

/** Opens a session, or gives the one that exists. Its row is written in the background. */
export const openSession = async (
  parts: SessionParts,
  id: string,
  details: SessionDetails,
): Promise<{ session: SessionState; created: boolean }> => {
  const present = await findSession(parts, id)
  if (present) return { session: present, created: false }
  const { state: session, added } = await parts.state.add(newSession(id, details))
  if (added) {
    const { agent, device, createdAt, lastActivityMs: atMs } = session
    parts.store
      .write({ kind: 'put-session', id, agent, device, createdAt, atMs })
      .catch((error) => logFailure(`session ${id} was not stored`, error))
  }
  return { session, created: added }
}

/** Removes a session and its turns; resolves when that is committed. Removing what does not exist is no failure. */
export const deleteSession = async ({ state, store }: SessionParts, id: string): Promise<void> => {
  const written = store.write({ kind: 'delete-session', id })
  await Promise.all([state.remove(id), written])
}

/** Adds a completed turn to the session in memory, then to the store. A session that was deleted meanwhile stays so. */
export const recordTurn = async (
  { state, store }: SessionParts,
  { id, turn, content, answer }: { id: string; turn: number; content: string; answer: string },
): Promise<void> => {
  const atMs = Date.now()
  const updated = await state.update(id, (session) => ({
    ...session,
    turns: session.turns + 1,
    lastActivityMs: atMs,
    recent: [...session.recent, { role: 'user', content }, { role: 'assistant', content: answer }].slice(
      -recentMessages,
    ) as SessionState['recent'],
  }))
  if (updated) await store.write({ kind: 'turn', session: id, turn, content, answer, atMs })
}
