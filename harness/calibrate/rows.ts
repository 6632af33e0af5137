import type { OraclePlan } from './oracle/plan.ts'
import type { Truth } from './truth.ts'

/** One thing that is measured and one thing that it should agree with. */
export interface Comparison {
  /** As the table calls it. */
  what: string
  /** A trend of the script's run. */
  metric: string
  truth: Truth
  /** A comparison that has to be out of band at p99: it leaves out what it should measure. */
  isControl?: true
}

/** One load against one plan of the oracle. */
export interface Row {
  name: string
  script: 'closed-loop' | 'arrival-rate' | 'pacing-users' | 'sleeping-users' | 'chunked-stream' | 'websocket-stream'
  plan: Partial<OraclePlan> & Pick<OraclePlan, 'delay'>
  users: number
  /** Requests a second (open model). */
  rate?: number
  /** Each user asks every so many ms. */
  everyMs?: number
  /** Each user sleeps for so many ms between an answer and its next request. */
  sleepMs?: number
  /**
   * Every so many requests the script computes for so long, which holds up the generator: its own watch must say so, and
   * `http_req_intended_duration` must be right all the same.
   */
  spin?: { ms: number; every: number }
  comparisons: Comparison[]
  /** Also with --quick. */
  isQuick: boolean
}

const service: Comparison = { what: 'service', metric: 'http_req_duration', truth: 'service' }
const intended: Comparison = { what: 'intended', metric: 'http_req_intended_duration', truth: 'intended' }
/** What a tool without intended start would report. */
const omitting: Comparison = {
  what: 'intended start switched off',
  metric: 'http_req_duration',
  truth: 'intended',
  isControl: true,
}
const itl: Comparison = { what: 'ITL', metric: 'calibrate_itl', truth: 'itl' }
const stall = { everyMs: 2000, forMs: 200 }
const stream = { tokens: 10, gapMs: 8 }

/** In the order of the table. */
export const rows: readonly Row[] = [
  {
    name: 'constant 0 ms, 400/s: what the wire costs',
    script: 'arrival-rate',
    plan: { delay: { kind: 'constant', ms: 0 } },
    users: 60,
    rate: 400,
    comparisons: [service],
    isQuick: false,
  },
  {
    name: 'constant 20 ms, closed loop',
    script: 'closed-loop',
    plan: { delay: { kind: 'constant', ms: 20 } },
    users: 10,
    comparisons: [service],
    isQuick: false,
  },
  {
    name: 'uniform 5 to 50 ms, closed loop',
    script: 'closed-loop',
    plan: { delay: { kind: 'uniform', fromMs: 5, toMs: 50 } },
    users: 10,
    comparisons: [service],
    isQuick: true,
  },
  {
    name: 'bimodal 5 or 60 ms (20%), 400/s',
    script: 'arrival-rate',
    plan: { delay: { kind: 'bimodal', fastMs: 5, slowMs: 60, slowShare: 0.2 } },
    users: 60,
    rate: 400,
    comparisons: [service, intended],
    isQuick: true,
  },
  {
    name: 'Pareto from 5 ms (alpha 1.5, at most 1 s), 400/s',
    script: 'arrival-rate',
    plan: { delay: { kind: 'pareto', leastMs: 5, alpha: 1.5, mostMs: 1000 } },
    users: 100,
    rate: 400,
    comparisons: [service, intended],
    isQuick: false,
  },
  {
    name: 'constant 5 ms with stalls of 200 ms each 2 s, 400/s',
    script: 'arrival-rate',
    plan: { delay: { kind: 'constant', ms: 5 }, stall },
    users: 150,
    rate: 400,
    comparisons: [intended],
    isQuick: false,
  },
  {
    name: 'the same stalls, 4 users who would ask every 10 ms but wait for their answers',
    script: 'pacing-users',
    plan: { delay: { kind: 'constant', ms: 5 }, stall },
    users: 4,
    everyMs: 10,
    comparisons: [{ what: 'intended', metric: 'calibrate_intended', truth: 'intended' }, omitting],
    isQuick: true,
  },
  {
    name: 'constant 0 ms, 8 users who sleep 20 ms, one of them computes for 40 ms before each fifth request',
    script: 'sleeping-users',
    plan: { delay: { kind: 'constant', ms: 0 } },
    users: 8,
    sleepMs: 20,
    spin: { ms: 40, every: 5 },
    comparisons: [intended, omitting],
    isQuick: true,
  },
  {
    name: 'constant 0 ms, 150/s, and the script computes for 100 ms twice a second',
    script: 'arrival-rate',
    plan: { delay: { kind: 'constant', ms: 0 } },
    users: 100,
    rate: 150,
    spin: { ms: 100, every: 75 },
    comparisons: [intended],
    isQuick: true,
  },
  {
    name: 'HTTP streams: first token after 10 to 40 ms, 9 more each 8 ms; 120/s',
    script: 'chunked-stream',
    plan: { delay: { kind: 'uniform', fromMs: 10, toMs: 40 }, stream },
    users: 40,
    rate: 120,
    comparisons: [{ what: 'TTFT', metric: 'calibrate_ttft', truth: 'intended-ttft' }, itl],
    isQuick: false,
  },
  {
    name: 'WebSocket streams: the same, 20 users in a closed loop',
    script: 'websocket-stream',
    plan: { delay: { kind: 'uniform', fromMs: 10, toMs: 40 }, stream },
    users: 20,
    comparisons: [{ what: 'TTFT', metric: 'calibrate_ttft', truth: 'ttft' }, itl],
    isQuick: true,
  },
]
