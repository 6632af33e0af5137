import type { Metric, MetricRegistry, TagSource } from '../../../metrics/registry.ts'
import type { TestOptions } from '../options.ts'
import type { Deadlines } from '../transport/deadlines.ts'
import type { PoolRules } from '../transport/http-pool.ts'
import type { Alarms } from '../users/alarms.ts'
import type { RateLimit } from '../users/rate-limit.ts'

/** What all users of one test in this process share. */
export interface TestContext {
  options: TestOptions
  registry: MetricRegistry
  metrics: BuiltinMetrics
  checks: CheckTally
  deadlines: Deadlines
  connections: PoolRules
  /** Option `rps`; null where requests may start as fast as they come. */
  rateLimit: RateLimit | null
  alarms: Alarms
  /** CLOCK_MONOTONIC, ms. */
  now(): number
  /** When the first scenario's time begins; 0 before. */
  startMs: number
  counts: TestCounts
  /** Is told where iterations end, if samples are written out: k6 counts bytes by iteration. */
  samples: { iterationEnded(source: TagSource): void } | null
  log(level: 'info' | 'warn' | 'error' | 'debug', message: string, source?: 'console'): void
  /** Says a thing once a test, however many users meet it. @param kind what makes two of them the same; by default the text */
  warnOnce(message: string, kind?: string): void
  /** `exec.test.abort()`: ends the test with k6's exit code for it. */
  abort(reason: string): void
  /** The script needs what this engine does not have: the test ends with k6's exit code for an exception. */
  giveUp(reason: string): void
  /** `exec.test.fail()`: the test goes on and ends with exit code 110. */
  markFailed(reason: string): void
  /** The thrown thing with the user's file and line. */
  describeError(error: unknown): string
  scriptFolder: string
  /** The script may list or copy the fields of what it is given: responses and modules must own all they show. */
  copiesObjects: boolean
}

export interface TestCounts {
  vusActive: number
  vusInitialized: number
  /** WebSocket sessions that are open now. */
  socketsOpen: number
  iterationsCompleted: number
  iterationsInterrupted: number
}

const builtinNames = [
  'http_reqs',
  'http_req_duration',
  'http_req_blocked',
  'http_req_connecting',
  'http_req_tls_handshaking',
  'http_req_sending',
  'http_req_waiting',
  'http_req_receiving',
  'http_req_failed',
  'http_req_queued',
  'http_req_intended_duration',
  'http_req_retried',
  'ws_sessions',
  'ws_connecting',
  'ws_session_duration',
  'ws_msgs_sent',
  'ws_msgs_received',
  'ws_ping',
  'iterations',
  'iteration_duration',
  'dropped_iterations',
  'interrupted_iterations',
  'group_duration',
  'checks',
  'vus',
  'vus_max',
  'data_sent',
  'data_received',
  'generator_lateness',
] as const

export type BuiltinMetrics = Record<(typeof builtinNames)[number], Metric>

export const openBuiltins = (registry: MetricRegistry): BuiltinMetrics =>
  Object.fromEntries(builtinNames.map((name) => [name, registry.builtin(name)])) as BuiltinMetrics

/** Passes and fails of each check, by its path as k6 writes it. */
export class CheckTally {
  readonly groups = new Set<string>()
  private readonly byPath = new Map<string, { name: string; passes: number; fails: number }>()

  add(group: string, name: string, passed: boolean): void {
    const path = `${group}::${name}`
    let tally = this.byPath.get(path)
    if (!tally) {
      tally = { name, passes: 0, fails: 0 }
      this.byPath.set(path, tally)
    }
    if (passed) tally.passes++
    else tally.fails++
  }

  /** A group was entered: the summary shows it, whether or not it has checks. */
  enter(path: string): void {
    this.groups.add(path)
  }

  results(): { path: string; name: string; passes: number; fails: number }[] {
    return [...this.byPath].map(([path, tally]) => ({ path, ...tally }))
  }
}
