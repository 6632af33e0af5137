import { Histogram, type Slots } from './histogram.ts'

/**
 * Sinks take samples of one metric and answer what thresholds and summaries ask of it. The four kinds are k6's.
 */

export interface Stats {
  count: number
  sum: number
  /** Trends and gauges only, as is `max`; meaningless without samples. */
  min: number
  max: number
  /** Gauges only. */
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
  /** Gauges only: when the last value was set, in ms since the Unix epoch. */
  setAtMs?: number
  /** Trends with negative values only. */
  negativeSlots?: Slots
  /** Trends of few samples only: every one of them. */
  few?: readonly number[]
}

/** Values are kept in thousandths: milliseconds at microsecond resolution. */
export const trendScale = 1000

const [sumAt, minAt, maxAt] = [0, 1, 2] as const

/** So many samples are kept as they are: with few of them a thousandth decides whether a threshold holds. */
const fewest = 1000

/**
 * A distribution. About ten of them take a sample for each request, so they touch little memory: what is not a whole
 * number lies in one array, where it is never boxed, and zeros, which most stages of a request on a connection that
 * is open take, are counted before anything else.
 */
export class TrendSink implements Sink {
  private readonly positive = new Histogram()
  /** HDR holds no negative numbers; a script's own trend may: their magnitudes go here. */
  private negative: Histogram | null = null
  private readonly totals = Float64Array.of(0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY)
  private zeros = 0
  /** All samples, as long as they are few. */
  private kept: number[] | null = []
  readonly last = 0

  add(value: number): void {
    if (this.kept !== null) this.keep(value)
    if (value === 0) {
      this.zeros++
      return
    }
    const { totals } = this
    totals[sumAt]! += value
    if (value < totals[minAt]!) totals[minAt] = value
    if (value > totals[maxAt]!) totals[maxAt] = value
    if (value > 0) this.positive.record(value * trendScale + 0.5)
    else this.addNegative(value)
  }

  private keep(value: number): void {
    if (this.kept!.length < fewest) this.kept!.push(value)
    else this.kept = null
  }

  /** Every sample, in ascending order; null where there were too many to keep them. */
  get few(): readonly number[] | null {
    return this.kept === null ? null : [...this.kept].sort((a, b) => a - b)
  }

  private keepAlso(others: readonly number[] | null | undefined): void {
    const isFew = this.kept !== null && others != null && this.kept.length + others.length <= fewest
    this.kept = isFew ? [...this.kept!, ...others] : null
  }

  private addNegative(value: number): void {
    this.negative ??= new Histogram()
    this.negative.record(-value * trendScale + 0.5)
  }

  /** What was not negative, in thousandths. */
  get histogram(): Histogram {
    if (this.zeros > 0) {
      this.positive.record(0, this.zeros)
      this.extend(0, 0)
      this.zeros = 0
    }
    return this.positive
  }

  private extend(min: number, max: number): void {
    const { totals } = this
    totals[minAt] = Math.min(totals[minAt]!, min)
    totals[maxAt] = Math.max(totals[maxAt]!, max)
  }

  get count(): number {
    return this.positive.count + this.zeros + this.negatives
  }

  get sum(): number {
    return this.totals[sumAt]!
  }

  get min(): number {
    return this.zeros > 0 ? Math.min(0, this.totals[minAt]!) : this.totals[minAt]!
  }

  get max(): number {
    return this.zeros > 0 ? Math.max(0, this.totals[maxAt]!) : this.totals[maxAt]!
  }

  /** How many of the values `histogram` does not hold. */
  get negatives(): number {
    return this.negative?.count ?? 0
  }

  /** Of few samples the value itself, else the histogram's, never outside of the exact minimum and maximum. */
  percentile(percent: number): number {
    const { count, few } = this
    if (count === 0) return 0
    const rank = Math.max(1, Math.ceil((percent / 100) * count - 1e-9))
    return few?.[rank - 1] ?? this.valueInHistogram(rank)
  }

