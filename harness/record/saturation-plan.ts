/** What a campaign that saturates its variants was told before its first trial. */
export interface SaturationPlan {
  sweep: {
    /** The scenario whose number of connections is set; its steps are scenarios of their own. */
    scenario: string
    /** Ascending. */
    connections: number[]
  }
  rate: RatePlan | null
  crossCheck: CrossCheckPlan | null
}

/** A search for the highest arrival rate at which all of `holds` does. */
export interface RatePlan {
  scenario: string
  /** Those that it is for: no need of theirs under it is missing. Absent, of an older weir: all of the run. */
  variants?: string[]
  /** Arrivals a second, whole numbers; nothing outside of them is tried. */
  from: number
  to: number
  /** It ends when what holds and what does not lie no farther apart, as a share. */
  precision: number
  /** Loads of one variant that can be used, at the most. */
  tries: number
  /** Those that cannot counted, too: a neighbour that voids some takes no tries from the search. */
  loads: number
  /** `{ metric: 'http_req_duration{scenario:paced}', expression: 'p(99)<250' }` */
  holds: { metric: string; expression: string }[]
}

/** The same endpoint, closed loop and connections, by two engines, pair by pair. */
export interface CrossCheckPlan {
  variant: string
  /** The step of the sweep's scenario, and the other that does the same. */
  scenarios: [sweep: string, other: string]
  connections: number
  pairs: number
  /** They agree where the interval of their difference lies within so much, as a share. */
  within: number
}

/** Of a scenario that is a step of such a campaign: which of its kind. */
export interface Step {
  kind: 'connections' | 'rate' | 'check'
  /** The scenario as the config has it. */
  of: string
  /** Connections, or arrivals a second. */
  value: number
}
