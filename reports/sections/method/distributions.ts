import { html } from '../../html.ts'
import { formula, type Topic } from './topic.ts'

export const percentiles: Topic = {
  title: 'Percentiles',
  render:
    () => html`<p>Histograms of all usable trials of a variant are merged, then read; percentiles are never averaged. They keep three digits of each time, in microseconds. The axis spreads the slow end: each step from p90 to p99 to p99.9 is as wide as the one before. A curve ends where its samples do: p99 needs 370 of them, p99.9 needs 3,700, p99.99 needs 37,000.</p>
${formula('place on the axis = 1 ÷ (1 − p), on a log scale')}${formula('ratio at p = p of the variant ÷ p of the baseline, in each pair by itself; a pair counts where both sides have the samples for p')}`,
}

export const overTime: Topic = {
  title: 'Lines over time',
  render: ({ records }) =>
    records.some(({ series }) => series.length > 0)
      ? html`<p>Each line is the median over a variant’s usable trials, second by second, and of failures and of work left undone their mean, in which those of a single trial are seen; long loads are drawn in wider steps, each the mean of its seconds (of a maximum the largest). Zero is when the measured load began.</p>`
      : null,
}
