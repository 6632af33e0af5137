import type { SessionIndex } from './port.ts'

/** A database that had the index loses it. */
export const noIndex: SessionIndex = { sql: 'DROP INDEX IF EXISTS active_sessions' }
