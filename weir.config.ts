import { defineConfig } from './harness/config.ts'

const stateDir = '{stateDir}/tls'

/** One variant of the reference gateway: a command like that of any other server. */
const gateway = (variant: string, description: string) => ({
  description,
  command: ['{node}', 'reference-server/gateway/main.ts', '--variant', variant, '--port', '{port}'],
  env: {
    MODEL_URL: 'https://localhost:{services.stubs.tls}',
    KNOWLEDGE_URL: 'http://127.0.0.1:{services.stubs.port}',
    TLS_DIR: stateDir,
    DATABASE_DIR: '{trialDir}',
  },
  ready: { http: '/readyz' },
})

interface ScenarioSettings {
  /** Added to the gateway's environment. */
  target?: Record<string, string>
  /** The script's settings for a load of 2 to 3 seconds. */
  quick: Record<string, string>
  /** The script's settings beside STUB_URL. */
  env?: Record<string, string>
  /** What it needs beside the stubs. */
  services?: string[]
  warmup?: boolean
}

/** A script of `scenarios/`, which is told where to ask the model stub what it saw. */
const scenario = (name: string, description: string, settings: ScenarioSettings) => {
  const { target = {}, quick, env = {}, services = [], warmup = true } = settings
  return {
    description,
    script: `scenarios/${name}.ts`,
    services: ['stubs', ...services],
    env: { STUB_URL: 'http://127.0.0.1:{services.stubs.port}', ...env },
    target: { env: target },
    quick: { env: quick },
    warmup,
  }
}

const database = (port: string): string => `postgres://gateway@127.0.0.1:${port}/gateway`

