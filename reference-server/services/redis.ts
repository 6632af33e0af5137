/**
 * Debian's Redis as a service beside the gateway, in the foreground:
 *
 *   node reference-server/services/redis.ts --port N [--data DIR] [--keep yes]
 *
 * It listens on 127.0.0.1 alone, without a password, in protected mode. It writes nothing to disk (`save ""`,
 * `appendonly no`): what it holds is gone when it stops. All else is as Redis has it by default. DIR is its working
 * folder, empty or new, and removed at the end unless it is to be kept. Started by root, it runs as `redis` or `nobody`.
 */
import { runMain } from '../errors.ts'
import { type BackEnd, runBackEnd } from './back-end.ts'
import { redis } from './programs.ts'

const flags = [
  ...['--bind', '127.0.0.1', '--protected-mode', 'yes', '--save', '', '--appendonly', 'no'],
  // A title of its own would overwrite its environment, by which one may look for what a run has left behind.
  ...['--set-proc-title', 'no'],
]

const backEnd: BackEnd = {
  name: 'redis',
  program: redis,
  options: ['port', 'data', 'keep'],
  users: ['redis', 'nobody'],
  prepare: async () => {},
  command: ({ port, data }) => ['redis-server', '--port', `${port}`, '--dir', data, ...flags],
  readyText: 'Ready to accept connections',
  stopSignal: 'SIGTERM',
  lastSignal: 'SIGKILL',
}

await runMain(() => runBackEnd(backEnd, process.argv.slice(2)))
