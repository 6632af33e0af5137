import { html } from '../html.ts'
import type { Section } from './section.ts'

/** The methods, for whoever has to trust or doubt the page. */
export const reading: Section = {
  id: 'reading',
  title: 'How to read this page',
  render: ({ header }) => html`<div class="prose">
<h3 class="sub-title">Two latencies</h3>
<p><em>Service</em> time runs from when a request is handed to the socket to the last byte of its answer. <em>Intended</em> time also counts the wait before that: it begins when the request should have started by the schedule, or when the pause of a session was over. Somebody waiting feels the intended time, so the verdicts stand on it. A server that stalls makes later requests late; service time alone would not show them.</p>
<p class="formula">intended = queue + service; queue = handed to the socket − intended start</p>
<h3 class="sub-title">Pairs and blocks</h3>
<p>A block holds each variant once, in random order, each with fresh processes. Within a block a variant and the baseline <strong>${header.baseline}</strong> are a pair, close to each other in time, so that what the machine does slowly falls on both. One pair is one observation, however many requests it holds: requests of one trial share its luck.</p>
<p class="formula">d = ln(variant ÷ baseline), one for each pair; ratio = exp(${header.comparison ? 'middle' : 'mean'} of d) − 1</p>
<h3 class="sub-title">Intervals</h3>
${header.comparison ? ofPairs : ofBlocks}
<h3 class="sub-title">Verdicts</h3>
<dl class="verdict-key">
<div><dt><span class="verdict regressed">✕ regressed</span></dt><dd>The whole interval lies more than 1% on the worse side.</dd></div>
<div><dt><span class="verdict improved">✓ improved</span></dt><dd>The whole interval lies more than 1% on the better side.</dd></div>
<div><dt><span class="verdict equivalent">≈ equivalent</span></dt><dd>The whole interval lies within 3% of no difference.</dd></div>
<div><dt><span class="verdict inconclusive">? inconclusive</span></dt><dd>None of these. It does not say that nothing changed; beside it stands the smallest change that these pairs could have shown.</dd></div>
<div><dt><span class="verdict none">– no verdict</span></dt><dd>Fewer than two usable pairs. One block tells nothing of the spread.</dd></div>
</dl>
<h3 class="sub-title">Percentiles</h3>
<p>Histograms of all usable trials of a variant are merged, then read; percentiles are never averaged. The axis spreads the slow end: each step from p90 to p99 to p99.9 is as wide as the one before. A curve ends where its samples do: p99 needs 370 of them, p99.9 needs 3,700, p99.99 needs 37,000.</p>
<p class="formula">x = 1 ÷ (1 − p), on a log scale</p>
<h3 class="sub-title">Lines over time</h3>
<p>Each line is the median over a variant’s usable trials, second by second; long loads are drawn in wider steps. Zero is when the measured load began.</p>
<h3 class="sub-title">Derived figures</h3>
<p class="formula">CPU per operation = CPU time of the target in the phase ÷ operations in the phase</p>
<p class="formula">memory per session = (RSS at N sessions − RSS at none) ÷ N</p>
<p>Instructions per operation, where the machine counts them, are the steadiest figure of all, and say nothing of waiting, locks, caches or the disk.</p>
</div>`,
}

const ofBlocks = html`<p>Each scenario names one primary metric, and only that gets a verdict. Its interval is Student’s t at 95% over the pairs’ log-ratios. Three blocks make a wide interval; it shows large effects and is silent on small ones.</p>
<p class="formula">mean of d ± t(0.975, pairs − 1) × s ÷ √pairs, taken back to a ratio</p>
<p>All other figures describe: beside the median stand the smallest and the largest of the pairs, which are no interval.</p>`

const ofPairs = html`<p>At most three gate metrics a scenario get a verdict. The middle of their d is Hodges’ and Lehmann’s, the median of all means of two pairs; the interval holds what the exact signed-rank test would not reject. It is looked at several times, and each look may use only a part of the error, so that stopping at the first clear answer does not find changes where there are none.</p>
<p>All other figures describe: beside the median stand the smallest and the largest of the pairs, which are no interval.</p>`
