/** How many connections to PostgreSQL a gateway keeps; the embedded database has none. */
export interface PoolSize {
  /** Idle ones that are kept. */
  size: number
  /** As many more when these are all at work; given back while `size` others are idle, a connection is closed. */
  overflow: number
}

/** What each of several workers may have, so that all of them together keep within the size; but one at least. */
export const shareOf = ({ size, overflow }: PoolSize, workers: number): PoolSize => ({
  size: Math.max(1, Math.floor(size / workers)),
  overflow: Math.floor(overflow / workers),
})
