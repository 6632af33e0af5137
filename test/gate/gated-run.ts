import type { ComparisonPlan, GatePlan, Run, RunHeader, TrialRecord } from '../../harness/record/schema.ts'
import { makeHeader, makeRecord, makeRun, observe } from '../compare/run-builder.ts'

/** Runs of gates for tests: one scenario, `cpu` as the metric that gets a verdict. */

export const metric = 'target_cpu_per_op{phase:main} value'

const plan: ComparisonPlan = {
  variant: 'head',
  against: 'base',
  metrics: [{ scenario: 'browse', metric, margins: { change: 0.01, equivalence: 0.03 } }],
  alpha: 0.003,
  looks: [10],
  budgetMs: 300_000,
  mode: 'trials',
  ended: 'most-pairs',
}

/** Margins between which nothing is decided where base and head are alike. */
export const openMargins: Partial<ComparisonPlan> = {
  metrics: [{ scenario: 'browse', metric, margins: { change: 0.05, equivalence: 0.0001 } }],
}

export interface GatedPairs {
  /** B/A of each pair; a little noise is added, so that there is an interval. */
  ratio?: number
  pairs?: number
  /** Pairs, from the first on, whose head was late and is not valid. */
  late?: number
  /** p(95) of the head's requests, ms. */
  latencyMs?: number
  /** Share of the head's requests that fail, of 100 a trial; of the base none does. */
  failed?: number
  limits?: GatePlan['limits']
  change?: Partial<RunHeader>
  planned?: Partial<ComparisonPlan>
}

export const p95: GatePlan['limits'][number] = {
  scenario: 'browse',
  metric: 'http_req_duration',
  expression: 'p(95)<250',
}

export function gatedRun(wanted: GatedPairs = {}): Run {
  const { ratio = 1, pairs = 10, late = 0, latencyMs = 100, failed, limits = [p95], change = {}, planned = {} } = wanted
  const gate: GatePlan = { name: 'pr', limits, power: null }
  const times = {
    startedAt: '2026-11-21T03:15:02.000Z',
    finishedAt: '2026-11-21T03:20:02.500Z',
    status: 'finished',
  } as const
  const header = makeHeader(['base', 'head'], [{ name: 'browse', primary: 'iterations rate' }], {
    ...{ comparison: { ...plan, ...planned }, gate, ...times },
    ...change,
  })
  const records = Array.from({ length: pairs }, (_, index) => index + 1).flatMap((pair) => [
    makeRecord(['browse', 'base', pair], [cpu(1), latency(90), ...failures(0, failed)]),
    makeRecord(
      ['browse', 'head', pair],
      [cpu(ratio * (1 + pair / 10_000)), latency(latencyMs), ...failures(failed ?? 0, failed)],
      lateness(pair <= late),
    ),
  ])
  return makeRun(header, records)
}

const cpu = (value: number) => observe('target_cpu_per_op value', value, { phase: 'main' })
const latency = (value: number) => observe('http_req_duration p(95)', value)

/** What nobody asks for is not recorded. */
const failures = (share: number, isWanted: unknown) =>
  isWanted === undefined ? [] : [observe('http_req_failed rate', share, { n: 100 })]

const lateness = (isLate: boolean): Partial<TrialRecord> =>
  isLate ? { invalid: [{ code: 'generator-late', message: 'the generator was late' }] } : {}
