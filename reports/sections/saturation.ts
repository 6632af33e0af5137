import { kneeShare } from '../../harness/compare/saturation/knee.ts'
import { leftOutInWords } from '../../harness/compare/saturation/left-out.ts'
import type { SaturatedVariant, Saturation } from '../../harness/compare/saturation/saturation.ts'
import {
  crossCheckInWords,
  kneeInWords,
  rateInWords,
  remarksOn,
  throughputInWords,
  whyNoHigherRate,
} from '../../harness/compare/saturation/words.ts'
import type { RunHeader } from '../../harness/record/schema.ts'
import { formatRatio, formatRatioInterval, noNumber } from '../format.ts'
import { type Html, html } from '../html.ts'
import type { Section } from './section.ts'

/** How much each variant can take: the most throughput and with how many connections, and the highest rate that is still quick. */
export const saturation: Section = {
  id: 'saturation',
  title: 'How much each can take',
  render: (view) => (view.saturation ? content(view.saturation, view.header) : null),
}

function content({ plan, variants, crossCheck }: Saturation, header: RunHeader): Html {
  const { rate } = plan
  const { baseline } = header
  return html`<p class="lead">Maximum: the highest mean throughput of the sweep over ${plan.sweep.connections.join(', ')} connections (autocannon, closed loop), with Student’s t interval at 95% over the blocks. Knee: the least connections with at least ${100 * kneeShare}% of the maximum’s throughput by the ratio within blocks; in brackets the least that may have it, of steps below of which too little can be used the lowest, and the least that certainly have. Against ${baseline}: the highest of each block to the baseline’s, of the steps that can be used of both; a block that lacks one of the two maxima has no ratio.</p>
<div class="scroll" role="region" tabindex="0" aria-label="How much each can take"><table class="claim-table">
<thead><tr><th scope="col">Variant</th><th scope="col">Maximum</th><th scope="col">Knee, connections</th><th scope="col">Against ${baseline}</th>${rate && html`<th scope="col">Arrivals a second</th><th scope="col">Tries</th>`}</tr></thead>
<tbody>${variants.map((each) => row(each, baseline, rate !== null))}</tbody>
</table></div>
${rate && html`<p class="small">A rate of <code>${rate.scenario}</code> holds where ${rate.holds.map(({ metric, expression }, at) => html`${at > 0 && ', '}<code>${metric}: ${expression}</code>`)} and at most 0.1% of arrivals were dropped, or had no answer when the load ended. Found by doubling from ${rate.from}/s and bisection on a log scale until what holds and what does not are within ${100 * rate.precision}%; both edges are then tried until three tries of up to five agree; in brackets how many of them held. That is a majority and no interval: where a limit is met now and not then, the edge may lie beside the two.</p>`}
${crossCheck && html`<p class="${crossCheck.outcome === 'differ' ? 'status' : 'small'}">${crossCheckInWords(crossCheck)}.</p>`}
${leftOutInWords(header).map((words) => html`<p class="status">${words}.</p>`)}
<p class="small">Latencies of the sweep are autocannon’s: its own histogram resolves 1 ms, here its events are recorded. It takes no rate, so nothing is filled up.</p>`
}

function row(each: SaturatedVariant, baseline: string, hasRate: boolean): Html {
  const { variant, maximum, knee, againstBaseline, unusable, rate } = each
  const against = againstBaseline
    ? html`${formatRatio(againstBaseline.estimate)} <span class="interval">${formatRatioInterval(againstBaseline.lower, againstBaseline.upper)}</span>`
    : variant !== baseline && noNumber
  const without =
    unusable && html` <span class="description">${unusable.trials} trials cannot be used: ${unusable.why}</span>`
  const why = whyNoHigherRate(each)
  const reached = html`<td>${rateInWords(each)}${why !== null && html` <span class="description">${why}</span>`}</td><td>${rate?.tries.length ?? 0}</td>`
  return html`<tr><th scope="row">${variant}${without}${remarksOn(each).map((words) => html` <span class="description">${words}</span>`)}</th><td>${maximum ? html`${throughputInWords(maximum)} <span class="description">with ${maximum.connections} connections</span>` : noNumber}</td><td>${kneeInWords(knee)}</td><td>${against}</td>${hasRate && reached}</tr>
`
}
