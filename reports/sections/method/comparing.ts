import { type Html, html } from '../../html.ts'
import type { View } from '../../view.ts'
import { formula, type Topic } from './topic.ts'

export const pairs: Topic = {
  title: 'Pairs and blocks',
  render: ({ header }) =>
    header.comparison
      ? html`<p>A pair is a trial of <strong>${header.comparison.variant}</strong> and one of <strong>${header.comparison.against}</strong>, close to each other in time and in random order, each with fresh processes, so that what the machine does slowly falls on both. ${whyNotRequests}</p>
${formula(`d = ln(${header.comparison.variant} ÷ ${header.comparison.against}), one for each pair`)}${formula('ratio − 1 = exp(middle of d) − 1')}`
      : html`<p>A block holds each variant once, in random order, each with fresh processes. Within a block a variant and the baseline <strong>${header.baseline}</strong> are a pair, close to each other in time, so that what the machine does slowly falls on both. ${whyNotRequests}</p>
${formula(`d = ln(variant ÷ ${header.baseline}), one for each pair`)}${formula('ratio − 1 = exp(mean of d) − 1')}`,
}

const whyNotRequests =
  'One pair is one observation, however many requests it holds: requests of one trial share its luck.'

export const intervals: Topic = {
  title: 'Intervals',
  render: ({ header }) =>
    html`${header.comparison ? ofPairs : ofBlocks}<p>All other figures describe: beside the median (of two that you choose: the mean) stand the smallest and the largest of the pairs, which are no interval.</p>`,
}

const ofBlocks = html`<p>Each scenario names one primary metric, and only that gets a verdict. Its interval is Student’s t at 95% over the pairs’ log-ratios, taken back to a ratio; s is their standard deviation, n how many there are. Three blocks make a wide interval; it shows large effects and is silent on small ones. Differences are held in their unit by the same method.</p>
${formula('mean of d ± t(0.975, n − 1) × s ÷ √n')}${formula('smallest effect that could have been shown = exp(half of the interval of d + ln(1.01)) − 1')}`

const ofPairs = html`<p>At most three gate metrics a scenario get a verdict. The middle of their d is Hodges’ and Lehmann’s; the interval holds what the exact signed-rank test would not reject. It is looked at several times, and each look may use only a part of the error, so that stopping at the first clear answer does not find changes where there are none.</p>
${formula('middle of d = median of (dᵢ + dⱼ) ÷ 2 over all i ≤ j')}${formula('error of a number = error of the comparison ÷ (numbers that get a verdict), spent over its looks')}`

/** Of a campaign one for all, of a comparison each metric's own. */
const changeMarginOf = ({ header }: View): string =>
  header.comparison ? 'its margin (1% unless told otherwise)' : '1%'
const equivalenceOf = ({ header }: View): string =>
  header.comparison ? 'its margin of equivalence (3% unless told otherwise) around' : '3% of'

export const verdictKey: Topic = {
  title: 'Verdicts',
  render: (view) => html`<dl class="verdict-key">
${term('regressed', '✕ regressed', `The whole interval lies more than ${changeMarginOf(view)} on the worse side.`)}
${term('improved', '✓ improved', `The whole interval lies more than ${changeMarginOf(view)} on the better side, and no more requests failed for it.`)}
${term('equivalent', '≈ equivalent', `The whole interval lies within ${equivalenceOf(view)} no difference.`)}
${term('inconclusive', '? inconclusive', 'None of these. It does not say that nothing changed; beside it stands the smallest change that these pairs could have shown, or, of a metric no side of which is better, whether it differs.')}
${term('none', '– no verdict', 'Fewer than two usable pairs. One block tells nothing of the spread.')}
</dl>`,
}

const term = (look: string, words: string, meaning: string): Html =>
  html`<div><dt><span class="verdict ${look}">${words}</span></dt><dd>${meaning}</dd></div>`
