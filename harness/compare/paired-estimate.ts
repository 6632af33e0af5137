import type { Better, Unit } from '../metrics/table.ts'
import type { Estimate } from './estimate.ts'

/** By how much one variant differs from another in a metric, over pairs of trials. */
export interface PairedEstimate {
  variant: string
  against: string
  scenario: string
  /** As a plan writes it: `target_cpu_per_op{phase:paced} value`. */
  metric: string
  /** `none` where no trial observed the metric. */
  unit: Unit
  better: Better
  /** Ratio minus one, B to A, by Hodges and Lehmann on ln(B/A); null where there was no look yet, or a pair has no ratio. */
  estimate: number | null
  /** Signed-rank bounds; null where so few pairs have none. */
  lower: number | null
  upper: number | null
  /** B - A in the unit of the metric, by the same method at the same confidence; null without any pair. */
  difference: Estimate | null
  /** Pairs that the figures stand on: of a gate metric those of the look; before its first look all that can be used. */
  pairs: number
  /** Pairs that have begun and cannot be used for this metric. */
  excludedPairs: number
}
