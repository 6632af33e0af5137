import { nodeFlags } from './node-flags.ts'

/** One variant of the reference gateway: a command like that of any other server. */
const gateway = (variant: string, description: string) => ({
  description,
  command: ['{node}', ...nodeFlags, 'reference-server/gateway/main.ts', '--variant', variant, '--port', '{port}'],
  env: {
    MODEL_URL: 'https://localhost:{services.stubs.tls}',
    KNOWLEDGE_URL: 'http://127.0.0.1:{services.stubs.port}',
    TLS_DIR: '{stateDir}/tls',
    DATABASE_DIR: '{trialDir}',
  },
  ready: { http: '/readyz' },
  defers: 'writes in batches, a session log and what a turn adds to the context come after the answer',
})

/** Each undoes one thing, which is said here; `legacy` undoes all of them. */
const descriptions = {
  optimized: 'every optimisation',
  polling: 'answers are polled for every 50 ms instead of delivered',
  'proxy-polling': 'forwarded answers are gathered in a cache and polled for instead of passed on as they come',
  'unbounded-admission': 'any number of turns in flight instead of a bounded number and a queue',
  'inline-context': 'the session is brought up to date before the answer leaves instead of after it',
  'per-call-client': 'a new TLS connection to the model for every call instead of a pool',
  'per-call-tool-host': 'a new connection to the host of tools for every call instead of a pool',
  'per-call-knowledge-client': 'a new connection to the knowledge base for every call instead of a pool',
  'small-db-pool': '5 + 10 connections to PostgreSQL instead of 100 + 50',
  'listener-per-call': 'a subscription for every tool call that waits instead of one for all',
  'local-rate-limit': 'every worker counts for itself instead of all together in Redis',
  'uncached-org': 'the organisation is read from the database at every model call instead of once',
  'four-workers': 'four worker threads on one port instead of one',
  'no-active-index': 'active sessions are looked for among all sessions instead of in an index of their own',
  'silent-expiry': 'failures of the background expiry are swallowed, and it tries on as often as ever',
  'pool-per-call': 'a pool of threads for every call of a tool that computes instead of one for all',
  'eager-tools': 'all tools are loaded at start-up instead of when first called',
  'unbounded-cache': 'every agent that was ever asked stays in memory instead of a hundred for an hour',
  'unbatched-writes': 'one transaction for every change, over one connection, instead of batches',
  'sync-session-log': 'the session log is written and synced on the event loop at every turn',
  'rescan-history': 'the list of to-dos is looked for in the whole conversation at every turn',
  'interrupt-polling-300': 'an interrupt is noticed at the next look, every 300 ms, instead of at once',
  'interrupt-polling-50': 'an interrupt is noticed at the next look, every 50 ms, instead of at once',
  'stream-polling': 'streamed tokens are looked for every 50 ms instead of written when they come',
  mutex: 'session state behind a mutex instead of immutable snapshots',
  channel: 'session state with an owner that is asked by message instead of immutable snapshots',
  'locked-registry': 'one lock round the whole map of sessions instead of none',
  'blocking-memory-init': 'the first turn waits for the memory service to get ready instead of going without it',
  legacy: 'none of the optimisations',
}

/** Ways that no variant of the gateway takes: single operations, to hold its own against. Each is the task of its name. */
const alone = {
  atomics: { description: 'a word in memory that threads share: an atomic load, a compare-and-swap', task: 'atomics' },
  'waiting-mutex': { description: 'such a word behind a mutex, for which threads sleep', task: 'waiting-mutex' },
  'cache-miss': { description: 'an agent that has to be made, since it is not in the cache', task: 'miss' },
}

export const variants = {
  ...Object.fromEntries(Object.entries(descriptions).map(([name, description]) => [name, gateway(name, description)])),
  ...alone,
}
