/**
 * Single operations by themselves, each in the way of every variant that has its own: what a variant stands for in each suite of
 * `scenarios/micro/`.
 */
interface SuiteSettings {
  suite: string
  description: string
  tasks: Record<string, string>
  /** Variants that are tasks and nothing else run, too. */
  alone?: string[]
  threads?: number
  env?: Record<string, string>
  services?: string[]
}

const ways = { optimized: 'snapshot', mutex: 'async-mutex', channel: 'channel' }
const alone = ['atomics', 'waiting-mutex']
/** A word holds no more of a session than its number of turns: what that costs is no rival, but a floor. */
const parts = '(by atomics and waiting-mutex no more of it than its number of turns)'
/** Threads share no objects: sessions are records in memory that they do share, or an owner is asked. */
const sharedWays = { optimized: 'record', mutex: 'locked-record', channel: 'channel' }

const onThreads = (suite: string, description: string, threads: number): [string, SuiteSettings] => [
  `micro-${suite}-${threads}-threads`,
  { suite, description: `${description}, by ${threads} threads at once`, tasks: sharedWays, alone, threads },
]

const suites: Record<string, SuiteSettings> = {
  'micro-state-read': { suite: 'state-read', description: `session state is read ${parts}`, tasks: ways, alone },
  'micro-state-write': { suite: 'state-write', description: `session state is written ${parts}`, tasks: ways, alone },
  'micro-state-read-by-key': {
    suite: 'state-read',
    description: 'a session is looked up and its state read',
    tasks: { optimized: 'snapshot by key', mutex: 'async-mutex by key', channel: 'channel' },
  },
  ...Object.fromEntries([2, 4].map((threads) => onThreads('state-read', 'session state is read', threads))),
  ...Object.fromEntries([2, 4].map((threads) => onThreads('state-write', 'session state is written', threads))),
  'micro-registry': {
    suite: 'registry',
    description: 'a session is looked up in the map of sessions',
    tasks: { optimized: 'lock-free', 'locked-registry': 'locked' },
  },
  'micro-registry-2-threads': {
    suite: 'registry',
    description: 'a session is looked up in the map of sessions that threads share, by 2 threads at once',
    tasks: { optimized: 'shared lock-free', 'locked-registry': 'shared locked' },
    threads: 2,
  },
  'micro-hand-over': {
    suite: 'hand-over',
    description: 'the outcome of a turn is handed over to who waits for it',
    tasks: { optimized: 'one-shot', polling: 'polling' },
  },
  'micro-client-setup': {
    suite: 'client-setup',
    description: 'the model server is asked over TLS whether it is there',
    tasks: { optimized: 'pooled', 'per-call-client': 'per-call' },
    services: ['stubs'],
    env: {
      MODEL_URL: 'https://localhost:{services.stubs.tls}',
      KNOWLEDGE_URL: 'http://127.0.0.1:{services.stubs.port}',
      TLS_DIR: '{stateDir}/tls',
    },
  },
  'micro-hydration': {
    suite: 'hydration',
    description: 'the list of to-dos of a session is looked up',
    tasks: { optimized: 'cached', 'rescan-history': 'scanned' },
  },
  'micro-cache': {
    suite: 'cache',
    description: 'an agent is asked for',
    tasks: { optimized: 'hit' },
    alone: ['cache-miss'],
  },
  'micro-batch-writes': {
    suite: 'batch-writes',
    description: 'fifty changes are committed that were asked for at once, and what one of them takes',
    tasks: { optimized: 'batched', 'unbatched-writes': 'single' },
    env: { DATABASE_DIR: '{trialDir}' },
  },
}

const scenarioOf = ({ suite, description, tasks, threads, env = {}, services = [] }: SuiteSettings) => ({
  description,
  engine: 'micro',
  script: `scenarios/micro/${suite}.ts`,
  tasks,
  env,
  services,
  options: threads === undefined ? {} : { threads },
  quick: { options: { seconds: 0.08, warmupSeconds: 0.05 } },
})

/** Scenarios of the engine for suites, by name. */
export const microScenarios = Object.fromEntries(
  Object.entries(suites).map(([name, settings]) => [name, scenarioOf(settings)]),
)

/** Which variants run under each. */
export const microVariants: Record<string, string[]> = Object.fromEntries(
  Object.entries(suites).map(([name, { tasks, alone: others = [] }]) => [name, [...Object.keys(tasks), ...others]]),
)
