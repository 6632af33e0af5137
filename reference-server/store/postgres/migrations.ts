import type { ClientBase } from 'pg'

/**
 * All changes of a batch in one statement, which is one transaction and one way there and back. `writers` remembers the
 * last batch of each writer: a batch whose connection broke while it was committed can be sent again, and changes
 * nothing where it had been committed.
 * @param create whether it is the first
 * @param isSessionOfTurn which row of `sessions` a turn belongs to
 */
const applyWrites = (create: string, isSessionOfTurn: string): string => `
  ${create} FUNCTION apply_writes(writer_id text, batch_number bigint, changes jsonb) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE
    change record;
  BEGIN
    INSERT INTO writers (id, batch) VALUES (writer_id, batch_number)
    ON CONFLICT (id) DO UPDATE SET batch = excluded.batch, at = now() WHERE writers.batch < excluded.batch;
    IF NOT FOUND THEN
      RETURN;
    END IF;
    FOR change IN SELECT * FROM jsonb_to_recordset(changes) AS fields (
      kind text, key text, app text, agent text, device text, "createdAt" timestamptz, "atMs" double precision,
      pairs jsonb, session text, turn bigint, content text, answer text, "idleSinceMs" double precision,
      organisation text, tokens bigint
    ) LOOP
      CASE change.kind
        WHEN 'put-session' THEN
          INSERT INTO sessions (key, app, agent, device, created_at, turns, last_activity_ms)
          VALUES (change.key, change.app, change.agent, change.device, change."createdAt",
                  jsonb_array_length(change.pairs), change."atMs")
          ON CONFLICT DO NOTHING;
          IF FOUND THEN
            INSERT INTO turns (session, content, answer, at_ms)
            SELECT change.key, content, answer, change."atMs"
            FROM jsonb_to_recordset(change.pairs) AS pair (content text, answer text);
          ELSE
            UPDATE sessions SET status = 'active', last_activity_ms = change."atMs"
            WHERE key = change.key AND status = 'ended';
          END IF;
        WHEN 'turn' THEN
          UPDATE sessions SET turns = turns + 1, last_activity_ms = greatest(last_activity_ms, change."atMs"),
                              status = 'active'
          WHERE ${isSessionOfTurn};
          -- A session that was deleted meanwhile stays so, and leaves no turn behind.
          IF FOUND THEN
            INSERT INTO turns (session, turn, content, answer, at_ms)
            VALUES (change.session, change.turn, change.content, change.answer, change."atMs");
          END IF;
        WHEN 'end-session' THEN
          UPDATE sessions SET status = 'ended'
          WHERE key = change.key AND status = 'active' AND last_activity_ms <= change."idleSinceMs";
        WHEN 'delete-session' THEN
          DELETE FROM turns WHERE session = change.key;
          DELETE FROM sessions WHERE key = change.key;
        WHEN 'use' THEN
          INSERT INTO usage (organisation, app, session, turn, tokens, at_ms)
          VALUES (change.organisation, change.app, change.session, change.turn, change.tokens, change."atMs");
      END CASE;
    END LOOP;
  END $$;
`

/** In order; the database remembers which it has had. Never change one, add one. */
const migrations = [
  `
  CREATE TABLE apps (
    id text PRIMARY KEY,
    organisation text NOT NULL,
    active boolean NOT NULL DEFAULT true
  );
  CREATE TABLE agents (
    name text PRIMARY KEY,
    prompt text NOT NULL,
    tools jsonb NOT NULL DEFAULT '[]' -- their declarations
  );
  CREATE TABLE sessions (
    key text PRIMARY KEY, -- app/id
    app text NOT NULL,
    agent text,
    device text,
    status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'ended')),
    created_at timestamptz NOT NULL,
    turns integer NOT NULL DEFAULT 0,
    last_activity_ms double precision NOT NULL
  );
  CREATE TABLE turns (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    session text NOT NULL,
    turn bigint, -- the client's own number; imported ones have none
    content text,
    answer text,
    at_ms double precision NOT NULL
  );
  CREATE INDEX turns_by_session ON turns (session, id);
  CREATE TABLE usage (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation text NOT NULL,
    app text NOT NULL,
    session text NOT NULL,
    turn bigint NOT NULL,
    tokens bigint NOT NULL,
    at_ms double precision NOT NULL
  );
  CREATE TABLE writers (
    id text PRIMARY KEY,
    batch bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
  );
  ${applyWrites('CREATE', 'key = change.session')}
  `,
  // A session that was deleted and opened again is another one, and takes no turn of the first. Of gateways of before this,
  // nobody knows which they mean; JavaScript's times have milliseconds.
  applyWrites(
    'CREATE OR REPLACE',
    `key = change.session AND
                (change."createdAt" IS NULL OR date_trunc('milliseconds', created_at) = change."createdAt")`,
  ),
]

/** Any number, as long as nothing else in the database locks the same one: "weir" in ASCII. */
const lock = 0x77_65_69_72

/**
 * Brings a database up to date; one that is stays as it is. Workers and gateways that start at once take turns.
 * @param apps added where they are missing, with their organisations
 */
export const prepare = async (
  client: ClientBase,
  { indexSql, apps }: { indexSql: string; apps: readonly { id: string; organisation: string }[] },
): Promise<void> => {
  await client.query('BEGIN')
  await client.query('SELECT pg_advisory_xact_lock($1)', [lock])
  await client.query(
    'CREATE TABLE IF NOT EXISTS migrations (number integer PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())',
  )
  const { rows } = await client.query<{ done: number }>('SELECT coalesce(max(number), 0) AS done FROM migrations')
  for (const [index, migration] of migrations.entries()) {
    if (index < (rows[0]?.done ?? 0)) continue
    await client.query(migration)
    await client.query('INSERT INTO migrations (number) VALUES ($1)', [index + 1])
  }
  await client.query(indexSql)
  for (const { id, organisation } of apps) {
    await client.query('INSERT INTO apps (id, organisation) VALUES ($1, $2) ON CONFLICT DO NOTHING', [id, organisation])
  }
  // Left by gateways that were killed; one that closes removes its own.
  await client.query(`DELETE FROM writers WHERE at < now() - interval '1 day'`)
  await client.query('COMMIT')
}
