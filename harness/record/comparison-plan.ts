/**
 * What a comparison of two variants, and a gate around it, was told before its first pair: all that a reader needs beside the
 * records to come to the same verdicts.
 */

/** Two variants, pair by pair, until every gate metric is decided or the budget is spent. A is `against`, B is `variant`. */
export interface ComparisonPlan {
  variant: string
  against: string
  /** They get a verdict; at most three a scenario. */
  metrics: GateMetric[]
  /** Probability of a wrong "changed" over the whole procedure, all looks and both directions, split evenly over `metrics`. */
  alpha: number
  /** Valid pairs at which is looked, ascending; the last is the most there will be. */
  looks: number[]
  budgetMs: number
  /** trials: a pair is two whole trials. slices: both servers are alive, and load alternates between them. */
  mode: 'trials' | 'slices'
  /**
   * Null while it runs. interrupted: no further look is taken, only those that were reached count. unusable: pair after pair
   * was not valid, or the target does not give what is asked about.
   */
  ended: 'decided' | 'budget' | 'most-pairs' | 'unusable' | 'interrupted' | null
}

export interface GateMetric {
  scenario: string
  /** `target_cpu_per_op{phase:paced} value` */
  metric: string
  /**
   * Shares of the baseline's number. change: only a difference that is surely larger counts as a change. equivalence: one that
   * is surely smaller counts as none.
   */
  margins: { change: number; equivalence: number }
}

/** A comparison that ends in an exit code, and limits that hold whatever it is compared with. */
export interface GatePlan {
  name: string
  limits: GateLimit[]
  /** The effect (as a share) that is to be found with at least this probability; null: nothing is promised. */
  power: { effect: number; atLeast: number } | null
}

/** Held against the records of the head, the comparison's `variant`. */
export interface GateLimit {
  scenario: string
  /** A sub-metric as k6 writes it: `http_req_duration{phase:main}`. */
  metric: string
  /** A threshold as k6 writes it: `p(99)<250`. */
  expression: string
}
