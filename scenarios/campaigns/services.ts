import { nodeFlags } from './node-flags.ts'

const node = (script: string, ...options: string[]): string[] => [
  '{node}',
  ...nodeFlags,
  `reference-server/services/${script}.ts`,
  '--port',
  '{port}',
  ...options,
]

/** What stands beside the gateway: all but the stubs only where a scenario names it. */
export const services = {
  stubs: {
    command: node('main', '--tls-port', '{ports.tls}'),
    env: { TLS_DIR: '{stateDir}/tls' },
    ports: ['tls'],
    ready: { http: '/healthz' },
    lateness: '/lateness',
  },
  redis: {
    command: node('redis', '--data', '{trialDir}/redis'),
    ready: { tcp: true as const },
    optional: true,
    needs: ['redis'],
  },
  postgres: {
    command: node('postgres', '--data', '{trialDir}/postgres', '--template', '{stateDir}/postgres'),
    ready: { tcp: true as const },
    optional: true,
    needs: ['postgres'],
  },
  /** Through which a scenario reaches PostgreSQL in order to cut it off. */
  line: {
    command: node('line', '--line-port', '{ports.database}', '--to', '{services.postgres.port}'),
    ports: ['database'],
    ready: { http: '/healthz' },
    optional: true,
  },
  'past-sessions': {
    command: node(
      ...(['past-sessions', '--database-port', '{services.postgres.port}'] as const),
      ...['--sessions', '100000', '--devices', '500'],
    ),
    ready: { http: '/', timeout: '60s' },
    optional: true,
  },
}

export const needs = {
  redis: { executable: ['redis-server'], advice: 'apt-get install redis-server' },
  postgres: {
    executable: ['postgres'],
    in: ['/usr/lib/postgresql/*/bin'],
    advice: 'apt-get install postgresql',
  },
  // What is pinned leaves the others at least one: on four the gateway would have three.
  'six-cores': { cores: 6, advice: 'four for the workers, two for the load and the services' },
}

/** For `DATABASE_URL`. @param port a placeholder */
export const databaseAt = (port: string): string => `postgres://gateway@127.0.0.1:${port}/gateway`
export const postgresUrl = databaseAt('{services.postgres.port}')
export const redisUrl = 'redis://127.0.0.1:{services.redis.port}'
