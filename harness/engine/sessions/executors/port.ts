import type { IterationOutcome, VirtualUser } from '../users/vu.ts'
import type { Segment } from './segment.ts'

/** What every k6 scenario has, whatever its executor. */
export interface CommonConfig {
  name: string
  exec: string
  startTimeMs: number
  gracefulStopMs: number
  env: Record<string, string>
  tags: Record<string, string>
}

/** A scenario as far as one segment of the test runs it; all numbers are the segment's own. */
export interface ExecutorConfig extends CommonConfig {
  executor: string
  /** Users alive at once at the most; 0 where the segment has no work. */
  maxVUs: number
  /** Users to initialise before the test starts. */
  plannedVUs: number
  /** Regular length, without the graceful stop. */
  durationMs: number
  /** Arrival-rate executors start iterations by a schedule of their own; the others when the one before has ended. */
  isOpenModel: boolean
  /** Tells the index in the whole test of an iteration that was the segment's nth. */
  iterationSegment: Segment
  /** For people: `250 iterations/s for 10s (up to 500 users)`. */
  description: string
  /**
   * The same load for another time, so that a test can run it in slices; absent where a slice would not be like the whole:
   * only users that loop at their own pace begin anew as they went on.
   */
  cut?(durationMs: number): ExecutorConfig
  run(run: ScenarioRun): Promise<void>
}

export interface Executor {
  /** Options of its own, beside those that all have. */
  fields: readonly string[]
  /**
   * @param raw of the whole test
   * @throws UserError naming the option
   */
  configure(common: CommonConfig, raw: Record<string, unknown>, title: string, segment: Segment): ExecutorConfig
}

/** One running scenario, as its executor sees it. Times are ms since the scenario's start. */
export interface ScenarioRun {
  elapsedMs(): number
  /** Resolves at the offset, or at once when the test is being stopped. */
  until(offsetMs: number): Promise<void>
  /** The test is being stopped from outside: start nothing more. */
  readonly isStopping: boolean
  /** A user that has been initialised, or null when none is left. */
  acquire(): VirtualUser | null
  /** Initialises one more user; null when the scenario's limit is reached. */
  grow(): VirtualUser | null
  release(user: VirtualUser): void
  /** @param dueMs offset at which the schedule wanted it; NaN in a closed loop */
  iterate(user: VirtualUser, dueMs: number): Promise<IterationOutcome>
  /** The same for loops that must cost little: no promise; `onEnd` may be called before this returns. */
  start(user: VirtualUser, dueMs: number, onEnd: (outcome: IterationOutcome) => void): void
  /** Counts iterations that were wanted and not started; one unless told otherwise. */
  drop(count?: number): void
  warn(message: string): void
}
