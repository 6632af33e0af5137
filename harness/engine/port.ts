import type { SubMetric } from '../metrics/selector.ts'
import type { Better, DeclaredMetric, MetricKind, Unit } from '../metrics/table.ts'
import type { Threshold } from '../metrics/thresholds.ts'
import type {
  CheckResult,
  Invalidity,
  Phase,
  Scope,
  Series,
  StoredHistogram,
  ThresholdResult,
} from '../record/schema.ts'

/**
 * What an engine is: something that drives a load against a target and gives back what it measured. The harness
 * finds engines by name in `engine/table.ts`.
 */
export interface Engine {
  name: string
  /** False: it measures tasks in processes of its own, and trials of it start no target. Absent: it needs one. */
  needsTarget?: false
  /** Reads the scenario without starting any load: syntax, imports, options. Throws UserError. */
  inspect(job: LoadJob, signal: AbortSignal): Promise<ScenarioFacts>
  run(job: LoadJob, events: LoadEvents, signal: AbortSignal): Promise<LoadResult>
}

export interface LoadJob {
  /** Absolute path of the script. */
  script: string
  /** `__ENV` of the script. */
  env: Record<string, string>
  /** k6 options that win over the script's own (flags, config). */
  options: Record<string, unknown>
  /** k6 options that the script's own win over (a config file). */
  fallbackOptions?: Record<string, unknown>
  /** A load that goes before the measured one in the same generator; its samples are thrown away. */
  warmup?: { script: string; env: Record<string, string>; options: Record<string, unknown> }
  /** Tasks of a suite, for an engine that has such: one to be run, all that will be to be inspected. */
  tasks?: readonly string[]
  /** Where every sample goes: `json=FILE`, `csv=FILE`. */
  outputs?: string[]
  /** Generator processes that share the load; as many as there are cores but one unless given. */
  generators?: number
  /** CPU list for taskset, or null. */
  cpus: string | null
  /** Where what the generator process itself prints goes; only its last lines are kept without. */
  logFile?: string
  /** A script that computes for so long without a pause, and holds up all users, ends the load; 5 s unless given. */
  spinLimitMs?: number
}

/** What a script tells weir in `options.ext.weir`; k6 ignores it. */
export interface ScriptNotes {
  /** `primary`: the one metric that gets a verdict, such as `http_req_duration p(50)`. */
  primary: string | null
  /** `operation`: the counter that costs are divided by (CPU per operation); `iterations` unless given. */
  operation: string
  /** `capacity`: k6 scenarios that take all they can get, and measure nothing unless the target is busy. */
  capacity: string[]
  /**
   * `fixedConcurrency`: k6 scenarios that go as fast as so many connections let them, be the target busy or not: void only where
   * something else was busy while the target was not. Absent: none.
   */
  fixedConcurrency?: string[]
  /** `sessionsHeldIn`: the phase during which every user holds a session, for the memory of one. */
  sessionsHeldIn: string | null
  /** `phases`: named windows, `{ hold: { start: '8s', end: '22s' } }`; one for each k6 scenario unless given. */
  phases: Phase[] | null
  /**
   * `voidUnless`: what must hold at the end, after teardown(), or no number of the trial may be used; in k6's threshold
   * syntax, `{ answers_wrong: ['count==0'] }`.
   */
  voidUnless: Condition[]
  /**
   * `better`: which way the script's own metrics are good, where their type does not tell: `{ updates_per_second: 'higher' }`.
   * Times and what is named `..._failed` are better when lower, everything else that a script declares is neither.
   */
  better?: Record<string, Better>
}

/** A statement about a metric of the script or of the engine. */
export interface Condition extends SubMetric {
  /** The metric as the script wrote it: `answers_wrong{why:lost}`. */
  key: string
  threshold: Threshold
}

/** What came of a condition. */
export interface ConditionResult {
  metric: string
  /** As the script wrote it: `count==0`. */
  expression: string
  holds: boolean
  /** What was found; null where nothing was measured. */
  found: number | null
}

