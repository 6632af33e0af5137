import type { DatabaseSync } from 'node:sqlite'
import type { AgentDefinition } from '../../agent-cache/port.ts'
import { recentMessages } from '../../state/port.ts'
import type { Reads } from '../database.ts'
import type { TurnPair } from '../port.ts'
import { messagesOf, type SessionRow, sessionOf } from '../rows.ts'

/** The reads over one connection, each a prepared statement. */
export const readsOver = (database: DatabaseSync): Reads => {
  const session = database.prepare('SELECT * FROM sessions WHERE key = ?')
  const lastTurns = database.prepare('SELECT content, answer FROM turns WHERE session = ? ORDER BY id DESC LIMIT ?')
  const app = database.prepare('SELECT organisation FROM apps WHERE id = ?')
  const appRow = database.prepare('SELECT active FROM apps WHERE id = ?')
  const agent = database.prepare('SELECT name, prompt, tools FROM agents WHERE name = ?')
  const active = database.prepare(
    `SELECT key FROM sessions WHERE app = ? AND device = ? AND status = 'active' ORDER BY last_activity_ms DESC LIMIT 1`,
  )
  const idle = database.prepare(
    `SELECT key FROM sessions WHERE status = 'active' AND last_activity_ms < ? ORDER BY last_activity_ms LIMIT ?`,
  )
  const history = (key: string, most: number) => messagesOf(lastTurns.all(key, most) as unknown as TurnPair[], most)
  return {
    session(key) {
      const row = session.get(key) as SessionRow | undefined
      return row && sessionOf(row, row.turns === 0 ? [] : history(key, recentMessages))
    },
    history,
    // Nobody else writes to this database, and memory is newer.
    turnRows: () => undefined,
    appActive(id) {
      const row = appRow.get(id)
      return row && row.active === 1
    },
    organisation: (id) => app.get(id)?.organisation as string | undefined,
    agent(name) {
      const row = agent.get(name) as (Omit<AgentDefinition, 'tools'> & { tools: string }) | undefined
      return row && { ...row, tools: JSON.parse(row.tools) }
    },
    activeSession: (id, device) => active.get(id, device)?.key as string | undefined,
    idleSessions: (beforeMs, most) => idle.all(beforeMs, most).map(({ key }) => key as string),
  }
}
