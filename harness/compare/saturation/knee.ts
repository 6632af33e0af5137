import { type Estimate, meanWithInterval, toRatioMinusOne } from '../estimate.ts'

/** Throughput with so many connections, block by block; null: not usable, or not measured in that block. */
export interface SweepPoint {
  connections: number
  values: readonly (number | null)[]
}

/** A point of the curve. */
export interface CurvePoint extends Estimate {
  connections: number
  /** Blocks that it stands on. */
  blocks: number
}

export interface Knee {
  /** The least connections at which throughput is within a twentieth of the maximum; null where nothing is usable. */
  connections: number | null
  /** The least at which it may be, and the least at which it certainly is, by the interval; null where there is none. */
  lower: number | null
  upper: number | null
  /** Steps between it and the last one that certainly is not it, ascending, of which too little can be used to rule them out. */
  unknownBelow: number[]
  /** It lies at the last point that can be used: more connections might give more. */
  isAtEnd: boolean
  /** It does, and the step before it gave less. */
  isRising: boolean
  /** More connections than those of that point were tried, and could not be used. */
  isCutShort: boolean
}

/** Throughput from here on counts as the maximum. */
export const kneeShare = 0.95

/** The curve, with Student's t interval on the log scale over blocks; points without a usable value are left out. */
export const curveOf = (points: readonly SweepPoint[]): CurvePoint[] =>
  points.flatMap(({ connections, values }) => {
    const logs = positive(values).map(Math.log)
    if (logs.length === 0) return []
    const { estimate, lower, upper } = toRatioMinusOne(meanWithInterval(logs))
    const up = (value: number | null) => (value === null ? null : value + 1)
    return [{ connections, blocks: logs.length, estimate: estimate + 1, lower: up(lower), upper: up(upper) }]
  })

const isBacked = ({ blocks }: CurvePoint, curve: readonly CurvePoint[]): boolean =>
  blocks > 1 || curve.every((each) => each.blocks === 1)

/**
 * The point with the highest throughput; of noisy points the highest is a little too high. One that a single block is left of
 * is none where others have more.
 */
export function maximumOf(curve: readonly CurvePoint[]): CurvePoint | null {
  return curve
    .filter((each) => isBacked(each, curve))
    .reduce<CurvePoint | null>((best, each) => (best && best.estimate >= each.estimate ? best : each), null)
}

/**
 * Where more connections stop paying: the least number whose throughput is at least 95% of the maximum's, by the ratio within
 * each block (geometric mean, Student's t interval). Unlike the point of the strongest bend (Kneedle) it does not move with the
 * range that was swept, it has an interval, and it says what one wants to know: fewer connections than these cost throughput.
 */
export function kneeOf(points: readonly SweepPoint[]): Knee {
  const best = maximumOf(curveOf(points))
  if (best === null) return noKnee
  const shares = sharesOf(points, best)
  const first = (of: (share: Estimate) => number | null): number | null =>
    shares.find((share) => (of(share) ?? Number.NEGATIVE_INFINITY) >= leastLog)?.connections ?? null
  const hasInterval = shares.some(({ lower }) => lower !== null)
  const connections = first(({ estimate }) => estimate)!
  const lower = hasInterval ? first(({ upper }) => upper) : null
  const last = shares.at(-1)!.connections
  const unknownBelow = unknownUpTo(connections, lower ?? connections, points, shares)
  const isAtEnd = connections === last
  return {
    connections,
    lower: unknownBelow.length > 0 ? Math.min(unknownBelow[0]!, lower ?? connections) : lower,
    upper: hasInterval ? first((share) => share.lower) : null,
    unknownBelow,
    isAtEnd,
    isRising: isAtEnd && unknownBelow.length === 0 && shares.length > 1,
    isCutShort: points.some((point) => point.connections > last),
  }
}

const noKnee: Knee = {
  ...{ connections: null, lower: null, upper: null, unknownBelow: [] },
  ...{ isAtEnd: false, isRising: false, isCutShort: false },
}

const leastLog = Math.log(kneeShare)

interface Share extends Estimate {
  connections: number
}

/** Of the maximum, as logs, of the points that have enough blocks in common with it: two, or one where it has no more itself. */
function sharesOf(points: readonly SweepPoint[], best: CurvePoint): Share[] {
  const top = points.find(({ connections }) => connections === best.connections)!
  return points.flatMap(({ connections, values }) => {
    const ratios = values.flatMap((value, block) => logRatio(value, top.values[block]))
    return ratios.length < Math.min(2, best.blocks) ? [] : [{ connections, ...meanWithInterval(ratios) }]
  })
}

/** The steps without a share between the knee and the last one with a share below its interval. */
function unknownUpTo(knee: number, lower: number, points: readonly SweepPoint[], shares: readonly Share[]): number[] {
  const known = shares.map(({ connections }) => connections)
  const under = known.findLast((connections) => connections < lower) ?? 0
  return points
    .map(({ connections }) => connections)
    .filter((connections) => connections > under && connections < knee && !known.includes(connections))
}

const positive = (values: readonly (number | null)[]): number[] =>
  values.flatMap((value) => (value !== null && value > 0 ? [value] : []))

const logRatio = (value: number | null, top: number | null | undefined): number[] =>
  value && top && value > 0 && top > 0 ? [Math.log(value / top)] : []
