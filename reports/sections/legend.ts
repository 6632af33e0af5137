import { type Html, html, raw } from '../html.ts'
import { lookOf } from '../page/client/variant-look.ts'
import type { VariantView, View } from '../view.ts'

/** The markers of Chart.js, by place in its list of the page's script, about a point in the middle of 24 by 12. */
const shapes = [
  '<circle cx="12" cy="6" r="4"/>',
  '<path d="M12 1.5 16.5 9.5h-9z"/>',
  '<path d="M8.5 2.5h7v7h-7z"/>',
  '<path d="M12 1 17 6l-5 5-5-5z"/>',
  '<path class="stroke" d="m9 3 6 6m0-6-6 6"/>',
  '<path class="stroke" d="m9 3 6 6m0-6-6 6M12 2v8M8 6h8"/>',
  '<path class="stroke" d="M12 2v8M8 6h8"/>',
  '<rect x="8.5" y="2.5" width="7" height="7" rx="2"/>',
]

/** The same line and marker as in the charts. */
function swatch(index: number): Html {
  const { colour, marker, dash } = lookOf(index)
  const line = html`<path class="stroke" d="M1 6h22"${dash.length > 0 && html` stroke-dasharray="${dash.join(' ')}"`}/>`
  return html`<svg class="swatch variant-${colour}" viewBox="0 0 24 12" aria-hidden="true">${line}${raw(shapes[marker]!)}</svg>`
}

/** A variant as it is named anywhere on the page: its line, its marker, its name. */
export const variantName = ({ name, index }: Pick<VariantView, 'name' | 'index'>): Html =>
  html`<span class="variant">${swatch(index)}${name}</span>`

/** The legend of all charts; a button each, that hides and shows the variant. */
export const legend = (view: Pick<View, 'variants'>): Html =>
  html`<div class="legend" role="group" aria-label="Variants shown in the charts">${view.variants.map(
    (variant) =>
      html`<button type="button" aria-pressed="true" data-variant="${variant.index}">${variantName(variant)}</button>`,
  )}</div>`
