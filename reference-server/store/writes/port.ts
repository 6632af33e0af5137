/** How changes become transactions. */
export interface WritePolicy {
  /** A transaction begins when this many changes are gathered ... */
  writes: number
  /** ... or the first of them is this old. */
  ageMs: number
  /** How often a transaction that others are in the way of is tried again. */
  retries: number
  /** Connections of the embedded database that only read; 0: what reads and what writes share one. */
  readers: number
}
