import { type Distribution, draws } from '../distributions.ts'

/** What an oracle is told to do with every request from now on. */
export interface OraclePlan {
  seed: number
  /** From the arrival of a request to its answer, or to the first token of it. */
  delay: Distribution
  /** Nothing is released for `forMs` in each `everyMs`; the first stall begins half a period after the first arrival. */
  stall: { everyMs: number; forMs: number } | null
  /** An answer is a stream of tokens, each `gapMs` after the one before. */
  stream: { tokens: number; gapMs: number } | null
}

/** When each token of an answer is to be released; an answer that is no stream is one token. Pure but for its own draws. */
export class Planner {
  private readonly plan: OraclePlan
  private readonly drawMs: () => number
  private firstArrivalMs = Number.NaN

  constructor(plan: OraclePlan) {
    this.plan = plan
    this.drawMs = draws(plan.delay, plan.seed)
  }

  /** @param arrivedMs any clock, always the same; the times that come back are on it */
  releasesOf(arrivedMs: number): number[] {
    if (Number.isNaN(this.firstArrivalMs)) this.firstArrivalMs = arrivedMs
    const { tokens, gapMs } = this.plan.stream ?? { tokens: 1, gapMs: 0 }
    const firstMs = arrivedMs + this.drawMs()
    return Array.from({ length: tokens }, (_, index) => this.afterStall(firstMs + index * gapMs))
  }

  /** What would be released in a stall comes when that ends. */
  private afterStall(dueMs: number): number {
    if (this.plan.stall === null) return dueMs
    const { everyMs, forMs } = this.plan.stall
    const sinceStallMs = (dueMs - this.firstArrivalMs + everyMs / 2) % everyMs
    const isStalled = dueMs - this.firstArrivalMs >= everyMs / 2 && sinceStallMs < forMs
    return isStalled ? dueMs + forMs - sinceStallMs : dueMs
  }
}
