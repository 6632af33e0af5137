/** How many connections to PostgreSQL a gateway keeps; the embedded database has none. */
export interface PoolSize {
  /** Idle ones that are kept. */
  size: number
  /** As many more when these are all at work; given back while `size` others are idle, a connection is closed. */
  overflow: number
}
