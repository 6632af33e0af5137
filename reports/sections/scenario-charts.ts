import type { Cell, Chart, ChartTable, Drawing } from '../charts/chart.ts'
import { roundedDrawing } from '../charts/rounded.ts'
import { chartGroups, charts } from '../charts/table.ts'
import { type Content, type Html, html } from '../html.ts'
import type { ChartData } from '../page/client/data.ts'
import type { ScenarioView, VariantView, View } from '../view.ts'
import { primaryTitle } from './primary-title.ts'

/** One chart of one scenario, prepared. */
export interface PreparedChart {
  id: string
  scenario: ScenarioView
  chart: Chart
  drawing: Drawing
  /** Charts over time of one group share a cursor. */
  group?: string
}

/** All charts of the page, scenario by scenario. */
export const prepareCharts = (view: View): PreparedChart[] =>
  view.charted.flatMap((scenario, at) =>
    charts.flatMap((chart) => {
      const drawing = chart.prepare(view, scenario)
      if (!drawing) return []
      const id = `chart-${at}-${chart.id}`
      return [{ id, scenario, chart, drawing: roundedDrawing(drawing), group: `scenario-${at}` }]
    }),
  )

/** What the page's script needs of them. */
export const chartData = (prepared: readonly Pick<PreparedChart, 'id' | 'drawing' | 'group'>[]): ChartData[] =>
  prepared
    .filter(({ drawing }) => drawing.lines.length > 0)
    .map(({ id, group, drawing: { subject: _, table: __, ...drawing } }) => ({
      ...drawing,
      id,
      ...(drawing.axis === 'seconds' && group !== undefined ? { group } : {}),
    }))

export function scenarioCharts(scenario: ScenarioView, prepared: readonly PreparedChart[]): Html {
  return html`<p class="lead">${scenario.description && html`${scenario.description}. `}Primary metric: ${primaryTitle(scenario.primary)}.</p>
${
  prepared.length === 0
    ? html`<p>No trial of this scenario has left anything to draw.</p>`
    : chartGroups.map((group) => groupMarkup(group, prepared))
}`
}

function groupMarkup({ title, charts }: (typeof chartGroups)[number], prepared: readonly PreparedChart[]): Content {
  const own = prepared.filter(({ chart }) => charts.includes(chart))
  return (
    own.length > 0 &&
    html`<h3 class="sub-title">${title}</h3>
<div class="charts">${own.map((each) => figure(each))}</div>`
  )
}

function figure({ id, chart, drawing, scenario }: PreparedChart): Html {
  const missing = missingIn(drawing, scenario)
  const titleId = `${id}-title`
  return html`<figure>
<h4 id="${titleId}">${chart.question}</h4>
<p class="subject">${drawing.subject}${drawing.yScale === 'logarithmic' && ', log scale'}</p>
${
  drawing.lines.length === 0
    ? html`<p class="empty"${drawing.empty === undefined && html` data-missing`}>${drawing.empty ?? 'No usable trial has it.'}</p>`
    : html`${choiceButtons(id, drawing)}<div class="plot"><canvas id="${id}" role="img" aria-labelledby="${titleId}">${chart.help}</canvas></div>`
}
<figcaption>${chart.help}${missing.length > 0 && drawing.lines.length > 0 && html` <span class="missing">Not drawn, ${chart.missing ?? 'no usable trial'}: ${missing.map(({ name }, at) => html`${at > 0 && ', '}${name}`)}.</span>`}</figcaption>
${drawing.table && drawing.lines.length > 0 && tableOf(drawing.table, drawing.subject)}
</figure>`
}

/** Those that run under the scenario and have no line; the baseline of ratios is the line at 0. */
const missingIn = ({ lines, yScale }: Drawing, { variants }: ScenarioView): VariantView[] =>
  variants
    .filter(({ isBaseline }) => !(isBaseline && yScale === 'ratio'))
    .filter(({ index }) => !lines.some(({ variant }) => variant === index))

/** Which of a chart's lines are shown; without a script the first choice stands. */
const choiceButtons = (id: string, { choices = [], subject }: Drawing): Content =>
  choices.length > 1 &&
  html`<div class="choice" role="group" aria-label="Shown: ${subject}">${choices.map(
    ({ label }, at) =>
      html`<button type="button" aria-pressed="${at === 0 ? 'true' : 'false'}" data-chart="${id}" data-choice="${at}">${label}</button>`,
  )}</div>`

const cellMarkup = (cell: Cell): Html =>
  typeof cell === 'string'
    ? html`<td>${cell}</td>`
    : html`<td>${cell[0]}${cell[1] !== '' && html` <span class="range">${cell[1]}</span>`}</td>`

function tableOf({ columns, rows }: ChartTable, subject: string): Html {
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${subject} in numbers"><table class="numbers">
<thead><tr><th scope="col" class="row-name">Variant</th>${columns.map((column) => html`<th scope="col" class="column">${column}</th>`)}</tr></thead>
<tbody>${rows.map(
    ({ variant, about, cells }) =>
      html`<tr><th scope="row" class="row-name">${variant}${about !== undefined && html` <span class="stat">${about}</span>`}</th>${cells.map(cellMarkup)}</tr>`,
  )}</tbody></table></div>`
}
