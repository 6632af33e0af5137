import { DatabaseSync } from 'node:sqlite'

/**
 * Readers do not block the writer nor it them (WAL). `synchronous = NORMAL`: a commit is on disk at the next checkpoint;
 * a crash of the process loses nothing, a power cut may lose the last commits and never corrupts.
 */
const settings = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA busy_timeout = 5000;
`

const tables = `
  CREATE TABLE IF NOT EXISTS sessions (
    id TEXT PRIMARY KEY,
    agent TEXT,
    device TEXT,
    created_at TEXT NOT NULL,
    turns INTEGER NOT NULL DEFAULT 0,
    last_activity_ms REAL NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS turns (
    id INTEGER PRIMARY KEY,
    session TEXT NOT NULL,
    turn INTEGER NOT NULL,
    content TEXT NOT NULL,
    answer TEXT NOT NULL,
    at_ms REAL NOT NULL
  );
  CREATE INDEX IF NOT EXISTS turns_by_session ON turns (session, id);
`

export const openForWriting = (file: string): DatabaseSync => {
  const database = new DatabaseSync(file)
  database.exec(settings)
  database.exec(tables)
  return database
}

export const openForReading = (file: string): DatabaseSync => new DatabaseSync(file, { readOnly: true, timeout: 5_000 })
