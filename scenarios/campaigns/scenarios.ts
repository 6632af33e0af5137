import { databaseAt, postgresUrl, redisUrl } from './services.ts'
import { microScenarios } from './suites.ts'

interface ScenarioSettings {
  /** The script, where it is not named as the scenario is. */
  script?: string
  /** Added to the gateway's environment. */
  target?: Record<string, string>
  /** CPUs of the gateway's own; one unless given. */
  cores?: number
  /** The script's settings beside STUB_URL. */
  env?: Record<string, string>
  /**
   * What changes in them for a load of 1 to 3 seconds, so that a campaign of many scenarios takes some minutes. Each has
   * samples still: 370 where a p(99) counts.
   */
  quick: Record<string, string>
  /** What changes where variants are compared pair by pair: about ten seconds of measured load for the two trials of a pair. */
  pairs?: Record<string, string>
  /** What it needs beside the stubs. */
  services?: string[]
  needs?: string[]
  /** The metric that gets a verdict, where it is not the script's own. */
  primary?: string
  warmup?: boolean
}

/** A script of `scenarios/`, which is told where to ask the model stub what it saw. */
const scenario = (name: string, description: string, settings: ScenarioSettings) => {
  const { script = name, target = {}, cores = 1, env = {}, quick, pairs, services = [], needs = [], primary } = settings
  return {
    description,
    script: `scenarios/${script}.ts`,
    services: ['stubs', ...services],
    needs,
    env: { STUB_URL: 'http://127.0.0.1:{services.stubs.port}', ...env },
    target: { env: target, cores },
    quick: { env: quick },
    ...(pairs === undefined ? {} : { pairs: { env: pairs } }),
    ...(primary === undefined ? {} : { primary }),
    warmup: settings.warmup ?? true,
  }
}

const overPostgres = { services: ['postgres'], target: { DATABASE_URL: postgresUrl } }
const overRedis = { services: ['redis'], target: { REDIS_URL: redisUrl } }
const withMemory = { MEMORY_URL: 'http://127.0.0.1:{services.stubs.port}' }

/**
 * Turns with one kind of the gateway's own tools: the median of two kinds, half each, is the edge between them, from which
 * what is slower for one kind moves away unseen.
 */
const ownTools = (tool: 'blocking' | 'http', rate: number): ScenarioSettings => ({
  script: 'tool-calls',
  env: { OWN_TOOLS: tool, USERS: '0', RATE: `${rate}`, SECONDS: '8' },
  quick: { SECONDS: '1' },
  primary: 'tool_turn_duration{scenario:own} p(50)',
})

