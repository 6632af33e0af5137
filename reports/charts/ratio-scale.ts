import { noNumber } from '../format.ts'

/** An axis of ratios, laid out by their logarithm, so that half as much lies as far from no difference as twice as much. */
export interface RatioScale {
  /** Ratios; 1 lies between. */
  from: number
  to: number
  ticks: number[]
}

/** The least that is shown to each side: otherwise noise would fill the whole axis and look like an effect. */
const leastRatio = 1.04
const roomAtEnds = 0.04
const mostTicks = 6

/** @param ratios all that is to be drawn, bounds of intervals included */
export function ratioScale(ratios: readonly number[]): RatioScale {
  const logs = ratios.filter((ratio) => ratio > 0 && Number.isFinite(ratio)).map(Math.log)
  const [low, high] = [Math.min(-Math.log(leastRatio), ...logs), Math.max(Math.log(leastRatio), ...logs)]
  const room = (high - low) * roomAtEnds
  const [from, to] = [Math.exp(low - room), Math.exp(high + room)]
  return { from, to, ticks: ticksBetween(from, to) }
}

/** Where a ratio lies between the ends of the scale, 0 to 1. */
export const placeOn = ({ from, to }: RatioScale, ratio: number): number => Math.log(ratio / from) / Math.log(to / from)

/** `+5%`, `−50%`, `0`. */
export function formatRatioTick(ratio: number): string {
  const percent = Number(((ratio - 1) * 100).toPrecision(12))
  if (!Number.isFinite(percent)) return noNumber
  if (percent === 0) return '0'
  return `${percent > 0 ? '+' : '\u2212'}${Math.abs(percent).toLocaleString('en-US', { maximumFractionDigits: 1 })}%`
}

const evenSteps = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5]
/** Where ratios spread over more than that: these in each power of ten. */
const inDecade = [[1, 2, 5], [1, 3], [1]]

/** The finest round ticks of which no more than fit lie between the ends. */
function ticksBetween(from: number, to: number): number[] {
  const candidates = [
    ...evenSteps.map((step) => evenTicks(from, to, step)),
    ...inDecade.map((digits) => decadeTicks(from, to, digits)),
  ]
  return candidates.find((ticks) => ticks.length <= mostTicks) ?? [1]
}

function evenTicks(from: number, to: number, step: number): number[] {
  const first = Math.ceil((from - 1) / step)
  const last = Math.floor((to - 1) / step)
  // Of a wide axis the finest steps would be millions.
  if (last - first >= 2 * mostTicks) return Array<number>(2 * mostTicks).fill(1)
  return Array.from({ length: last - first + 1 }, (_, at) => Number((1 + (first + at) * step).toPrecision(12)))
}

function decadeTicks(from: number, to: number, digits: readonly number[]): number[] {
  const [first, last] = [Math.floor(Math.log10(from)), Math.ceil(Math.log10(to))]
  return Array.from({ length: last - first + 1 }, (_, at) => first + at)
    .flatMap((power) => digits.map((digit) => Number((digit * 10 ** power).toPrecision(12))))
    .filter((tick) => tick >= from && tick <= to)
}
