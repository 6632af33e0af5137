import type { PairedComparison } from '../../harness/compare/paired-comparison.ts'
import { counted, formatDifference, formatRatio, formatRatioInterval, noNumber } from '../format.ts'
import { type Content, type Html, html, listed } from '../html.ts'
import { labelOf } from '../metric-words.ts'
import type { View } from '../view.ts'
import { comparedAnchor } from './anchors.ts'
import { intervalPicture, pictureDomain } from './interval-picture.ts'
import type { Section } from './section.ts'
import { linkToUnusable } from './unusable.ts'
import { verdictWords } from './verdict-words.ts'

/** Of two variants that were compared pair by pair: every gate metric with its interval, its looks and its verdict. */
export const comparison: Section = {
  id: 'comparison',
  title: 'Comparison',
  render: (view) => {
    const { paired, header } = view
    if (!paired || !header.comparison) return null
    const { alpha, looks, variant, against } = header.comparison
    return html`<p class="lead"><strong>${variant}</strong> against <strong>${against}</strong>, pair by pair. Each number is looked at when ${listed(looks)} pairs can be used, or when the budget ends, and its verdict stands from the first look that decides it. Over all numbers and looks together a change is found where there is none in ${formatShareOf(alpha)} of such comparisons at the most.</p>
${view.scenarios.map(({ name }) =>
  table(
    view,
    name,
    paired.comparisons.filter(({ scenario }) => scenario === name),
  ),
)}`
  },
}

const formatShareOf = (share: number): string => `${Number((100 * share).toPrecision(2))}%`

function table(view: View, scenario: string, comparisons: readonly PairedComparison[]): Html {
  const domain = pictureDomain(comparisons)
  return html`<h3 class="sub-title">${scenario}</h3>
<div class="scroll" role="region" tabindex="0" aria-label="${scenario}"><table class="claim-table cards">
<thead><tr><th scope="col">Metric</th><th scope="col">Change</th><th scope="col">Interval</th><th scope="col">Looks</th><th scope="col">Verdict</th></tr></thead>
<tbody>
${comparisons.map((each) => row(view, each, domain))}
</tbody>
</table></div>`
}

function row(view: View, each: PairedComparison, domain: number): Html {
  const { metric, better, estimate, difference, unit, pairs, excludedPairs, verdict } = each
  const { sign, word } = verdictWords[verdict]
  return html`<tr id="${comparedAnchor(view.paired!.comparisons.indexOf(each))}" data-metric="${metric}" data-verdict="${verdict}">
<th scope="row">${labelOf(each)}<span class="description"><code>${metric}</code></span>${better !== 'none' && html`<span class="description">${better} is better</span>`}</th>
<td data-label="Change">${estimate === null ? noNumber : html`<data class="estimate" value="${estimate}">${formatRatio(estimate)}</data>`}<span class="description">${difference && formatDifference(difference.estimate, unit)}</span></td>
<td data-label="Interval">${intervalPicture(each, domain)}${intervalOf(each)}</td>
<td data-label="Looks">${each.looks.map((look) => html`<span class="description">at ${look.pairs}: ${formatRatioInterval(look.lower, look.upper) || 'too few to tell'}</span>`)}<span class="description">${counted(pairs, 'pair')}${excludedPairs > 0 && html`, ${linkToUnusable(view, `${excludedPairs} excluded`)}`}</span></td>
<td data-label="Verdict"><span class="verdict ${verdict}"><span aria-hidden="true">${sign}</span> ${word}</span>${noteOf(each)}</td>
</tr>
`
}

const intervalOf = ({ lower, upper, confidence, signFlipP }: PairedComparison): Content =>
  lower !== null &&
  upper !== null &&
  html`<span class="interval" data-lower="${lower}" data-upper="${upper}">${formatRatioInterval(lower, upper)}</span><span class="description">${confidence !== null && `${(100 * confidence).toFixed(2)}%`}</span>${signFlipP !== null && html`<span class="description" title="How often signs that are tossed would show as much: another test of the same pairs">sign-flip p ${formatP(signFlipP)}</span>`}`

const formatP = (p: number): string => (p < 0.0001 ? 'below 0.0001' : String(Number(p.toPrecision(2))))

function noteOf({ verdict, doubt, smallestEffect }: PairedComparison): Content {
  if (verdict !== 'inconclusive') return null
  const shown =
    smallestEffect !== null &&
    html`<span class="description">these pairs could have shown a change of ${formatRatio(smallestEffect).replace('+', '')} or more</span>`
  return html`${doubt !== null && html`<span class="description">${doubt}</span>`}${shown}`
}
