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
  /** Fewer values than this make no level of their own. */
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
    const segments = segmentsOf(values, found)
    const best = bestSplit(segments, shortest)
    if (best === null) break
    let asClear = 1
    for (let at = 0; at < permutations; at++) {
      const shuffledSegments = segments.map(({ from, values }) => ({ from, values: shuffled(values, random) }))
      if ((bestSplit(shuffledSegments, shortest)?.statistic ?? 0) >= best.statistic) asClear++
    }
    const p = asClear / (permutations + 1)
    if (p > significance) break
    found.push({ at: best.at, p })
  }
  return found.sort((a, b) => a.at - b.at)
}

interface Segment {
  /** Index of its first value in the series. */
  from: number
  values: readonly number[]
}

function segmentsOf(values: readonly number[], found: readonly ChangePoint[]): Segment[] {
  const starts = [0, ...found.map(({ at }) => at).sort((a, b) => a - b)]
  return starts.map((from, index) => ({ from, values: values.slice(from, starts[index + 1]) }))
}

/** `at` is a place in the series. */
interface Split {
  at: number
  statistic: number
}

function bestSplit(segments: readonly Segment[], shortest: number): Split | null {
  let best: Split | null = null
  for (const { from, values } of segments) {
    const split = splitOf(values, shortest)
    if (split && (best === null || split.statistic > best.statistic)) best = { ...split, at: from + split.at }
  }
  return best
}

/**
 * The split of one segment at which left and right are furthest apart, by their energy distance times m n / (m + n).
 * Going right by one value, that value's distances leave the sum between the sides and the one of the right side.
 */
function splitOf(values: readonly number[], shortest: number): Split | null {
  let [left, between, right] = [0, 0, sumOfDistances(values)]
  let best: Split | null = null
  for (let m = 1; m <= values.length - shortest; m++) {
    const [toLeft, toRight] = distancesOf(values, m - 1)
    left += toLeft
    right -= toRight
    between += toRight - toLeft
    if (m < shortest) continue
    const n = values.length - m
    const distance = (2 * between) / (m * n) - meanWithin(left, m) - meanWithin(right, n)
    const statistic = ((m * n) / (m + n)) * distance
    if (best === null || statistic > best.statistic) best = { at: m, statistic }
  }
  return best
}

/** Of the distances inside of a side the mean. */
const meanWithin = (sum: number, size: number): number => (size < 2 ? 0 : (2 * sum) / (size * (size - 1)))

function sumOfDistances(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  // Each is above those before it and below those behind it.
  return sorted.reduce((sum, value, at) => sum + value * (2 * at - sorted.length + 1), 0)
}

/** How far one value is from those before it, and from those behind it, in sum. */
function distancesOf(values: readonly number[], at: number): [before: number, behind: number] {
  let [before, behind] = [0, 0]
  const value = values[at]!
  for (let other = 0; other < at; other++) before += Math.abs(values[other]! - value)
  for (let other = at + 1; other < values.length; other++) behind += Math.abs(values[other]! - value)
  return [before, behind]
}

/** Fisher and Yates. */
function shuffled(values: readonly number[], random: () => number): number[] {
  const result = [...values]
  for (let index = result.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1))
    ;[result[index], result[other]] = [result[other]!, result[index]!]
  }
  return result
}
