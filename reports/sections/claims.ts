import { claimedInWords, intervalInWords, measuredInWords } from '../../harness/compare/claim-words.ts'
import type { ClaimResult } from '../../harness/compare/claims.ts'
import { counted, noNumber } from '../format.ts'
import { type Content, type Html, html } from '../html.ts'
import { labelOf } from '../metric-words.ts'
import type { View } from '../view.ts'
import { claimAnchor } from './anchors.ts'
import { claimVerdictWords } from './claim-words.ts'
import type { Section } from './section.ts'
import { linkToUnusable } from './unusable.ts'

/** Claimed and measured side by side, and what follows from it. */
export const claims: Section = {
  id: 'claims',
  title: 'Claims',
  render: (view) =>
    view.claims.length === 0
      ? null
      : html`<p class="lead">A ratio is the variant’s number divided by that of what it is held against. The interval is Student’s t at 95% over the pairs, of ratios on the log scale.</p>
<div class="scroll" role="region" tabindex="0" aria-label="Claims"><table class="claim-table cards">
<thead><tr><th scope="col">Claim</th><th scope="col">Where</th><th scope="col">Claimed</th><th scope="col">Measured</th><th scope="col">Verdict</th></tr></thead>
<tbody>
${view.claims.map((result, at) => row(view, result, claimAnchor(at)))}
</tbody>
</table></div>
<dl class="verdict-key">${Object.entries(claimVerdictWords).map(
          ([verdict, { look, meaning }]) =>
            html`<div><dt>${badge(verdict, look)}</dt><dd>${meaning}</dd></div>
`,
        )}</dl>`,
}

const badge = (verdict: string, look: string): Html => html`<span class="verdict ${look}">${verdict}</span>`

function row(view: View, result: ClaimResult, anchor: string): Html {
  const { claim, metricUnit, verdict, reason } = result
  const { look } = claimVerdictWords[verdict]
  return html`<tr id="${anchor}" data-claim="${claim.id}" data-verdict="${verdict}">
<th scope="row"><span class="claim-name">${claim.row === null ? '' : `${claim.row}. `}${claim.id}</span><span class="description">${claim.statement}</span>${claim.note !== null && html`<span class="description">${claim.note}</span>`}</th>
<td data-label="Where"><span class="claim-sides">${claim.variant}${!('value' in claim.claimed) && html` ÷ ${claim.against}`}</span><span class="description">${claim.scenario}: ${labelOf({ metric: claim.metric, unit: metricUnit, better: 'none' })}</span><span class="description"><code>${claim.metric}</code></span></td>
<td data-label="Claimed">${claimedInWords(result)}</td>
<td data-label="Measured">${measured(result)}<span class="description">${counted(result.pairs, 'pair')}${result.excludedPairs > 0 && html`, ${linkToUnusable(view, `${result.excludedPairs} excluded`)}`}</span></td>
<td data-label="Verdict">${badge(verdict, look)}${reason !== '' && html`<span class="description">${reason}</span>`}</td>
</tr>
`
}

function measured(result: ClaimResult): Content {
  if (result.measured === null) return noNumber
  const { estimate, lower, upper } = result.measured
  const interval =
    lower === null || upper === null
      ? html`<span class="description">one pair: no interval</span>`
      : html`<span class="interval" data-lower="${lower}" data-upper="${upper}">${intervalInWords(result)}</span>`
  return html`<data class="claim-measured" value="${estimate}">${measuredInWords(result)}</data> ${interval}`
}