const rows: Record<string, [description: string, settings: ScenarioSettings]> = {
  turns: [
    '250 JSON turns a second for 10 s, then a closed loop for 4 s',
    { quick: { SECONDS: '1.5', CAPACITY_SECONDS: '1' }, pairs: { SECONDS: '3', CAPACITY_SECONDS: '2' } },
  ],
  'paced-turns': [
    '250 JSON turns a second for 10 s, and no closed loop after them',
    { script: 'turns', env: { CAPACITY_SECONDS: '0' }, quick: { SECONDS: '1.5' }, pairs: { SECONDS: '5' } },
  ],
  workers: [
    'the same with a target that has more than one CPU',
    {
      ...{ script: 'turns', cores: 4, needs: ['six-cores'], env: { SECONDS: '2', CAPACITY_SECONDS: '6' } },
      quick: { CAPACITY_SECONDS: '1.5' },
    },
  ],
  'long-histories': [
    '25 JSON turns a second for 8 s in sessions that have 2,000 messages behind them',
    {
      script: 'turns',
      target: { MAX_BODY_BYTES: '1000000' },
      env: { HISTORY: '2000', SESSIONS: '40', RATE: '25', SECONDS: '8', CAPACITY_SECONDS: '0' },
      quick: { SESSIONS: '10', SECONDS: '1' },
    },
  ],
  'in-flight-100': [
    '100 JSON turns in flight for 8 s, of half a second each, over PostgreSQL',
    { ...overPostgres, script: 'in-flight', env: { IN_FLIGHT: '100' }, quick: { SECONDS: '2', GATHER_SECONDS: '1' } },
  ],
  'in-flight-300': [
    '300 JSON turns in flight for 8 s, of half a second each, over PostgreSQL',
    { ...overPostgres, script: 'in-flight', env: { IN_FLIGHT: '300' }, quick: { SECONDS: '2', GATHER_SECONDS: '1' } },
  ],
  stream: [
    '200 people read event streams at once, a token every 5 ms each',
    { quick: { SESSIONS: '40', SECONDS: '1', TOKENS: '100' } },
  ],
  'few-streams': [
    '20 people read event streams at once for 8 s, a token every 5 ms each',
    {
      ...{ script: 'stream', env: { SESSIONS: '20', TOKENS: '200' } },
      ...{ quick: { SECONDS: '1', TOKENS: '100' }, pairs: { SECONDS: '5' } },
    },
  ],
  'ten-thousand-sessions': [
    '10,000 WebSocket sessions that think for 30 s between turns',
    { quick: { SESSIONS: '500', RAMP_SECONDS: '1', HOLD_SECONDS: '2.5', DOWN_SECONDS: '0.5', THINK_SECONDS: '2' } },
  ],
  burst: [
    '2,000 sessions take a turn within half a second, every 2.5 s; 256 may be in flight',
    {
      target: { MAX_TURNS_IN_FLIGHT: '256', MAX_TURNS_WAITING: '1024' },
      quick: { SESSIONS: '400', BURSTS: '1', BURST_MS: '100', PERIOD_SECONDS: '1.5' },
    },
  ],
  proxy: [
    '250 completions a second passed through as they are for 8 s',
    { env: { SECONDS: '8' }, quick: { SECONDS: '1.5' }, pairs: { SECONDS: '5' } },
  ],
  'tool-calls': [
    'turns with tools: of the client, blocking, and by HTTP',
    { quick: { USERS: '20', RATE: '20', SECONDS: '2' } },
  ],
  // A thread for each call takes 40 to 80 ms of the core: twice as many would leave nothing of it.
  'blocking-tools': ['10 turns a second for 8 s with a tool of the gateway that computes', ownTools('blocking', 10)],
  'http-tools': ['20 turns a second for 8 s with a tool of the gateway that is asked by HTTP', ownTools('http', 20)],
  'waiting-tools': [
    '100 people with tools of their own, which take half a second, for 8 s over Redis',
    {
      ...{ ...overRedis, script: 'tool-calls' },
      env: { USERS: '100', RATE: '0', SECONDS: '8', TOOL_MS: '500' },
      quick: { USERS: '20', SECONDS: '1.5' },
      // How long they take tells nothing of it: half a second is the tool's own.
      primary: 'listeners max',
    },
  ],
  interrupts: [
    '30 people who stop the model in mid-sentence, for 8 s',
    { env: { USERS: '30', SECONDS: '8' }, quick: { USERS: '20', SECONDS: '1.5' } },
  ],
  reconnects: [
    '200 WebSocket sessions whose connections break in mid-answer and come back',
    { quick: { USERS: '50', SECONDS: '2' } },
  ],
  'distinct-agents': [
    '150 turns a second that go to 1,000 agents in turn, for 10 s',
    { quick: { AGENTS: '160', SECONDS: '1.5' } },
  ],
  'slow-readers': [
    '10 clients ask for answers of 20 MB and do not read for 7 s',
    { quick: { READERS: '3', HOLD_SECONDS: '1.5' } },
  ],
  'session-reuse': [
    '25 look-ups a second for 15 s of the active sessions of 200 devices among 100,000 past ones',
    {
      services: ['postgres', 'past-sessions'],
      target: { DATABASE_URL: postgresUrl },
      // 375 of them: whether the generator was late is told by its 99th percentile, too.
      env: { DEVICES: '200', RATE: '25', SECONDS: '15' },
      quick: { DEVICES: '20', SECONDS: '1.5' },
    },
  ],
  'rate-limit': [
    'six times as many turns as the 25 a second that one app may have, to four workers with Redis',
    {
      services: ['redis'],
      target: { RATE_LIMIT_TURNS: '25', RATE_LIMIT_WINDOW_MS: '1000', WORKERS: '4', REDIS_URL: redisUrl },
      env: { LIMIT: '25' },
      quick: { WINDOWS: '2' },
    },
  ],
  soak: ['20 turns a second for ten minutes', { quick: { SECONDS: '2' } }],
  'database-failure': [
    '20 turns a second for 20 s, in which the database is gone for 8 s',
    {
      script: 'soak',
      services: ['postgres', 'line'],
      target: { DATABASE_URL: databaseAt('{services.line.database}'), EXPIRY_INTERVAL_MS: '250' },
      env: {
        ...{ SECONDS: '20', FAULT_URL: 'http://127.0.0.1:{services.line.port}' },
        ...{ FAULT_FROM: '4', FAULT_SECONDS: '8' },
      },
      quick: { SECONDS: '5.5', FAULT_FROM: '1', FAULT_SECONDS: '2', CALM_AFTER_SECONDS: '2' },
      primary: 'expiry_attempts_per_minute max',
    },
  ],
  boot: [
    'start-up with a memory service, and the first turns one after the other',
    { target: withMemory, quick: { TURNS: '2' }, warmup: false },
  ],
  'first-turn': [
    'the very first turn after a start, with a memory service, and four more',
    {
      ...{ script: 'boot', target: withMemory, env: { TURNS: '5' }, quick: { TURNS: '2' } },
      ...{ primary: 'first_turn_duration p(50)', warmup: false },
    },
  ],
}

/** Loads that take what they can get, each connection in a session of its own. */
const saturating = {
  'saturation-turn': {
    ...scenario('saturation/turn', 'JSON turns, each connection one after the other', { quick: { SECONDS: '1' } }),
    engine: 'autocannon',
  },
  'rate-turns': scenario('turns', 'JSON turns at a constant arrival rate for 5 s', {
    env: { SECONDS: '5', CAPACITY_SECONDS: '0' },
    quick: { SECONDS: '4' },
  }),
  'closed-turns': scenario('saturation/closed-turns', 'the same as a k6 script', { quick: { SECONDS: '1' } }),
}

export const scenarios = {
  ...Object.fromEntries(
    Object.entries(rows).map(([name, [description, settings]]) => [name, scenario(name, description, settings)]),
  ),
  ...microScenarios,
  ...saturating,
}
