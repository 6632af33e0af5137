import type { SessionIndex } from './port.ts'

/** Holds active sessions only: it stays as small as they are few, however many have ended. */
export const partialIndex: SessionIndex = {
  sql: `CREATE INDEX IF NOT EXISTS active_sessions ON sessions (app, device, last_activity_ms) WHERE status = 'active'`,
}
