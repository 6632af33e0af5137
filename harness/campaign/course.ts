import type { Run, RunHeader } from '../record/schema.ts'
import type { PlannedTrial } from '../schedule.ts'

/** What decides which of the trials that there may be are run, and when it is enough. */
export interface Course {
  /** Every trial that there may be, in the order in which they would run. */
  trials: readonly PlannedTrial[]
  /** So many of them, from the first on, are run whatever happens; absent: all, unless an answer comes earlier. */
  certain?: number
  /** Whether a trial that is next in order is to run. */
  asksFor(trial: PlannedTrial): boolean
  /** What of a trial that is asked for was left open until now: the arrival rate that it tries; null, or absent: nothing. */
  settled?(trial: PlannedTrial): { rate: number } | null
  /** Hears what there is after each block, or each pair of a comparison. @returns what changes in the header by it */
  heard(run: Run): Partial<RunHeader>
  /** What the header says at the end; `isCut`: it was interrupted, or failed. */
  atEnd(isCut: boolean): Partial<RunHeader>
}
