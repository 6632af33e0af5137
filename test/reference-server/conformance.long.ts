import { Client } from 'pg'
import { skipWithout, startPostgres, startRedis, type TestBackEnd } from './support/back-ends.ts'
import { type ConformanceBackEnd, conformanceSuite } from './support/conformance-suite.ts'

/** Runs one statement over a connection of its own. */
const query = async (url: string, text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> => {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text, values)).rows
  } finally {
    await client.end()
  }
}

/**
 * A database for each variant. Redis is shared: what gateways keep there goes by the ids of tool calls, which are unique,
 * and interrupts go by sessions, which are the variant's own where they are interrupted.
 */
const postgresAndRedis = (): ConformanceBackEnd => {
  let postgres: TestBackEnd | undefined
  let redis: TestBackEnd | undefined
  const databaseOf = (variant: string): string => new URL(`/${variant}`, postgres?.url).href
  return {
    name: 'PostgreSQL and Redis',
    skip: skipWithout('postgres', 'redis'),
    start: async () => {
      postgres = await startPostgres()
      redis = await startRedis()
    },
    stop: async () => {
      await postgres?.stop()
      await redis?.stop()
    },
    prepare: async (variant) => {
      await query(postgres!.url, `CREATE DATABASE "${variant}"`)
      return { DATABASE_URL: databaseOf(variant), REDIS_URL: redis!.url }
    },
    storedTurns: async (variant, key) => {
      const rows = await query(databaseOf(variant), 'SELECT turn FROM turns WHERE session = $1 ORDER BY turn', [key])
      return rows.map(({ turn }) => Number(turn))
    },
    output: /^gateway [^\n]+ listening on [^\n]+\n$/,
  }
}

conformanceSuite(postgresAndRedis())
