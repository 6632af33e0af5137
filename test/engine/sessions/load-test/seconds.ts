import type { PartState, Second, TestPart, TestPlan } from '../../../../harness/engine/sessions/load-test/part.ts'
import { MetricRegistry, type MetricState } from '../../../../harness/metrics/registry.ts'
import { TrendSink } from '../../../../harness/metrics/sinks.ts'

/** A second in which nothing happened, but for what is given. */
export const secondWith = (given: Partial<Second> & { index: number }): Second => ({
  isWhole: true,
  atS: given.index - 0.5,
  overS: 1,
  vusActive: 0,
  vusInitialized: 0,
  socketsOpen: 0,
  socketsOpened: 0,
  iterationsCompleted: 0,
  requestsFailed: 0,
  rates: [],
  trends: [],
  generator: { utilization: 0, loopDelayMs: 0, rssBytes: 0 },
  ...given,
})

/** A distribution as it crosses from process to process. */
export function trendOf(values: readonly number[]) {
  const sink = new TrendSink()
  for (const value of values) sink.add(value)
  return sink.state()
}

/** What a part recorded: nothing, but for what is given. */
export const stateWith = (given: Partial<PartState> = {}): PartState => ({
  exitCode: 0,
  endedBecause: null,
  endMs: 0,
  vusInitialized: 0,
  metrics: [],
  checks: [],
  groups: [],
  phases: [],
  gcPauseMaxMs: 0,
  rssPeakBytes: 0,
  rssIdleBytes: 0,
  warnings: [],
  ...given,
})

/** Metrics as a part recorded them, by what `record` does to a registry. */
export function metricsWith(record: (registry: MetricRegistry) => void): MetricState[] {
  const registry = new MetricRegistry()
  record(registry)
  return registry.all().map((metric) => metric.state())
}

export const planWith = (given: Partial<TestPlan> = {}): TestPlan => ({
  scenarios: [{ name: 'default', durationMs: 1000 }],
  thresholds: [],
  thresholdTargets: [],
  handlesSummary: false,
  notes: { primary: null, operation: 'iterations', capacity: [], sessionsHeldIn: null, phases: null, voidUnless: [] },
  phases: [{ name: 'default', startS: 0, endS: 1 }],
  maxVUs: 2,
  durationS: 1,
  descriptions: [],
  summaryTrendStats: [],
  warnings: [],
  ...given,
})

/** A part that notes what it is called for; each step is what is given, or done at once. */
export function partThat(name: string, calls: string[], given: Partial<TestPart> = {}): TestPart {
  const note = <T>(what: string, value: T): Promise<T> => {
    calls.push(`${name} ${what}`)
    return Promise.resolve(value)
  }
  return {
    initialise: () => note('initialises', undefined),
    setUp: () => note('sets up', '"data"'),
    load: (_startMs, data) => note(`loads ${data}`, undefined),
    slice: (startMs, lengthMs, data) => note(`runs a slice with ${data}`, startMs + lengthMs),
    tearDown: (data) => note(`tears down ${data}`, undefined),
    snapshot: () => Promise.resolve([]),
    finish: () => note('finishes', stateWith()),
    handleSummary: () => note('summarizes', null),
    stop: (exitCode, reason) => void calls.push(`${name} stops ${exitCode} ${reason}`),
    countUsers: (active, initialized) => void calls.push(`${name} counts ${active} of ${initialized}`),
    ...given,
  }
}
