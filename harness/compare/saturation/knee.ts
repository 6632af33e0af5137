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
  /** It lies at the last point that can be used: more connections might give more. */
  isAtEnd: boolean
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
  const curve = curveOf(points)
  const best = maximumOf(curve)
  if (best === null) return { connections: null, lower: null, upper: null, isAtEnd: false, isCutShort: false }
  const top = points.find(({ connections }) => connections === best.connections)!
  const shares = points.flatMap((point) => {
    const ofCurve = curve.find(({ connections }) => connections === point.connections)
    if (!ofCurve || !isBacked(ofCurve, curve)) return []
    const ratios = point.values.flatMap((value, block) => logRatio(value, top.values[block]))
    return ratios.length === 0 ? [] : [{ connections: point.connections, ...meanWithInterval(ratios) }]
  })
  const least = Math.log(kneeShare)
  const first = (of: (share: Estimate) => number | null): number | null =>
    shares.find((share) => (of(share) ?? Number.NEGATIVE_INFINITY) >= least)?.connections ?? null
  const hasInterval = shares.some(({ lower }) => lower !== null)
  const connections = first(({ estimate }) => estimate)
  const last = shares.at(-1)!.connections
  return {
    connections,
    lower: hasInterval ? first(({ upper }) => upper) : null,
    upper: hasInterval ? first(({ lower }) => lower) : null,
    isAtEnd: connections === last,
    isCutShort: points.some((point) => point.connections > last),
  }
}

const positive = (values: readonly (number | null)[]): number[] =>
  values.flatMap((value) => (value !== null && value > 0 ? [value] : []))

const logRatio = (value: number | null, top: number | null | undefined): number[] =>
  value && top && value > 0 && top > 0 ? [Math.log(value / top)] : []