/** What a scenario says of itself before it runs. */
export interface ScenarioFacts {
  notes: ScriptNotes
  phases: Phase[]
  /** Of a suite: threads that do the same task at once. */
  threads?: number
  /** Users alive at once at the most: decides how many descriptors are needed. */
  maxVUs: number
  /** Seconds from start to the latest regular end, graceful stop not counted. */
  durationS: number
  /** The same of the warm-up that goes before it; absent: there is none. */
  warmupS?: number
  /** One line for each k6 scenario, for people. */
  descriptions: string[]
  /** What the summary shows of trends: the script's `summaryTrendStats`. */
  summaryTrendStats: string[]
  /** The script's `summaryTimeUnit`; empty: the one that fits each value. */
  summaryTimeUnit?: '' | 's' | 'ms' | 'us'
  /** Metrics that the script declares itself, all of them, whether or not anything will be recorded. */
  declared?: DeclaredMetric[]
  /** Why it cannot be run in slices (`LoadEvents.lead`); null: it can. Absent: the engine has no slices. */
  notInSlices?: string | null
  /** What a reader of its numbers must know of how the engine takes them. */
  remarks?: readonly string[]
  /** What the engine says of the script before it runs, such as options that have no effect. */
  warnings: string[]
  /** Hash of the script and the warm-up with all that they import, as the engine runs them. */
  digest?: string
}

export interface LoadEvents {
  /** The script was read: what it is going to do, before any of it. Who throws here refuses the load. */
  planned?(facts: ScenarioFacts): void
  /** Everything is ready (warm-up and setup are over); the load begins when this has resolved, so observers can begin. */
  ready?(phases: Phase[], generatorPids: number[]): Promise<void> | void
  /** The measured load has begun, at CLOCK_MONOTONIC ms. */
  started?(startMs: number, phases: Phase[]): void
  /** The measured load is over, by its schedule or before; teardown and the summary are still to come. */
  ended?(): void
  /**
   * Who gives this leads the load in slices: it stands still but for them, and is over when this has resolved. All times in
   * the result are then those of the load alone, as if slices had followed one another without a gap; drains are in no phase,
   * and what ended in them is among the samples.
   */
  lead?(slice: RunSlice): Promise<void>
  progress?(progress: LoadProgress): void
  /** What the script logged (from `console`), or an error of it with file and line; level as in `console`. */
  log?(level: string, message: string, source?: 'console'): void
  /** Gives what the script's handleSummary() is called with; not asked where there is none. */
  summarize?(result: LoadResult): unknown
  /** Samples for standard output, whole lines. */
  print?(text: string): void
}

/**
 * Lets users loop from `startMs` (CLOCK_MONOTONIC; 50 ms ahead, so that all generators hear of it) for `lengthMs`, whole
 * seconds. Resolves when nothing is under way any more, with that time; null: the load was stopped, and there is no next one.
 */
export type RunSlice = (startMs: number, lengthMs: number) => Promise<number | null>

export interface LoadProgress {
  elapsedS: number
  durationS: number
  vus: number
  iterations: number
  iterationsPerS: number
  failed: number
  /** What the newest second added to the series. */
  second: readonly SecondValue[]
}

/** The newest point of a series; null where that second has no value, such as a percentile of nothing. */
export interface SecondValue {
  metric: string
  stat: string
  unit: Unit
  value: number | null
}

export interface MetricResult extends Scope {
  metric: string
  kind: MetricKind
  isTime: boolean
  /** trend: samples; counter: additions; rate: all; gauge: settings. */
  count: number
  /** Sum of values; for a rate the number of yes. */
  sum: number
  /** Trends and gauges only, as is `max`; else 0. */
  min: number
  max: number
  /** Gauges only; else 0. */
  last: number
  /** Of a trend of few samples: every one of them, ascending. */
  few?: readonly number[]
  /** Seconds over which a rate per second is taken. */
  overS: number
}

export interface LoadResult {
  exitCode: number
  /** Why it ended other than by its schedule, for people. */
  endedBecause: string | null
  startMs: number
  endMs: number
  phases: Phase[]
  maxVUs: number
  metrics: MetricResult[]
  histograms: StoredHistogram[]
  /** WebSocket sessions open at the end of each phase, by name. */
  socketsAtPhaseEnd: Record<string, number>
  series: Series[]
  thresholds: ThresholdResult[]
  /** Of the script's `voidUnless`. */
  conditions: ConditionResult[]
  checks: CheckResult[]
  /** Paths of all groups that were entered, also of those without checks, in the order in which they first were. */
  groups?: string[]
  /** What setup() returned, as JSON; null where there is nothing. */
  setupJson?: string | null
  /** What the script's handleSummary() wants written, by path, stdout or stderr; null: it wants the usual text. */
  summaries?: Record<string, string | Uint8Array> | null
  /** What the engine found itself that voids numbers, beside what is judged of every load. */
  faults?: readonly Invalidity[]
  /** Null: no generator made any load. Event-loop utilisation of the generator over each phase, by name. */
  generator: {
    utilizationByPhase: Record<string, number>
    cpuMsByPhase: Record<string, number>
    gcPauseMaxMs: number
    rssPeakBytes: number
    rssIdleBytes: number
  } | null
  warnings: string[]
}
