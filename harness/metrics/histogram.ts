import * as hdr from 'hdr-histogram-js'

/**
 * A histogram of non-negative integers with three significant digits, laid out as HdrHistogram lays it out (unit
 * magnitude 0, 2048 sub-buckets), so that the standard encoding and merging are exact. Recording is on the load
 * engine's hottest path (about ten times a request), hence the own recorder: one `clz32` and one increment. All else
 * (encoding, decoding) is the library's.
 */

const subBucketHalfCountMagnitude = 10
const subBucketMask = 2047
const initialLength = 4 * 1024
/** Values from here on (36 minutes in microseconds) leave 32-bit arithmetic. */
const int32Limit = 2 ** 31
const highestTrackable = 2 ** 46

function indexOf(value: number): number {
  if (value < int32Limit) {
    const bucket = 31 - Math.clz32(value | subBucketMask) - subBucketHalfCountMagnitude
    return (bucket << subBucketHalfCountMagnitude) + (value >>> bucket)
  }
  const bucket = Math.floor(Math.log2(value)) - subBucketHalfCountMagnitude
  return bucket * 1024 + Math.floor(value / 2 ** bucket)
}

/** The highest value that falls into the same slot. */
export function highestOf(index: number): number {
  if (index <= subBucketMask) return index
  const bucket = (index >> subBucketHalfCountMagnitude) - 1
  const sub = index - bucket * 1024
  return (sub + 1) * 2 ** bucket - 1
}

function lowestOf(index: number): number {
  if (index <= subBucketMask) return index
  const bucket = (index >> subBucketHalfCountMagnitude) - 1
  return (index - bucket * 1024) * 2 ** bucket
}

/** The used slots of a histogram and how often each was recorded. */
export interface Slots {
  indexes: Uint32Array
  times: Float64Array
}

export class Histogram {
  private counts = new Float64Array(initialLength)
  /** One past the highest used slot, so that sparse histograms merge and scan quickly. */
  private used = 0
  count = 0

  /** @param value a non-negative integer; fractions are cut off, larger than 2^46 counts as 2^46 */
  record(value: number, times = 1): void {
    this.addAt(indexOf(value > highestTrackable ? highestTrackable : value), times)
  }

  private addAt(index: number, times: number): void {
    if (index >= this.counts.length) this.grow(index)
    this.counts[index]! += times
    if (index >= this.used) this.used = index + 1
    this.count += times
  }

  private grow(index: number): void {
    let length = this.counts.length
    while (length <= index) length *= 2
    const grown = new Float64Array(length)
    grown.set(this.counts)
    this.counts = grown
  }

  add(other: Histogram): void {
    for (let index = 0; index < other.used; index++) {
      const times = other.counts[index]!
      if (times > 0) this.addAt(index, times)
    }
  }

  /** Takes away what is known to be in it. */
  remove(other: Histogram): void {
    for (let index = 0; index < other.used; index++) this.counts[index]! -= other.counts[index]!
    this.count -= other.count
  }

  /** What was recorded, by slot: crosses to another process as it is. */
  slots(): Slots {
    return toSlots(this.used, (index) => this.counts[index]!)
  }

  addSlots({ indexes, times }: Slots): void {
    for (const [at, index] of indexes.entries()) this.addAt(index, times[at]!)
  }

  /** What was recorded since `earlier`, a histogram of the same things, was taken. */
  since(earlier: Histogram): { count: number; slots: Slots } {
    const slots = toSlots(this.used, (index) => this.counts[index]! - (earlier.counts[index] ?? 0))
    return { count: this.count - earlier.count, slots }
  }

  /** The smallest recorded value (to three digits) that at least `percent` of all values do not exceed; 0 when empty. */
  percentile(percent: number): number {
    const rank = rankOf(percent, this.count)
    let seen = 0
    for (let index = 0; index < this.used; index++) {
      seen += this.counts[index]!
      if (seen >= rank) return highestOf(index)
    }
    return 0
  }

  /** The standard HdrHistogram encoding: V2, deflated, base64. */
  encode(): string {
    const standard = emptyStandard()
    for (let index = 0; index < this.used; index++) {
      const times = this.counts[index]!
      if (times > 0) standard.recordValueWithCount(lowestOf(index), times)
    }
    return hdr.encodeIntoCompressedBase64(standard)
  }
}

/** Of the value that so many percent do not exceed, among so many. */
export const rankOf = (percent: number, count: number): number => Math.max(1, Math.ceil((percent / 100) * count - 1e-9))

function toSlots(used: number, timesAt: (index: number) => number): Slots {
  const indexes: number[] = []
  for (let index = 0; index < used; index++) if (timesAt(index) > 0) indexes.push(index)
  return { indexes: Uint32Array.from(indexes), times: Float64Array.from(indexes, timesAt) }
}

const emptyStandard = (): hdr.Histogram =>
  hdr.build({
    bitBucketSize: 64,
    lowestDiscernibleValue: 1,
    highestTrackableValue: highestTrackable,
    numberOfSignificantValueDigits: 3,
    autoResize: true,
    useWebAssembly: false,
  })

/** Reads what `encode` wrote (or any HdrHistogram V2 writer). */
export const decodeHistogram = (data: string): hdr.Histogram => hdr.decodeFromCompressedBase64(data, 64)
