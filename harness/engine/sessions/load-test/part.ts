import type { MetricState } from '../../../metrics/registry.ts'
import type { SinkState } from '../../../metrics/sinks.ts'
import type { Threshold } from '../../../metrics/thresholds.ts'
import type { CheckResult } from '../../../record/schema.ts'
import type { ScenarioFacts } from '../../port.ts'
import type { RunnableCode } from '../script/load.ts'
import type { Summaries } from '../summary/handled.ts'

/**
 * A load test is shared by several generator processes: each runs one execution segment of it. This is what the
 * conductor asks of such a part, whether it lives in this process or in another, and what the part tells it.
 */
export interface TestPart {
  /** Initialises the users of this part. */
  initialise(): Promise<void>
  /** Runs the script's setup(); only one part of a test does. @returns what it gave, as JSON; null for nothing */
  setUp(): Promise<string | null>
  /** Runs this part's share of all scenarios from `startMs` (CLOCK_MONOTONIC) on, and resolves at its end. */
  load(startMs: number, setupJson: string | null): Promise<void>
  /**
   * Instead of `load`: runs this part's share of all scenarios from `startMs` on for so long, lets what is under way come to
   * its end, and resolves then, with the time. Called again for each slice; between them nothing goes on.
   */
  slice(startMs: number, lengthMs: number, setupJson: string | null): Promise<number>
  /** Runs teardown(); only the part that set up does. */
  tearDown(setupJson: string | null): Promise<void>
  /** What was recorded so far of the metrics that thresholds name. */
  snapshot(): Promise<MetricState[]>
  /** Ends the part; nothing comes from it afterwards. @returns all that it recorded */
  finish(): Promise<PartState>
  /**
   * Asks the script's handleSummary(), of one part and after the end; what it throws is logged.
   * @param data what `summaryData` made
   * @returns null: the usual text is to be shown
   */
  handleSummary(data: unknown): Promise<Summaries | null>
  /** Ends the load early; teardown and summary still come. */
  stop(exitCode: number, reason: string): void
  /** A second has passed: so many users there are in all parts together. Told to one of them, for its outputs. */
  countUsers(active: number, initialized: number): void
}

/** A part whose script, or whatever it runs, has been read. */
export interface PreparedTest extends TestPart {
  plan(): TestPlan
  /** The thrown thing with the user's file and line. */
  describeError(error: unknown): string
}

/** What a part tells while it runs. */
export interface PartEvents {
  log(level: string, message: string, source?: 'console'): void
  /** Text for the harness's standard output. */
  print?(text: string): void
  second(second: Second): void
  /** It ends early, and the test with it: a script aborted, set-up failed. */
  stopping(exitCode: number, reason: string): void
  /** The script is compiled, and nothing of it has run yet. */
  compiled?(script: RunnableCode): void
}

/** What a test is going to do, the same for all of its parts. */
export interface TestPlan extends ScenarioFacts {
  scenarios: { name: string; durationMs: number }[]
  thresholds: PlannedThreshold[]
  thresholdTargets: ThresholdTarget[]
  /** Whether the script wants to write its summary itself. */
  handlesSummary: boolean
}

/** A metric or sub-metric that `options.thresholds` names. */
export interface ThresholdTarget {
  metric: string
  tags: Record<string, string>
  /** As the script wrote it: `http_req_duration{scenario:paced}`. */
  key: string
}

export interface PlannedThreshold extends ThresholdTarget {
  threshold: Threshold
}

/** What happened in one part within one second of the load. */
export interface Second {
  /** 1 for the first. */
  index: number
  /** False for the last one, when the load ended within it. */
  isWhole: boolean
  /** Its middle, in seconds from the start of the load. */
  atS: number
  /** How long it was: less than 1 where the load ended within it. */
  overS: number
  vusActive: number
  vusInitialized: number
  socketsOpen: number
  /** WebSocket sessions since the start. */
  socketsOpened: number
  /** Since the start. */
  iterationsCompleted: number
  requestsFailed: number
  /** Growth within it, and the sum since the start. */
  rates: { metric: string; stat: string; grown: number; sum: number }[]
  trends: { metric: string; isTime: boolean; state: SinkState }[]
  generator: { utilization: number; loopDelayMs: number; rssBytes: number }
}

/** What happened in one part within one phase. */
export interface PhaseState {
  name: string
  overS: number
  /** How much each counter grew. */
  growth: Record<string, number>
  utilization: number
  cpuMs: number
  socketsOpen: number
}

/** All that a part recorded. */
export interface PartState {
  exitCode: number
  endedBecause: string | null
  endMs: number
  vusInitialized: number
  metrics: MetricState[]
  checks: CheckResult[]
  /** Paths of groups that were entered. */
  groups: string[]
  phases: PhaseState[]
  gcPauseMaxMs: number
  rssPeakBytes: number
  rssIdleBytes: number
  warnings: string[]
}
