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
      : html`<p>Factors multiply and their logarithms add. In each block the single changes are put after one another, and the interval is Student’s t over the blocks; what all at once is more or less than that, they do to one another.</p>
${formula(`sum = exp(sum of ln(variant ÷ ${header.baseline})) − 1`)}`,
}
