/**
 * Debian's PostgreSQL as a service beside the gateway, in the foreground:
 *
 *   node reference-server/services/postgres.ts --port N [--data DIR] [--template DIR] [--keep yes]
 *
 * It listens on 127.0.0.1 alone and lets in the role `gateway` alone, without a password; the role owns the database
 * `gateway` and may create others. `max_connections` is 400. All else is as PostgreSQL has it by default, what makes
 * writes safe above all: `fsync`, `synchronous_commit` and `full_page_writes` are on. Only the empty cluster, before
 * the server starts, is written without waiting for the disk.
 *
 * DIR is where the cluster is, without it a new folder in the system's temporary one. A cluster that is there is used as
 * it is, and stays; a new one is removed at the end unless it is to be kept. With a template, the cluster is copied from
 * there, and put there first where there is none for this version. Started by root, the server runs as `postgres` or
 * `nobody`, which has to get to DIR.
 */
import { runMain } from '../errors.ts'
import { type BackEnd, runBackEnd } from './back-end.ts'
import { clusterMark, prepareCluster } from './cluster.ts'
import { postgres } from './programs.ts'

const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=400']

const backEnd: BackEnd = {
  name: 'postgres',
  program: postgres,
  options: ['port', 'data', 'template', 'keep'],
  users: ['postgres', 'nobody'],
  dataMark: clusterMark,
  prepare: prepareCluster,
  command: ({ port, data }) => [
    'postgres',
    ...['-D', data, '-p', `${port}`],
    ...settings.flatMap((setting) => ['-c', setting]),
  ],
  readyText: 'database system is ready to accept connections',
  // A fast shutdown: clients are disconnected, what is committed is written.
  stopSignal: 'SIGINT',
  // No last writing; the next start recovers.
  lastSignal: 'SIGQUIT',
}

await runMain(() => runBackEnd(backEnd, process.argv.slice(2)))