  private valueInHistogram(rank: number): number {
    const { histogram, negatives: below } = this
    const value =
      this.negative && rank <= below
        ? -this.negative.percentile((100 * (below - rank + 1)) / below)
        : histogram.percentile((100 * (rank - below)) / histogram.count)
    return Math.min(this.max, Math.max(this.min, value / trendScale))
  }

  merge(other: this): void {
    this.keepAlso(other.kept)
    this.histogram.add(other.histogram)
    if (other.negative) (this.negative ??= new Histogram()).add(other.negative)
    this.totals[sumAt]! += other.sum
    this.extend(other.min, other.max)
  }

  /** Takes away what is known to be in it. Bounds that go with it become those of the histogram. */
  remove(other: TrendSink): void {
    const [keepsMin, keepsMax] = [other.min > this.min, other.max < this.max]
    this.kept = this.without(other.few)
    this.histogram.remove(other.histogram)
    this.totals[sumAt]! -= other.sum
    if (!keepsMin) this.totals[minAt] = this.positive.percentile(0) / trendScale
    if (!keepsMax) this.totals[maxAt] = this.positive.percentile(100) / trendScale
  }

  private without(others: readonly number[] | null): number[] | null {
    if (this.kept === null || others === null) return null
    const left = [...this.kept]
    for (const value of others) left.splice(left.indexOf(value), 1)
    return left
  }

  state(): SinkState {
    const slots = this.histogram.slots()
    const { count, sum, min, max, last, few } = this
    const negativeSlots = this.negative ? { negativeSlots: this.negative.slots() } : {}
    return { count, sum, min, max, last, slots, ...negativeSlots, ...(few ? { few } : {}) }
  }

  absorb(state: SinkState): void {
    this.keepAlso(state.few)
    if (state.slots) this.histogram.addSlots(state.slots)
    if (state.negativeSlots) (this.negative ??= new Histogram()).addSlots(state.negativeSlots)
    this.totals[sumAt]! += state.sum
    this.extend(state.min, state.max)
  }
}

/** Sum of what was added. */
export class CounterSink implements Sink {
  count = 0
  sum = 0
  readonly min = 0
  readonly max = 0
  readonly last = 0

  add(value: number): void {
    this.count++
    this.sum += value
  }

  percentile(_percent: number): number {
    return 0
  }

  merge(other: this): void {
    this.absorb(other)
  }

  state(): SinkState {
    const { count, sum, min, max, last } = this
    return { count, sum, min, max, last }
  }

  absorb({ count, sum }: SinkState): void {
    this.count += count
    this.sum += sum
  }
}

/** `sum` is the number of additions that were not zero, `count` all of them. */
export class RateSink extends CounterSink {
  override add(value: number): void {
    this.count++
    if (value !== 0) this.sum++
  }
}

/** Last value set, and the extremes. */
export class GaugeSink implements Sink {
  count = 0
  sum = 0
  min = Number.POSITIVE_INFINITY
  max = Number.NEGATIVE_INFINITY
  last = 0
  /** Scenarios and processes set the same gauge: the value that was set last is the one that counts. */
  setAtMs = 0

  add(value: number): void {
    const setAtMs = performance.timeOrigin + performance.now()
    this.absorb({ count: 1, sum: value, min: value, max: value, last: value, setAtMs })
  }

  percentile(_percent: number): number {
    return 0
  }

  merge(other: this): void {
    this.absorb(other)
  }

  state(): SinkState {
    const { count, sum, min, max, last, setAtMs } = this
    return { count, sum, min, max, last, setAtMs }
  }

  absorb(other: SinkState): void {
    this.count += other.count
    this.sum += other.sum
    this.min = Math.min(this.min, other.min)
    this.max = Math.max(this.max, other.max)
    if (other.count === 0 || (other.setAtMs ?? 0) < this.setAtMs) return
    this.last = other.last
    this.setAtMs = other.setAtMs ?? 0
  }
}

export const sinkKinds = {
  trend: TrendSink,
  counter: CounterSink,
  gauge: GaugeSink,
  rate: RateSink,
} as const

export type SinkKind = keyof typeof sinkKinds
