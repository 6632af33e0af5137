import type { DatabaseSync } from 'node:sqlite'
import { type PutSession, pairUp, type Write } from '../port.ts'

/** Applies changes one by one over one connection, within whatever transaction is open. */
export const writesOver = (database: DatabaseSync): ((write: Write) => void) => {
  const putSession = database.prepare(
    `INSERT INTO sessions (key, app, agent, device, created_at, turns, last_activity_ms) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
  )
  const reopen = database.prepare(
    `UPDATE sessions SET status = 'active', last_activity_ms = ? WHERE key = ? AND status = 'ended'`,
  )
  const countTurn = database.prepare(
    `UPDATE sessions SET turns = turns + 1, last_activity_ms = max(last_activity_ms, ?), status = 'active'
     WHERE key = ? AND created_at = ?`,
  )
  const addTurn = database.prepare('INSERT INTO turns (session, turn, content, answer, at_ms) VALUES (?, ?, ?, ?, ?)')
  const endSession = database.prepare(
    `UPDATE sessions SET status = 'ended' WHERE key = ? AND status = 'active' AND last_activity_ms <= ?`,
  )
  const deleteSession = database.prepare('DELETE FROM sessions WHERE key = ?')
  const deleteTurns = database.prepare('DELETE FROM turns WHERE session = ?')
  const addUse = database.prepare(
    'INSERT INTO usage (organisation, app, session, turn, tokens, at_ms) VALUES (?, ?, ?, ?, ?, ?)',
  )

  const put = ({ key, app, agent, device, createdAt, atMs, messages = [] }: PutSession): void => {
    const pairs = pairUp(messages)
    const { changes } = putSession.run(key, app, agent, device, createdAt, pairs.length, atMs)
    if (changes === 0) reopen.run(atMs, key)
    else for (const { content, answer } of pairs) addTurn.run(key, null, content, answer, atMs)
  }

  return (write) => {
    switch (write.kind) {
      case 'put-session':
        return put(write)
      case 'turn':
        // A session that was deleted meanwhile stays so, and leaves no turn behind, nor in another one with its key.
        if (countTurn.run(write.atMs, write.session, write.createdAt).changes === 0) return
        addTurn.run(write.session, write.turn, write.content, write.answer, write.atMs)
        return
      case 'end-session':
        endSession.run(write.key, write.idleSinceMs)
        return
      case 'delete-session':
        deleteTurns.run(write.key)
        deleteSession.run(write.key)
        return
      case 'use':
        addUse.run(write.organisation, write.app, write.session, write.turn, write.tokens, write.atMs)
    }
  }
}
