import type { ScenarioState } from '../compare/scenario-states.ts'
import type { CampaignConfig } from '../config.ts'
import type { DeclaredMetric } from '../metrics/table.ts'
import type { ProfilerFactory } from '../profile/port.ts'
import type { GateMetric, GatePlan, ProfileTool, Run, RunHeader } from '../record/schema.ts'

/** What the command line decides of a campaign. */
export interface CampaignRequest {
  name: string
  /** Narrowed to what was asked for. */
  campaign: CampaignConfig
  quick: boolean
  seed: number
  /** What it was narrowed by. */
  asked: NonNullable<RunHeader['asked']>
  /** Absent: what cannot be used is not run again. */
  lacking?: Lacking
  /** Two variants pair by pair, in place of blocks. */
  comparison?: ComparisonRequest
  /** Every target is looked into while it is measured. */
  profile?: { tool: ProfileTool; profiler: ProfilerFactory }
  /** Of a saturation: what its search tries next. */
  nextRate?: NextRate
  /** A run that was cut off, to go on with. */
  resume?: ResumableRun
}

/** Of which variants, by scenario, more trials are wanted, since too few can be used; pure. */
export type Lacking = (run: Run) => ReadonlyMap<string, ReadonlySet<string>>

/** The arrival rate that a variant is to be loaded with next; null: its search is over. Pure. */
export type NextRate = (run: Run, variant: string) => number | null

/** A run as it was left behind. */
export interface ResumableRun extends Run {
  dir: string
}

/** What is to be found out of two variants, under the scenarios of the campaign. */
export interface ComparisonRequest {
  /** Side B, as in the config. */
  variant: string
  /** Side A. */
  against: string
  budgetMs: number
  /** Valid pairs of a scenario, at the most. */
  mostPairs: number
  gate?: GatePlan
  /** What gets a verdict under a scenario. */
  metricsOf(scenario: ComparedScenario): GateMetric[]
  statistics: PairStatistics
}

/** What is known of a scenario before its first pair. */
export interface ComparedScenario {
  name: string
  primary: string
  phases: readonly string[]
  /** Metrics that its script declares. */
  declared: readonly DeclaredMetric[]
  instructionsCounted: boolean
}

/** What the statistics have to say while a comparison goes on; all of it pure. */
export interface PairStatistics {
  /**
   * Valid pairs at which is looked, ascending, the last being the most there will be.
   * @param most what the budget lets in @param alphaEach what may go wrong with one metric
   */
  planLooks(most: number, alphaEach: number): number[]
  /**
   * How the scenarios stand, by name.
   * @throws UserError where the target does not give a gate metric
   */
  statesOf(run: Run): ReadonlyMap<string, ScenarioState>
}
