import { observedOnce } from '../../harness/compare/observed.ts'
import { metricTable } from '../../harness/metrics/table.ts'
import { counted } from '../format.ts'
import { type Content, type Html, html } from '../html.ts'
import { rawColumns } from '../page/client/raw-columns.ts'
import { rowOf, type View } from '../view.ts'
import type { Section } from './section.ts'

/** Every figure of every trial, to look through and to take away. Its rows are made in the page, of which they would be the most. */
export const raw: Section = {
  id: 'raw',
  title: 'Every figure of every trial',
  render: (view) => {
    const figures = view.records.reduce((sum, { observations }) => sum + observations.length, 0)
    if (figures === 0) return null
    return html`<p class="lead">The ${counted(figures, 'figure')} of all trials as they were observed, those too that may not be used. <code>weir report ${view.header.id} --format csv</code> writes the same to a file.</p>
<noscript><p>To look through them here needs JavaScript.</p></noscript>
<div id="raw-figures" hidden>
<div class="filters">
${select('scenario', 'Scenario', 'all scenarios', namesOf(view.header.scenarios))}
${select('variant', 'Variant', 'all variants', namesOf(view.variants))}
${select('metric', 'Metric', 'all metrics', metricsOf(view))}
<label>Contains <input type="search" id="raw-text" autocomplete="off" spellcheck="false"></label>
</div>
<p class="raw-bar"><output id="raw-count" role="status"></output> <span>Download these: <button type="button" id="raw-csv">CSV</button> <button type="button" id="raw-json">JSON</button></span></p>
<p class="small" id="raw-rounded" hidden></p>
<div class="scroll" role="region" tabindex="0" aria-label="Every figure of every trial"><table class="numbers raw">
<thead><tr>${rawColumns.map(columnHead)}</tr></thead>
<tbody id="raw-rows"></tbody></table></div>
<p><button type="button" id="raw-more" hidden></button></p>
</div>`
  },
}

const columnHead = ({ id, title, isNumber }: (typeof rawColumns)[number]): Html =>
  html`<th scope="col" data-sort="${id}" aria-sort="none"${isNumber && html` class="column"`}><button type="button" class="sort" data-sort="${id}">${title}</button></th>`

type Option = [value: string, label: string]

const select = (id: string, label: string, all: string, options: readonly Option[]): Content =>
  html`<label>${label} <select id="raw-${id}" autocomplete="off"><option value="">${all}</option>${options.map(([value, text]) => html`<option value="${value}">${text}</option>`)}</select></label>`

const namesOf = (named: readonly { name: string }[]): Option[] => named.map(({ name }) => [name, name])

/** In the order of the metric table, a script's own first. */
function metricsOf({ records }: View): Option[] {
  const examples = new Map(observedOnce(records).map((each) => [each.metric, each]))
  const place = (metric: string) => metricTable.findIndex(({ name }) => name === metric)
  return [...examples]
    .sort(([a], [b]) => place(a) - place(b))
    .map(([metric, example]) => [metric, `${rowOf(example).label} (${metric})`])
}
