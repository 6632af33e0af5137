import { type Content, html } from '../html.ts'

/** A verdict's interval as a picture: where it lies about "no difference", on the scale that its column shares. */

const widthPx = 180
const heightPx = 22
const insetPx = 8

/** Ratios minus one; null where there is none. */
type Interval = Record<'estimate' | 'lower' | 'upper', number | null>

/** The least that a column shows to each side, as a log-ratio: the margins must not fill the picture. */
const leastDomain = 0.04

/** How far a column's pictures reach to each side of zero, as a log-ratio. */
export const pictureDomain = (intervals: readonly Interval[]): number =>
  Math.max(
    leastDomain,
    ...intervals.flatMap(({ estimate, lower, upper }) =>
      [estimate, lower, upper].flatMap((ratio) => (ratio === null || ratio <= -1 ? [] : [Math.abs(Math.log1p(ratio))])),
    ),
  )

export function intervalPicture({ estimate, lower, upper }: Interval, domain: number): Content {
  if (estimate === null) return null
  const x = (ratio: number) => {
    // Nothing is infinitely far from something: its place is the edge.
    const share = Math.max(-1, Math.log1p(ratio) / domain)
    return (widthPx / 2 + share * (widthPx / 2 - insetPx)).toFixed(1)
  }
  const middle = heightPx / 2
  // Hundreds of them stand on a page: not a character more than is drawn.
  return html`<svg class="picture" viewBox="0 0 ${widthPx} ${heightPx}" width="${widthPx}" height="${heightPx}" aria-hidden="true"><path class="axis" d="M${insetPx} ${middle}H${widthPx - insetPx}"/><path class="zero" d="M${widthPx / 2} 2v${heightPx - 4}"/>${lower !== null && upper !== null && html`<path class="bar" d="M${x(lower)} ${middle}H${x(upper)}"/>`}<circle class="dot" cx="${x(estimate)}" cy="${middle}" r="4"/></svg>`
}
