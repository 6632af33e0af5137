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
  },
  warmup: { script: 'scenarios/warm-up.ts', quick: { env: { WARM_UP_SECONDS: '1' } } },
  scenarios: {
    turns: {
      description: '250 JSON turns a second for 10 s, then a closed loop for 4 s',
      script: 'scenarios/turns.ts',
      quick: { env: { SECONDS: '2', CAPACITY_SECONDS: '1.5' } },
    },
    'ten-thousand-sessions': {
      description: '10,000 WebSocket sessions that think for 30 s between turns',
      script: 'scenarios/ten-thousand-sessions.ts',
      quick: {
        env: { SESSIONS: '500', RAMP_SECONDS: '1', HOLD_SECONDS: '2.5', DOWN_SECONDS: '0.5', THINK_SECONDS: '2' },
      },
    },
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
  },
})
