/** A reader's thread: one read-only connection. */
import { workerData } from 'piscina'
import { type Message, partsOfKey, recentMessages, type SessionState } from '../state/port.ts'
import { openForReading } from './database.ts'

const database = openForReading((workerData as { file: string }).file)

const findSession = database.prepare('SELECT * FROM sessions WHERE id = ?')
const lastTurns = database.prepare('SELECT content, answer FROM turns WHERE session = ? ORDER BY id DESC LIMIT ?')

interface SessionRow {
  id: string
  agent: string | null
  device: string | null
  created_at: string
  turns: number
  last_activity_ms: number
}

const recentOf = (id: string): Message[] => {
  const rows = lastTurns.all(id, recentMessages / 2) as { content: string; answer: string }[]
  return rows.reverse().flatMap(({ content, answer }) => [
    { role: 'user' as const, content },
    { role: 'assistant' as const, content: answer },
  ])
}

/** The stored session, or undefined. */
export default ({ id }: { id: string }): SessionState | undefined => {
  const row = findSession.get(id) as SessionRow | undefined
  if (!row) return undefined
  const { agent, device, created_at: createdAt, turns, last_activity_ms: lastActivityMs } = row
  return {
    key: id,
    ...partsOfKey(id),
    agent,
    device,
    createdAt,
    turns,
    lastActivityMs,
    recent: turns === 0 ? [] : recentOf(id),
  }
}
