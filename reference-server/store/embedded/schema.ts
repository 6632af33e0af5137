import type { DatabaseSync } from 'node:sqlite'

/**
 * Readers do not block the writer nor it them (WAL). `synchronous = NORMAL`: a commit is on disk at the next checkpoint;
 * a crash of the process loses nothing, a power cut may lose the last commits and never corrupts.
 */
const settings = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
`

/** In order; a database remembers how many it has had (`user_version`). Never change one, add one. */
const migrations = [
  `
  CREATE TABLE apps (
    id TEXT PRIMARY KEY,
    organisation TEXT NOT NULL,
    active INTEGER NOT NULL DEFAULT 1
  ) WITHOUT ROWID;
  CREATE TABLE agents (
    name TEXT PRIMARY KEY,
    prompt TEXT NOT NULL,
    tools TEXT NOT NULL DEFAULT '[]' -- JSON: their declarations
  ) WITHOUT ROWID;
  CREATE TABLE sessions (
    key TEXT PRIMARY KEY, -- app/id
    app TEXT NOT NULL,
    agent TEXT,
    device TEXT,
    status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'ended')),
    created_at TEXT NOT NULL,
    turns INTEGER NOT NULL DEFAULT 0,
    last_activity_ms REAL NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE turns (
    id INTEGER PRIMARY KEY,
    session TEXT NOT NULL,
    turn INTEGER, -- the client's own number; imported ones have none
    content TEXT,
    answer TEXT,
    at_ms REAL NOT NULL
  );
  CREATE INDEX turns_by_session ON turns (session, id);
  CREATE TABLE usage (
    id INTEGER PRIMARY KEY,
    organisation TEXT NOT NULL,
    app TEXT NOT NULL,
    session TEXT NOT NULL,
    turn INTEGER NOT NULL,
    tokens INTEGER NOT NULL,
    at_ms REAL NOT NULL
  );
  `,
]

/** What a database must have beside its tables. */
export interface Contents {
  /** SQL of the index over active sessions. */
  indexSql: string
  /** Apps that are added where they are missing, with their organisations. */
  apps: readonly { id: string; organisation: string }[]
}

/** Brings a database up to date; one that is stays as it is. */
export const prepare = (database: DatabaseSync, { indexSql, apps }: Contents): void => {
  database.exec(settings)
  database.exec('BEGIN IMMEDIATE')
  const { user_version: done } = database.prepare('PRAGMA user_version').get() as { user_version: number }
  for (const migration of migrations.slice(done)) database.exec(migration)
  database.exec(`PRAGMA user_version = ${Math.max(done, migrations.length)}`)
  database.exec(indexSql)
  const addApp = database.prepare('INSERT INTO apps (id, organisation) VALUES (?, ?) ON CONFLICT DO NOTHING')
  for (const { id, organisation } of apps) addApp.run(id, organisation)
  database.exec('COMMIT')
}
