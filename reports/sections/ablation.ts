import type { AblationOf, Worth } from '../../harness/compare/ablation.ts'
import { counted, formatRatio, formatRatioInterval, noNumber } from '../format.ts'
import { type Content, type Html, html, listed } from '../html.ts'
import { labelOf } from '../metric-words.ts'
import type { View } from '../view.ts'
import type { Section } from './section.ts'
import { linkToUnusable } from './unusable.ts'

/** What it costs to undo each optimisation, the largest first; all of them at once beside the sum of the single ones. */
export const ablation: Section = {
  id: 'ablation',
  title: 'What each is worth',
  render: (view) =>
    view.ablation.length === 0
      ? null
      : html`<p class="lead">Each variant undoes one thing; its change is against <strong>${view.header.baseline}</strong>, with Student’s t interval at 95% over the blocks. The sum is <code>exp(sum of ln(variant ÷ ${view.header.baseline})) − 1</code> in each block, since factors multiply and their logarithms add: what the single changes would make one after another. What all at once is more or less than that, they do to one another.</p>
${view.ablation.map((each) => table(view, each))}`,
}

function table(view: View, each: AblationOf): Html {
  const { scenario, role, metric, better, singles, together, sum, summed, notSummed, apart } = each
  const direction = better === 'none' ? '' : `; ${better} is better`
  return html`<h3 class="sub-title">${scenario}, ${role}</h3>
<p class="small">${labelOf(each)}${direction} <code>${metric}</code></p>
<div class="scroll" role="region" tabindex="0" aria-label="${scenario}, ${role}"><table class="claim-table worth">
<thead><tr><th scope="col">Undone</th><th scope="col" class="column">Change</th><th scope="col" class="column">95% interval</th><th scope="col" class="column">Blocks</th></tr></thead>
<tbody>
${singles.map(({ variant, worth }) => row(view, variant, worth))}
</tbody>
<tbody class="totals">
${sum && row(view, html`the sum of ${summed.length}`, sum)}${together && row(view, html`${together.variant} <span class="description">all at once</span>`, together.worth)}
</tbody>
</table></div>
${sum && apart.length > 0 && html`<p class="small">Not part of the sum: ${listed(apart)}.</p>`}${notSummed.length > 0 && html`<p class="small">Without a usable pair, and so missing in the sum: ${listed(notSummed)}.</p>`}`
}

const row = (view: View, name: Content, worth: Worth | null): Html =>
  html`<tr><th scope="row">${name}</th>${worth ? numbers(worth) : html`<td>${noNumber}</td><td></td><td>${linkToUnusable(view, 'none usable')}</td>`}</tr>
`

const numbers = ({ estimate, lower, upper, pairs }: Worth): Html =>
  html`<td><data value="${estimate}">${formatRatio(estimate)}</data></td><td>${lower !== null && upper !== null && html`<span class="interval" data-lower="${lower}" data-upper="${upper}">${formatRatioInterval(lower, upper)}</span>`}</td><td>${counted(pairs, 'block')}</td>`
