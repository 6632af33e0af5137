import type { LoadProgress } from '../engine/port.ts'
import type { Run, TrialRecord } from '../record/schema.ts'
import type { StoredRun } from '../record/store.ts'
import type { PlannedTrial } from '../schedule.ts'

/** What a campaign is going to do, told before the first trial. */
export interface CampaignPlan {
  /** Of a comparison all that there may be: it ends when it has its answer. */
  trials: readonly PlannedTrial[]
  /** So many of them, from the first on, are certain: the others run only in place of what cannot be used. */
  certain: number
  /** Numbers (1-based) of trials whose record is there already, since the run is resumed. */
  done: ReadonlySet<number>
  secondsEach(trial: PlannedTrial): number
}

/** What a command hears while a campaign runs. */
export interface CampaignEvents {
  /** Nothing has started yet. Who throws here refuses the run. */
  planned(run: StoredRun, plan: CampaignPlan): Promise<void> | void
  trialStarted(trial: PlannedTrial, number: number): void
  stage(text: string): void
  progress(progress: LoadProgress): void
  trialEnded(record: TrialRecord): void
  /** A block is in; of a comparison a pair. */
  blockEnded(run: Run, block: number): Promise<void>
}
