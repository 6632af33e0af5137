/**
 * Gives a database a past, for measurements that need one:
 *
 *   node reference-server/services/past-sessions.ts --port N --database-port P --sessions COUNT --devices COUNT
 *
 * Enters ended sessions of the app `app-a` into the database `gateway` of the PostgreSQL on port P of this machine, spread
 * evenly over `device-0` to the last of the devices, in the gateway's own schema and as the gateway leaves them. When they
 * are committed and counted for the planner it listens on port N and answers everything with 204, until it is stopped.
 */
import { createServer } from 'node:http'
import pg from 'pg'
import { portOption, readOptions, wholeNumber } from '../command-line.ts'
import { exitCannotStart, messageOf, runMain, StartError } from '../errors.ts'
import { prepare } from '../store/postgres/migrations.ts'
import { noIndex } from '../store/session-index/none.ts'
import { listen } from './listen.ts'

const host = '127.0.0.1'
const app = 'app-a'

/** The last of them ended an hour ago, and each a second before the one behind it. */
const insert = `
  INSERT INTO sessions (key, app, device, status, created_at, turns, last_activity_ms)
  SELECT $1::text || '/past-' || n, $1::text, 'device-' || n % $3::int, 'ended', now() - interval '2 hours' - n * interval '1 second', 3,
         (extract(epoch FROM now()) - 3600 - n) * 1000
  FROM generate_series(0, $2::int - 1) AS n
`

const enter = async (databasePort: number, sessions: number, devices: number): Promise<void> => {
  const client = new pg.Client({ connectionString: `postgres://gateway@${host}:${databasePort}/gateway` })
  await client.connect()
  try {
    await prepare(client, { indexSql: noIndex.sql, apps: [] })
    await client.query(insert, [app, sessions, devices])
    await client.query('ANALYZE sessions')
  } finally {
    await client.end()
  }
}

const main = async (): Promise<void> => {
  const options = readOptions(process.argv.slice(2), ['port', 'database-port', 'sessions', 'devices'])
  const port = portOption('--port', options.port)
  const databasePort = portOption('--database-port', options['database-port'])
  const sessions = wholeNumber('--sessions', options.sessions ?? '', 1)
  const devices = wholeNumber('--devices', options.devices ?? '', 1)
  await enter(databasePort, sessions, devices).catch((error) => {
    throw new StartError(`no past sessions in PostgreSQL on port ${databasePort}: ${messageOf(error)}`, exitCannotStart)
  })
  const server = createServer((_request, response) => void response.writeHead(204).end())
  const stop = (): void => void server.close().closeAllConnections()
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  const at = await listen(server, host, port, '--port')
  process.stdout.write(`${sessions} past sessions of ${devices} devices; listening on http://${host}:${at}\n`)
}

await runMain(main)
