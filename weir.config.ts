import { defineConfig } from './harness/config.ts'
import { claims } from './scenarios/campaigns/claims.ts'
import { scenarios } from './scenarios/campaigns/scenarios.ts'
import { needs, services } from './scenarios/campaigns/services.ts'
import { microScenarios, microVariants } from './scenarios/campaigns/suites.ts'
import { variants } from './scenarios/campaigns/variants.ts'

/** The variants that a JSON turn can tell from `optimized`, over the embedded database. */
const seenByTurns = [
  ...['polling', 'unbounded-admission', 'inline-context', 'per-call-client', 'per-call-knowledge-client'],
  ...['uncached-org', 'unbatched-writes', 'sync-session-log', 'mutex', 'channel', 'locked-registry'],
  // Every turn reads its to-do list, and has a timer where interrupts are polled for.
  ...['rescan-history', 'interrupt-polling-300', 'legacy'],
]

/** For each of the others, and for those that another load shows better, the scenario that was made for it. */
const madeFor = {
  proxy: ['proxy-polling'],
  burst: ['unbounded-admission'],
  'in-flight-300': ['small-db-pool'],
  'blocking-tools': ['pool-per-call'],
  'http-tools': ['per-call-tool-host'],
  'waiting-tools': ['listener-per-call'],
  'rate-limit': ['local-rate-limit'],
  'session-reuse': ['no-active-index'],
  'database-failure': ['silent-expiry'],
  boot: ['eager-tools', 'legacy'],
  // With `legacy` those that its first turn waits for, too, ...
  'first-turn': ['blocking-memory-init', 'polling', 'inline-context', 'per-call-client', 'legacy'],
  // ... and here the tools, of which it has all in memory.
  'distinct-agents': ['unbounded-cache', 'eager-tools', 'legacy'],
  'long-histories': ['rescan-history'],
  interrupts: ['interrupt-polling-300', 'interrupt-polling-50'],
  'few-streams': ['stream-polling'],
}

const ablated = [...new Set([...seenByTurns, ...Object.values(madeFor).flat()])]
/** Of two that exclude each other `legacy` has the one that was there first. */
const notInLegacy = ['legacy', 'channel', 'interrupt-polling-50']

/** The reference campaigns: what each optimisation of the gateway is worth, and what is true of what is said of it. */
export default defineConfig({
  variants,
  services,
  needs,
  warmup: { script: 'scenarios/warm-up.ts', quick: { env: { WARM_UP_SECONDS: '0.5' } } },
  scenarios,
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
      blocks: 5,
      moreBlocks: 2,
      claims,
    },
    ablation: {
      question: 'What is each optimisation of the gateway worth?',
      variants: ['optimized', ...ablated],
      baseline: 'optimized',
      scenarios: ['turns', ...Object.keys(madeFor)],
      only: { turns: seenByTurns, ...madeFor },
      blocks: 5,
      moreBlocks: 2,
      ablation: { together: 'legacy', of: ablated.filter((name) => !notInLegacy.includes(name)) },
    },
    micro: {
      question: 'What does a single operation cost, in the way of each variant that has its own?',
      variants: [...new Set(Object.values(microVariants).flat())],
      baseline: 'optimized',
      scenarios: Object.keys(microScenarios),
      only: microVariants,
      blocks: 5,
      moreBlocks: 2,
    },
    saturation: {
      question: 'How many turns a second can the gateway take, and up to which rate are they quick?',
      variants: ['optimized', 'polling', 'per-call-client', 'mutex'],
      baseline: 'optimized',
      blocks: 3,
      saturation: {
        sweep: { scenario: 'saturation-turn', connections: [1, 5, 20, 50, 100, 300, 1000] },
        rate: {
          ...{ scenario: 'rate-turns', variable: 'RATE', from: 100, to: 6400, tries: 24 },
          holds: { 'http_req_intended_duration{scenario:paced}': ['p(99)<250'], http_req_failed: ['rate<0.001'] },
        },
        crossCheck: { scenario: 'closed-turns', variable: 'USERS', connections: 100, pairs: 6 },
        quick: { connections: [5, 100], tries: 1, pairs: 1, variants: ['per-call-client'] },
      },
    },
  },
  gates: {
    pr: {
      base: 'optimized@../base',
      head: 'optimized',
      budget: '12m',
      power: { effect: 0.1, atLeast: 0.8 },
      scenarios: {
        turns: {
          limits: {
            'turn_intended_duration{scenario:paced}': ['p(95)<250'],
            'target_rss_peak{phase:paced}': ['value<400'],
            http_req_failed: ['rate<0.001'],
          },
        },
      },
    },
  },
})
