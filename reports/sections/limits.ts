import type { LimitResult } from '../../harness/gate/limits.ts'
import { overTrialsInWords } from '../../harness/gate/over-trials.ts'
import { counted, formatRange, formatValue, noNumber } from '../format.ts'
import { type Content, type Html, html } from '../html.ts'
import type { Section } from './section.ts'

/** What a gate asks of the head alone, whatever it is compared with: each limit beside what was measured. */
export const limits: Section = {
  id: 'limits',
  title: 'Limits',
  render: ({ limits, header }) =>
    limits.length === 0
      ? null
      : html`<p class="lead">Held against the trials of <strong>${header.comparison?.variant}</strong> alone. Of several trials times have their median, shares are those of all requests together, and counts of failures are those of the worst trial. A limit has no interval: it is crossed or it holds.</p>
<div class="scroll" role="region" tabindex="0" aria-label="Limits"><table class="claim-table">
<thead><tr><th scope="col">Limit</th><th scope="col">Measured</th><th scope="col">Trials</th><th scope="col">Outcome</th></tr></thead>
<tbody>
${limits.map(row)}
</tbody>
</table></div>`,
}

/** How an outcome is shown: never by colour alone. */
export const limitWords: Record<LimitResult['outcome'], { sign: string; look: string }> = {
  held: { sign: '✓', look: 'improved' },
  crossed: { sign: '✕', look: 'regressed' },
  'not measured': { sign: '–', look: 'none' },
}

function row({ scenario, metric, expression, outcome, reason, ...of }: LimitResult): Html {
  const { sign, look } = limitWords[outcome]
  return html`<tr data-limit="${metric} ${expression}" data-outcome="${outcome}">
<th scope="row"><code>${metric} ${expression}</code><span class="description">${scenario}</span></th>
<td>${measured(of)}</td>
<td>${counted(of.trials, 'trial')}${of.excludedTrials > 0 && html`<span class="description">${of.excludedTrials} excluded</span>`}</td>
<td><span class="verdict ${look}"><span aria-hidden="true">${sign}</span> ${outcome}</span>${reason !== '' && html`<span class="description">${reason}</span>`}</td>
</tr>
`
}

function measured({
  value,
  lowest,
  highest,
  unit,
  over,
  trials,
}: Pick<LimitResult, 'value' | 'lowest' | 'highest' | 'unit' | 'over' | 'trials'>): Content {
  if (value === null || lowest === null || highest === null) return noNumber
  const range =
    trials > 1 &&
    html`<span class="description">${overTrialsInWords[over]} ${trials} trials, ${formatRange(lowest, highest, unit)}</span>`
  return html`<data class="estimate" value="${value}">${formatValue(value, unit)}</data>${range}`
}
