import { Histogram, type Slots } from './histogram.ts'

/**
 * Sinks take samples of one metric and answer what thresholds and summaries ask of it. The four kinds are k6's.
 */

export interface Stats {
  count: number
  sum: number
  min: number
  max: number
  last: number
  /** Value at a percentile (0..100), in the metric's unit. Trends only. */
  percentile(percent: number): number
}

export interface Sink extends Stats {
  add(value: number): void
  merge(other: this): void
  /** All that it holds, as it crosses to another process. */
  state(): SinkState
  /** Adds what the sink of another process held. */
  absorb(state: SinkState): void
}

export interface SinkState {
  count: number
  sum: number
  min: number
  max: number
  last: number
  /** Trends only. */
  slots?: Slots
  /** Trends with negative values only. */
  negativeSlots?: Slots
}

/** Values are kept in thousandths: milliseconds at microsecond resolution. */
export const trendScale = 1000

class NumberSink implements Sink {
  count = 0
  sum = 0
  min = Number.POSITIVE_INFINITY
  max = Number.NEGATIVE_INFINITY
  last = 0

  add(value: number): void {
    this.count++
    this.sum += value
    if (value < this.min) this.min = value
    if (value > this.max) this.max = value
    this.last = value
  }

  percentile(_percent: number): number {
    return 0
  }

  merge(other: this): void {
    this.addTotals(other)
  }

  state(): SinkState {
    const { count, sum, min, max, last } = this
    return { count, sum, min, max, last }
  }

  absorb(state: SinkState): void {
    this.addTotals(state)
  }

  private addTotals(other: SinkState): void {
    this.count += other.count
    this.sum += other.sum
    this.min = Math.min(this.min, other.min)
    this.max = Math.max(this.max, other.max)
    if (other.count > 0) this.last = other.last
  }
}

export class TrendSink extends NumberSink {
  readonly histogram = new Histogram()
  /** HDR holds no negative numbers; a script's own trend may: their magnitudes go here. */
  private negative: Histogram | null = null

  override add(value: number): void {
    super.add(value)
    if (value >= 0) this.histogram.record(value * trendScale + 0.5)
    else (this.negative ??= new Histogram()).record(-value * trendScale + 0.5)
  }

  /** How many of the values `histogram` does not hold. */
  get negatives(): number {
    return this.negative?.count ?? 0
  }

  /** The histogram's value, never outside of the exact minimum and maximum. */
  override percentile(percent: number): number {
    if (this.count === 0) return 0
    const below = this.negatives
    const rank = Math.max(1, Math.ceil((percent / 100) * this.count - 1e-9))
    const value =
      this.negative && rank <= below
        ? -this.negative.percentile((100 * (below - rank + 1)) / below)
        : this.histogram.percentile((100 * (rank - below)) / this.histogram.count)
    return Math.min(this.max, Math.max(this.min, value / trendScale))
  }

  override merge(other: this): void {
    super.merge(other)
    this.histogram.add(other.histogram)
    if (other.negative) (this.negative ??= new Histogram()).add(other.negative)
  }

  override state(): SinkState {
    const negativeSlots = this.negative ? { negativeSlots: this.negative.slots() } : {}
    return { ...super.state(), slots: this.histogram.slots(), ...negativeSlots }
  }

  override absorb(state: SinkState): void {
    super.absorb(state)
    if (state.slots) this.histogram.addSlots(state.slots)
    if (state.negativeSlots) (this.negative ??= new Histogram()).addSlots(state.negativeSlots)
  }

  reset(): void {
    this.count = 0
    this.sum = 0
    this.min = Number.POSITIVE_INFINITY
    this.max = Number.NEGATIVE_INFINITY
    this.last = 0
    this.histogram.reset()
    this.negative = null
  }
}

/** Sum of what was added. */
export class CounterSink extends NumberSink {}
/** Last value set. */
export class GaugeSink extends NumberSink {}
/** `sum` is the number of additions that were not zero, `count` all of them. */
export class RateSink extends NumberSink {
  override add(value: number): void {
    super.add(value === 0 ? 0 : 1)
  }
}

export const sinkKinds = {
  trend: TrendSink,
  counter: CounterSink,
  gauge: GaugeSink,
  rate: RateSink,
} as const

export type SinkKind = keyof typeof sinkKinds
