import { mulberry32 } from '../random.ts'

/** Where a series begins to be different. */
export interface ChangePoint {
  /** Index (0-based) of the first value of what is new. */
  at: number
  /** How rarely values in random order would have shown as clear a split. */
  p: number
}

export interface ChangeOptions {
  seed: number
  /** A split is taken while its p is at most this. */
  significance?: number
  permutations?: number
  /** Fewer values than this (2 or more) make no level of their own. */
  shortest?: number
}

/**
 * Where the distribution of a series changes, be it in level or in spread: E-divisive with a permutation test (Matteson and
 * James 2014, https://doi.org/10.1080/01621459.2013.849605), as it is used on histories of benchmarks (Daly and others
 * 2020, https://doi.org/10.1145/3358960.3375791). The best split of all segments is taken while it is significant. Values
 * are taken for independent but for the changes; a slow drift comes out as a stair.
 *
 * @returns change points in order of their place
 */
export function changePoints(values: readonly number[], options: ChangeOptions): ChangePoint[] {
  const { seed, significance = 0.01, permutations = 199, shortest = 3 } = options
  const random = mulberry32(seed)
  const found: ChangePoint[] = []
  for (;;) {
    const segments = segmentsBetween(values, found)
    const best = bestSplit(segments, shortest)
    if (!best) return found
    let asLarge = 1
    for (let round = 0; round < permutations; round++) {
      const shuffled = segments.map((segment) => ({ ...segment, values: shuffle(segment.values, random) }))
      if ((bestSplit(shuffled, shortest)?.size ?? 0) >= best.size) asLarge++
      // Most series end here after a few rounds, in which a long history would take minutes otherwise.
      if (asLarge / (permutations + 1) > significance) return found
    }
    found.push({ at: best.at, p: asLarge / (permutations + 1) })
    found.sort((a, b) => a.at - b.at)
  }
}

interface Segment {
  /** Index of its first value in the series. */
  start: number
  values: Float64Array
}

interface Split {
  at: number
  size: number
}

function segmentsBetween(values: readonly number[], found: readonly ChangePoint[]): Segment[] {
  const starts = [0, ...found.map(({ at }) => at)]
  return starts.map((start, index) => ({ start, values: Float64Array.from(values.slice(start, starts[index + 1])) }))
}

/** The split with the largest energy distance between what lies before and what lies after it, over all segments. */
function bestSplit(segments: readonly Segment[], shortest: number): Split | null {
  let best: Split | null = null
  for (const { start, values } of segments) {
    const split = splitOf(values, shortest)
    if (split && split.size > (best?.size ?? 0)) best = { at: start + split.at, size: split.size }
  }
  return best
}

/** What comes after a split may end before the segment does, so that a change that is undone later is seen. */
function splitOf(values: Float64Array, shortest: number): Split | null {
  const within = sumsWithin(values)
  let best: Split | null = null
  for (let index = shortest; index <= values.length - shortest; index++) {
    for (let end = index + shortest; end <= values.length; end++) {
      const size = energyDistance(index, end - index, within(0, index), within(index, end), within(0, end))
      if (size > (best?.size ?? 0)) best = { at: index, size }
    }
  }
  return best
}

/** Scaled by the numbers of values, n and m, as in the paper, from the sums of distances within both and within all. */
function energyDistance(n: number, m: number, before: number, after: number, all: number): number {
  const between = all - before - after
  const means = (2 * between) / (n * m) - before / ((n * (n - 1)) / 2) - after / ((m * (m - 1)) / 2)
  return ((n * m) / (n + m)) * means
}

/** The sum of distances between each two of the values from one index to before another, in constant time. */
function sumsWithin(values: Float64Array): (from: number, to: number) => number {
  const width = values.length + 1
  const sums = new Float64Array(width * width)
  for (let row = 1; row < width; row++) {
    let ofRow = 0
    for (let column = 1; column < width; column++) {
      ofRow += Math.abs(values[row - 1]! - values[column - 1]!)
      sums[row * width + column] = sums[(row - 1) * width + column]! + ofRow
    }
  }
  // The table is symmetric, and each distance stands in it twice.
  return (from, to) => (sums[to * width + to]! - 2 * sums[from * width + to]! + sums[from * width + from]!) / 2
}

/** Fisher and Yates. */
function shuffle(values: Float64Array, random: () => number): Float64Array {
  const result = values.slice()
  for (let index = result.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1))
    const kept = result[index]!
    result[index] = result[other]!
    result[other] = kept
  }
  return result
}