/** The reference campaign: what each optimisation of the gateway is worth. */
export default defineConfig({
  variants: {
    optimized: gateway('optimized', 'every optimisation'),
    polling: gateway('polling', 'answers are polled for every 50 ms instead of delivered'),
    'per-call-client': gateway('per-call-client', 'a new TLS connection to the model for every call instead of a pool'),
    mutex: gateway('mutex', 'session state behind a mutex instead of immutable snapshots'),
  },
  services: {
    stubs: {
      command: ['{node}', 'reference-server/services/main.ts', '--port', '{port}', '--tls-port', '{ports.tls}'],
      env: { TLS_DIR: stateDir },
      ports: ['tls'],
      ready: { http: '/healthz' },
      lateness: '/lateness',
    },
    postgres: {
      command: [
        ...['{node}', 'reference-server/services/postgres.ts', '--port', '{port}'],
        ...['--data', '{trialDir}/postgres', '--template', '{stateDir}/postgres'],
      ],
      ready: { tcp: true },
      optional: true,
      needs: ['postgres'],
    },
    line: {
      command: [
        ...['{node}', 'reference-server/services/line.ts', '--port', '{port}', '--line-port', '{ports.database}'],
        ...['--to', '{services.postgres.port}'],
      ],
      ports: ['database'],
      ready: { http: '/healthz' },
      optional: true,
    },
  },
  needs: {
    postgres: {
      executable: ['postgres'],
      in: ['/usr/lib/postgresql/*/bin'],
      advice: 'apt-get install postgresql',
    },
  },
  warmup: { script: 'scenarios/warm-up.ts', quick: { env: { WARM_UP_SECONDS: '1' } } },
  scenarios: {
    turns: scenario('turns', '250 JSON turns a second for 10 s, then a closed loop for 4 s', {
      quick: { SECONDS: '2', CAPACITY_SECONDS: '1.5' },
    }),
    stream: scenario('stream', '200 people read event streams at once, a token every 5 ms each', {
      quick: { SESSIONS: '40', SECONDS: '1', TOKENS: '100' },
    }),
    'ten-thousand-sessions': scenario(
      'ten-thousand-sessions',
      '10,000 WebSocket sessions that think for 30 s between turns',
      { quick: { SESSIONS: '500', RAMP_SECONDS: '1', HOLD_SECONDS: '2.5', DOWN_SECONDS: '0.5', THINK_SECONDS: '2' } },
    ),
    burst: scenario('burst', '2,000 sessions take a turn in the same moment, every 2.5 s; 256 may be in flight', {
      target: { MAX_TURNS_IN_FLIGHT: '256', MAX_TURNS_WAITING: '1024' },
      quick: { BURSTS: '1' },
    }),
    proxy: scenario('proxy', '250 completions a second passed through as they are', { quick: { SECONDS: '2' } }),
    'tool-calls': scenario('tool-calls', 'turns with tools: of the client, blocking, and by HTTP', {
      quick: { USERS: '20', RATE: '20', SECONDS: '2' },
    }),
    interrupts: scenario('interrupts', '60 people who stop the model in mid-sentence', {
      quick: { USERS: '20', SECONDS: '2' },
    }),
    reconnects: scenario('reconnects', '200 WebSocket sessions whose connections break in mid-answer and come back', {
      quick: { USERS: '50', SECONDS: '2' },
    }),
    'distinct-agents': scenario('distinct-agents', '150 turns a second that go to 1,000 agents in turn', {
      quick: { AGENTS: '200', SECONDS: '2' },
    }),
    'slow-readers': scenario('slow-readers', '20 clients ask for answers of 10 MB and do not read for 7 s', {
      quick: { READERS: '5', HOLD_SECONDS: '1.5' },
    }),
    'session-reuse': scenario('session-reuse', '200 look-ups a second of the active sessions of 500 devices', {
      services: ['postgres'],
      target: { DATABASE_URL: database('{services.postgres.port}') },
      quick: { DEVICES: '50', SECONDS: '2' },
    }),
    'rate-limit': scenario('rate-limit', 'six times as many turns as the 50 a second that one app may have', {
      target: { RATE_LIMIT_TURNS: '50', RATE_LIMIT_WINDOW_MS: '1000', WORKERS: '4' },
      quick: { WINDOWS: '2' },
      warmup: false,
    }),
    soak: scenario('soak', '20 turns a second for ten minutes', { quick: { SECONDS: '2' } }),
    'database-failure': scenario('soak', '20 turns a second for 45 s, in which the database is gone for 15 s', {
      services: ['postgres', 'line'],
      target: { DATABASE_URL: database('{services.line.database}'), EXPIRY_INTERVAL_MS: '1000' },
      env: { SECONDS: '45', FAULT_URL: 'http://127.0.0.1:{services.line.port}' },
      quick: { SECONDS: '12', FAULT_FROM: '2', FAULT_SECONDS: '2' },
    }),
    boot: scenario('boot', 'start-up, and the first turns one after the other', { quick: {}, warmup: false }),
  },
  campaigns: {
    main: {
      question:
        'What are direct delivery, pooled upstream clients and lock-free session state worth to a gateway for AI sessions?',
      variants: ['optimized', 'polling', 'per-call-client', 'mutex'],
      baseline: 'optimized',
      scenarios: ['turns', 'ten-thousand-sessions'],
      blocks: 3,
    },
    claims: {
      question: 'Which of the claims made for these optimisations hold in Node?',
      baseline: 'optimized',
      blocks: 4,
      claims: [
        {
          id: 'one-shot-delivery',
          row: 1,
          statement: 'Delivering an answer through a one-shot channel "eliminated polling delays" (S1)',
          scenario: 'turns',
          variant: 'polling',
          metric: 'turn_intended_duration{scenario:paced} p(50)',
          claimed: { ratio: { above: 1 } },
        },
        {
          id: 'pooled-client-cpu',
          row: 5,
          statement: 'A pooled upstream client saves a TLS handshake a call (S2, S3)',
          scenario: 'turns',
          variant: 'per-call-client',
          metric: 'target_cpu_per_op{phase:paced} value',
          claimed: { ratio: { above: 1 } },
        },
        {
          id: 'pooled-client-capacity',
          row: 5,
          statement: 'A pooled upstream client saves a TLS handshake a call (S2, S3)',
          scenario: 'turns',
          variant: 'per-call-client',
          metric: 'throughput{phase:capacity} value',
          claimed: { ratio: { below: 1 } },
        },
        {
          id: 'lock-free-capacity',
          row: 25,
          statement: 'Session state without locks is faster than behind a mutex (S4)',
          scenario: 'turns',
          variant: 'mutex',
          metric: 'throughput{phase:capacity} value',
          claimed: { ratio: { below: 1 } },
          note: 'S4 claims 30 to 300 times for a read by itself; this is what is left of it in a whole turn.',
        },
      ],
    },
    ablation: {
      question: 'What is each optimisation of the gateway worth?',
      variants: ['optimized', 'polling', 'per-call-client', 'mutex'],
      baseline: 'optimized',
      scenarios: ['turns'],
      blocks: 4,
      ablation: {},
    },
  },
})
