import type { ComparisonPlan, Observation, Run, RunHeader, TrialRecord } from '../../harness/record/schema.ts'
import { makeHeader, makeRecord, makeRun, observe } from './run-builder.ts'

/** Runs of comparisons for tests: `new` against `base`, CPU per operation as the gate metric unless told otherwise. */

export const cpuMetric = 'target_cpu_per_op{phase:main} value'

export const plan: ComparisonPlan = {
  variant: 'new',
  against: 'base',
  metrics: [{ scenario: 'browse', metric: cpuMetric, margins: { change: 0.01, equivalence: 0.03 } }],
  alpha: 0.003,
  looks: [12, 20],
  budgetMs: 300_000,
  mode: 'trials',
  ended: null,
}

export interface PairsWanted {
  scenarios?: string[]
  pairs?: number
  /** B/A of a pair, 1-based; a little noise is added, so that there is an interval. */
  ratio?(pair: number, scenario: string): number
  /** Pairs, from the first on, of which B may not be used. */
  late?: number
  more?(side: 'A' | 'B', pair: number): Observation[]
  planned?: Partial<ComparisonPlan>
  header?: Partial<RunHeader>
  record?(side: 'A' | 'B', pair: number): Partial<TrialRecord>
}

export function pairedRun(wanted: PairsWanted = {}): Run {
  const { scenarios = ['browse'], pairs = 12, ratio = () => 1, late = 0, planned = {}, header = {} } = wanted
  const { more = () => [], record = () => ({}) } = wanted
  const named = scenarios.map((name) => ({ name, primary: 'http_req_duration p(50)' }))
  const made = makeHeader(['base', 'new'], named, { comparison: { ...plan, ...planned }, ...header })
  const records = scenarios.flatMap((scenario) =>
    Array.from({ length: pairs }, (_, index) => index + 1).flatMap((pair) => [
      makeRecord([scenario, 'base', pair], [cpu(2), ...more('A', pair)], record('A', pair)),
      makeRecord([scenario, 'new', pair], [cpu(2 * ratio(pair, scenario) * (1 + pair / 10_000)), ...more('B', pair)], {
        ...(pair <= late ? { invalid: [{ code: 'generator-late', message: 'the generator was late' }] } : {}),
        ...record('B', pair),
      }),
    ]),
  )
  return makeRun(made, records)
}

const cpu = (value: number): Observation => observe('target_cpu_per_op value', value, { phase: 'main' })
