import type { CampaignConfig } from '../config.ts'
import type { Run, RunHeader } from '../record/schema.ts'

/** What the command line decides of a campaign. */
export interface CampaignRequest {
  name: string
  /** Narrowed to what was asked for. */
  campaign: CampaignConfig
  quick: boolean
  seed: number
  /** What it was narrowed by. */
  asked: NonNullable<RunHeader['asked']>
  /** A run that was cut off, to go on with. */
  resume?: ResumableRun
}

/** A run as it was left behind. */
export interface ResumableRun extends Run {
  dir: string
}
