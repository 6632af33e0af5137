import type { Phase, TrialProfile } from '../record/schema.ts'
import type { LaunchSpec, Running } from '../target/port.ts'

/** What looks into a target while a trial measures it: one for each trial. It costs the target time, so numbers of such a trial are not those of others. */
export interface Profiler {
  /** The target as it is to be started under it. */
  wrap(spec: LaunchSpec): Promise<LaunchSpec>
  /** The measured load has begun, at CLOCK_MONOTONIC ms. */
  begin(startMs: number, phases: readonly Phase[]): void
  /**
   * The load is over and the target still there: takes from it what was seen. Never rejects; what goes wrong is in the
   * result.
   */
  end(target: Running): Promise<TrialProfile>
  /** Lets go of everything, whatever became of the trial. */
  close(): Promise<void>
}

/** Of which trial. */
export interface ProfiledTrial {
  /** 1-based, in the order in which trials run. */
  trial: number
  variant: string
  /** The folder of the run. */
  runDir: string
}

export type ProfilerFactory = (trial: ProfiledTrial) => Profiler
