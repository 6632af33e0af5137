import { type Message, partsOfKey } from '../state/port.ts'
import type { SessionStatus, StoredSession, TurnPair } from './port.ts'

/** A row of the table of sessions. */
export interface SessionRow {
  key: string
  agent: string | null
  device: string | null
  status: SessionStatus
  created_at: string
  turns: number
  last_activity_ms: number
}

export const sessionOf = (row: SessionRow, recent: Message[]): StoredSession => ({
  status: row.status,
  state: {
    key: row.key,
    ...partsOfKey(row.key),
    agent: row.agent,
    device: row.device,
    createdAt: row.created_at,
    turns: row.turns,
    lastActivityMs: row.last_activity_ms,
    recent,
  },
})

/** The last `most` messages of turns that come newest first. */
export const messagesOf = (newestFirst: readonly TurnPair[], most: number): Message[] => {
  const messages: Message[] = []
  for (const { content, answer } of newestFirst.toReversed()) {
    if (content !== null) messages.push({ role: 'user', content })
    if (answer !== null) messages.push({ role: 'assistant', content: answer })
  }
  return messages.slice(-most)
}
