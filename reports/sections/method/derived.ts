import { growthOf } from '../../data/scaling.ts'
import { html } from '../../html.ts'
import { formula, type Topic } from './topic.ts'

export const derived: Topic = {
  title: 'Derived figures',
  render:
    () => html`${formula('CPU per operation = CPU time of the target in the phase ÷ operations in the phase')}${formula('instructions per operation = instructions of the target in the phase ÷ operations in the phase')}${formula('memory per session = (RSS at N sessions − RSS at none) ÷ N')}${formula('core busy = CPU time of the target ÷ (time × cores that it has)')}${formula('boot = first answer that says “ready” − start of the process')}${formula('drift = second half of the phase ÷ its first half − 1')}
<p>Instructions per operation, where the machine counts them, are the steadiest figure of all, and say nothing of waiting, locks, caches or the disk.</p>`,
}

export const ablationSums: Topic = {
  title: 'What single changes make together',
  render: ({ ablation, header }) =>
    ablation.length === 0
      ? null
      : html`<p>Factors multiply and their logarithms add. In each block the single changes are put after one another, and the interval is Student’s t over the blocks; what all at once is more or less than that, they do to one another, or those do that did not run under the load.</p>
${formula(`sum = exp(sum of ln(variant ÷ ${header.baseline})) − 1`)}`,
}

export const scalingFit: Topic = {
  title: 'What a session and a request cost',
  render: ({ records }) =>
    records.some((record) => growthOf(record) !== null)
      ? html`<p>Where the load makes sessions more (WebSockets that are open, or users that it ramps; how many users of an open load wait is the server’s doing), a straight line is fitted in each trial to what was seen in each second until they were most: Theil and Sen’s, which a collection of garbage or a stall does not tilt. The cost is the mean of the trials’ slopes; its interval is Student’s t at 95% over the trials. Requests grow together with sessions, so the cost of a request holds what its session costs meanwhile.</p>
${formula('slope of a trial = median of (y₂ − y₁) ÷ (x₂ − x₁) over each two of its seconds')}${formula('cost = mean of slopes ± t(0.975, trials − 1) × s ÷ √trials')}`
      : null,
}
