import { effectsOf } from '../data/effects.ts'
import { html } from '../html.ts'
import { forestChoiceId, forestPlotId } from '../page/client/forest-ids.ts'
import { forestPlot } from './forest-plot.ts'
import type { Section } from './section.ts'
import { canCompareTwo } from './variant-choice.ts'

/** What every variant changed, with its interval, metric by metric: the first without a script, any of them with it. */
export const forest: Section = {
  id: 'forest',
  title: 'Effects with their intervals',
  render: (view) => {
    const metrics = effectsOf(view)
    const [first] = metrics
    if (!first) return null
    const names = view.variants.map(({ name }) => name)
    return html`<p class="lead">Change against <strong>${view.header.baseline}</strong> on one log scale; the shaded band is “the same”. The interval of what has a verdict is the verdict’s own. All others are Student’s t at 95% over the pairs and describe: of many numbers looked at, some lie beyond zero by chance.</p>
<p class="choice" hidden id="${forestChoiceId}-line"><label for="${forestChoiceId}">Metric</label> <select id="${forestChoiceId}">${metrics.map(({ title }, at) => html`<option value="${at}">${title}</option>`)}</select></p>
<div id="${forestPlotId}">${forestPlot(first, { names, areChoices: canCompareTwo(view) })}</div>`
  },
}
