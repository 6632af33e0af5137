/** k6's `rps`: requests of all users start at least one interval apart; what was not used is not saved up. */
export class RateLimit {
  private readonly intervalMs: number
  private nextMs = Number.NEGATIVE_INFINITY

  /** @param perS more than 0 */
  constructor(perS: number) {
    this.intervalMs = 1000 / perS
  }

  /**
   * Takes the next place.
   * @returns how long to wait for it, in ms
   */
  take(nowMs: number): number {
    const atMs = Math.max(nowMs, this.nextMs)
    this.nextMs = atMs + this.intervalMs
    return atMs - nowMs
  }
}
