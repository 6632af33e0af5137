import type { AgentDefinition } from '../../agent-cache/port.ts'
import { recentMessages } from '../../state/port.ts'
import type { ReadName, Reads } from '../database.ts'
import type { SessionStatus, TurnPair } from '../port.ts'
import { messagesOf, type SessionRow, sessionOf } from '../rows.ts'

/** Asks one connection; each text is prepared once a connection under its name. */
export type Ask = <Row>(name: string, text: string, values: readonly unknown[]) => Promise<Row[]>

type PostgresReads = {
  [Name in ReadName]: (ask: Ask, ...values: Parameters<Reads[Name]>) => Promise<ReturnType<Reads[Name]>>
}

type AppRow = { active: boolean }
type KeyRow = { key: string }

const history = async (ask: Ask, key: string, most: number) => {
  const text = 'SELECT content, answer FROM turns WHERE session = $1 ORDER BY id DESC LIMIT $2'
  return messagesOf(await ask<TurnPair>('history', text, [key, most]), most)
}

const appRow = async (ask: Ask, app: string): Promise<AppRow | undefined> =>
  (await ask<AppRow>('turn-app', 'SELECT active FROM apps WHERE id = $1', [app]))[0]

/** Every read awaits one query before it asks the next: a connection answers one at a time. */
export const postgresReads: PostgresReads = {
  async session(ask, key) {
    type Row = Omit<SessionRow, 'created_at'> & { created_at: Date }
    const [row] = await ask<Row>('session', 'SELECT * FROM sessions WHERE key = $1', [key])
    if (!row) return undefined
    const recent = row.turns === 0 ? [] : await history(ask, key, recentMessages)
    return sessionOf({ ...row, created_at: row.created_at.toISOString() }, recent)
  },
  history,
  async turnRows(ask, key, app) {
    type Row = { status: SessionStatus; turns: number; created_at: Date }
    const text = 'SELECT status, turns, created_at FROM sessions WHERE key = $1'
    const [row] = await ask<Row>('turn-session', text, [key])
    const session = row && { status: row.status, createdAt: row.created_at.toISOString(), turns: row.turns }
    return { session, app: await appRow(ask, app) }
  },
  appActive: async (ask, app) => (await appRow(ask, app))?.active,
  async organisation(ask, app) {
    const text = 'SELECT organisation FROM apps WHERE id = $1'
    return (await ask<{ organisation: string }>('organisation', text, [app]))[0]?.organisation
  },
  agent: async (ask, name) =>
    (await ask<AgentDefinition>('agent', 'SELECT name, prompt, tools FROM agents WHERE name = $1', [name]))[0],
  async activeSession(ask, app, device) {
    const text = `SELECT key FROM sessions WHERE app = $1 AND device = $2 AND status = 'active'
                  ORDER BY last_activity_ms DESC LIMIT 1`
    return (await ask<KeyRow>('active-session', text, [app, device]))[0]?.key
  },
  async idleSessions(ask, beforeMs, most) {
    const text = `SELECT key FROM sessions WHERE status = 'active' AND last_activity_ms < $1
                  ORDER BY last_activity_ms LIMIT $2`
    return (await ask<KeyRow>('idle-sessions', text, [beforeMs, most])).map(({ key }) => key)
  },
}
