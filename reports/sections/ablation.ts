import { type AblationOf, notesOn, type Worth } from '../../harness/compare/ablation.ts'
import { capitalised, counted, formatRatio, formatRatioInterval, noNumber } from '../format.ts'
import { type Content, type Html, html } from '../html.ts'
import { labelOf } from '../metric-words.ts'
import type { View } from '../view.ts'
import { ratioGround, ratioTicks } from './ratio-picture.ts'
import type { Section } from './section.ts'
import { linkToUnusable } from './unusable.ts'
import { waterfallOf, waterfallStep } from './waterfall.ts'

/** What it costs to undo each optimisation, the largest first; all of them at once beside the sum of the single ones. */
export const ablation: Section = {
  id: 'ablation',
  title: 'What each is worth',
  render: (view) =>
    view.ablation.length === 0
      ? null
      : html`<p class="lead">Each variant undoes one thing; its change is against <strong>${view.header.baseline}</strong>, with Student’s t interval at 95% over the blocks. The sum is <code>exp(sum of ln(variant ÷ ${view.header.baseline})) − 1</code> in each block, since factors multiply and their logarithms add: what the single changes would make one after another. What all at once is more or less than that, they do to one another, or those do that did not run under the load. In the picture each begins where those above it have led to; the bar is its interval.</p>
${view.ablation.map((each, at) => table(view, each, `waterfall-ground-${at}`))}`,
}

function table(view: View, of: AblationOf, ground: string): Html {
  const { scenario, role, metric, better, singles, together, sum, summed } = of
  const { scale, starts } = waterfallOf(of)
  const row = (name: Content, worth: Worth | null, start = 1): Html =>
    html`<tr><th scope="row">${name}</th><td class="picture-column">${worth && waterfallStep(scale, ground, start, worth)}</td>${worth ? numbers(worth) : html`<td>${noNumber}</td><td></td><td>${linkToUnusable(view, 'none usable')}</td>`}</tr>
`
  const direction = better === 'none' ? '' : `; ${better} is better`
  return html`<h3 class="sub-title">${scenario}, ${role}</h3>
<p class="small">${labelOf(of)}${direction} <code>${metric}</code></p>
<div class="scroll" role="region" tabindex="0" aria-label="${scenario}, ${role}"><table class="claim-table worth waterfall-table">
<thead><tr><th scope="col">Undone</th><th scope="col" class="picture-column"><span class="unseen">From ${view.header.baseline} step by step to the sum, on a log scale</span>${ratioTicks(scale)}${ratioGround(ground, scale, null)}</th><th scope="col" class="column">Change</th><th scope="col" class="column">95% interval</th><th scope="col" class="column">Blocks</th></tr></thead>
<tbody>
${singles.map(({ variant, worth }) => row(variant, worth, starts.get(variant)))}
</tbody>
<tbody class="totals">
${sum && row(html`the sum of ${summed.length}`, sum)}${together && row(html`${together.variant} <span class="description">all at once</span>`, together.worth)}
</tbody>
</table></div>
${notesOn(of).map((note) => html`<p class="small">${capitalised(note)}.</p>`)}`
}

const numbers = ({ estimate, lower, upper, pairs }: Worth): Html =>
  html`<td><data value="${estimate}">${formatRatio(estimate)}</data></td><td>${lower !== null && upper !== null && html`<span class="interval" data-lower="${lower}" data-upper="${upper}">${formatRatioInterval(lower, upper)}</span>`}</td><td>${counted(pairs, 'block')}</td>`
