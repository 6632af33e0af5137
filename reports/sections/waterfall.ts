import type { AblationOf, Worth } from '../../harness/compare/ablation.ts'
import { type RatioScale, ratioScale } from '../charts/ratio-scale.ts'
import { type Content, html } from '../html.ts'
import { dot, intervalBar, onGround, placeOf, ratioPicture } from './ratio-picture.ts'

/**
 * The waterfall of an ablation, a picture for each row: each single begins where the ones before it have led to, since ratios
 * multiply and their logarithms add up to the sum; the sum, all at once, and what does not belong into the sum begin at none.
 */
export interface Waterfall {
  scale: RatioScale
  /** By variant: the ratio that its step begins at. */
  starts: ReadonlyMap<string, number>
}

export function waterfallOf({ singles, summed, sum, together }: AblationOf): Waterfall {
  const starts = new Map<string, number>()
  let reached = 1
  for (const { variant, worth } of singles) {
    const isStep = worth !== null && sum !== null && summed.includes(variant)
    starts.set(variant, isStep ? reached : 1)
    if (isStep) reached *= 1 + worth.estimate
  }
  const steps = singles.flatMap(({ variant, worth }) => (worth ? endsOf(worth, starts.get(variant)!) : []))
  const totals = [sum, together?.worth ?? null].flatMap((worth) => (worth ? endsOf(worth, 1) : []))
  return { scale: ratioScale([...steps, ...totals]), starts }
}

/** Where a step ends, and where it may end. */
const endsOf = ({ estimate, lower, upper }: Worth, start: number): number[] =>
  [estimate, lower, upper].flatMap((each) => (each === null ? [] : [start * (1 + each)]))

/** @param start the ratio that it begins at @param ground the id of what stands behind it */
export function waterfallStep(scale: RatioScale, ground: string, start: number, worth: Worth): Content {
  const [end, lower, upper] = [worth.estimate, worth.lower, worth.upper].map((each) =>
    each === null ? null : start * (1 + each) - 1,
  ) as [number, number | null, number | null]
  const [from, to] = [start, 1 + end].map((ratio) => Number(placeOf(scale, ratio))) as [number, number]
  const step = html`<rect class="step" x="${Math.min(from, to).toFixed(1)}" width="${Math.abs(to - from).toFixed(1)}" y="7" height="10"/>`
  return ratioPicture([onGround(ground), step, intervalBar(scale, lower, upper), dot(scale, end)], 'waterfall')
}
