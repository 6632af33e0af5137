import { formatRatioTick, placeOn, type RatioScale } from '../charts/ratio-scale.ts'
import { type Content, type Html, html } from '../html.ts'

/** Pictures of ratios in rows of a table: all of one table on one log scale, whose ticks stand in its head. */

const widthPx = 360
const heightPx = 24
const insetPx = 22
const middle = heightPx / 2

/** Where a ratio stands in the picture, in pixels; nothing, a ratio of 0, at its edge. */
export const placeOf = (scale: RatioScale, ratio: number): string =>
  (insetPx + (ratio > 0 ? placeOn(scale, ratio) : 0) * (widthPx - 2 * insetPx)).toFixed(1)

/** @param kind its class besides `ratios` */
export const ratioPicture = (content: Content, kind: string): Html =>
  html`<svg class="ratios ${kind}" viewBox="0 0 ${widthPx} ${heightPx}" aria-hidden="true">${content}</svg>`

/** The names of the ticks, for the head of the table. */
export const ratioTicks = (scale: RatioScale): Html =>
  ratioPicture(
    namedTicks(scale).map((tick) => html`<text x="${placeOf(scale, tick)}" y="15">${formatRatioTick(tick)}</text>`),
    'ticks',
  )

/** So wide is a letter where it is largest: on a phone. */
const letterPx = 9.5

/** Ticks whose names have room beside each other; no difference has its name, and those that are nearest to it. */
function namedTicks(scale: RatioScale): number[] {
  const named: number[] = []
  for (const tick of scale.ticks.toSorted((a, b) => Math.abs(Math.log(a)) - Math.abs(Math.log(b)))) {
    if (named.every((other) => haveRoom(scale, tick, other))) named.push(tick)
  }
  return named
}

function haveRoom(scale: RatioScale, tick: number, other: number): boolean {
  const letters = (formatRatioTick(tick).length + formatRatioTick(other).length) / 2
  return Math.abs(Number(placeOf(scale, tick)) - Number(placeOf(scale, other))) >= (letters + 1) * letterPx
}

/**
 * What stands behind each row of a table, once in its markup: ticks, no difference, and what counts as none.
 *
 * @param margin as ratio minus one: within it on both sides is "the same"; null: none is drawn
 */
export const ratioGround = (id: string, scale: RatioScale, margin: number | null): Html => {
  const band =
    margin === null
      ? null
      : [1 / (1 + margin), 1 + margin].map((ratio) => Math.min(scale.to, Math.max(scale.from, ratio)))
  return html`<svg class="ratios ground" viewBox="0 0 ${widthPx} 0" aria-hidden="true"><defs><g id="${id}">
${band && html`<rect class="ratio-margin" x="${placeOf(scale, band[0]!)}" width="${(Number(placeOf(scale, band[1]!)) - Number(placeOf(scale, band[0]!))).toFixed(1)}" y="0" height="${heightPx}"/>`}
${scale.ticks.map((tick) => html`<path class="${tick === 1 ? 'ratio-zero' : 'ratio-tick'}" d="M${placeOf(scale, tick)} 0v${heightPx}"/>`)}
</g></defs></svg>`
}

export const onGround = (id: string): Html => html`<use href="#${id}"/>`

/** The bar of an interval, from bound to bound. */
export const intervalBar = (scale: RatioScale, lower: number | null, upper: number | null): Content =>
  lower !== null &&
  upper !== null &&
  html`<path class="bar" d="M${placeOf(scale, 1 + lower)} ${middle}H${placeOf(scale, 1 + upper)}"/>`

export const dot = (scale: RatioScale, estimate: number): Html =>
  html`<circle class="dot" cx="${placeOf(scale, 1 + estimate)}" cy="${middle}" r="4"/>`
