import { html } from '../html.ts'
import { variantName } from './legend.ts'
import type { Section } from './section.ts'
import { canCompareTwo, compareTwoId } from './variant-choice.ts'

/** Any two variants against each other, chosen by the reader; the numbers are made in the page from the figures it carries. */
export const compareTwo: Section = {
  id: compareTwoId,
  title: 'Compare any two',
  render: (view) => {
    if (!canCompareTwo(view)) return null
    return html`<p class="lead">Choose two variants, here or by their names in the tables above. A and B are means over the blocks in which both can be used, and what is said to change are the means of these same blocks: B minus A, and B divided by A on the log scale. A scenario’s primary metric has Student’s t interval at 95% and a verdict from two blocks on; the others, which only describe, have the range of the blocks.</p>
<noscript><p>To choose here needs JavaScript.</p></noscript>
<div id="compare" hidden>
<div class="choices" role="group" aria-label="Variants to compare">${view.variants.map(
      (variant) =>
        html`<button type="button" aria-pressed="false" data-name="${variant.name}">${variantName(variant)}<span class="side"></span></button>`,
    )}</div>
<p class="raw-bar"><output id="compare-words" role="status"></output> <span><button type="button" id="compare-swap">Swap</button> <button type="button" id="compare-reset">Reset</button></span></p>
<div id="compare-result"></div>
</div>`
  },
}
