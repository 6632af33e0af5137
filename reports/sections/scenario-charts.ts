import type { Chart, Drawing } from '../charts/chart.ts'
import { charts } from '../charts/table.ts'
import { formatValue } from '../format.ts'
import { type Content, type Html, html } from '../html.ts'
import type { ChartData } from '../page/client/data.ts'
import type { ScenarioView, View } from '../view.ts'
import { primaryTitle } from './verdicts.ts'

/** One chart of one scenario, prepared. */
export interface PreparedChart {
  id: string
  scenario: ScenarioView
  chart: Chart
  drawing: Drawing
}

/** All charts of the page, scenario by scenario. */
export const prepareCharts = (view: View): PreparedChart[] =>
  view.scenarios.flatMap((scenario, at) =>
    charts.flatMap((chart) => {
      const drawing = chart.prepare(view, scenario)
      return drawing ? [{ id: `chart-${at}-${chart.id}`, scenario, chart, drawing }] : []
    }),
  )

/** What the page's script needs of them. */
export const chartData = (prepared: readonly Pick<PreparedChart, 'id' | 'drawing'>[]): ChartData[] =>
  prepared
    .filter(({ drawing }) => drawing.lines.length > 0)
    .map(({ id, drawing: { axis, runs, unit, yScale, yMax, lines, marks } }) => ({
      id,
      axis,
      ...(runs ? { runs } : {}),
      unit,
      yScale,
      ...(yMax === undefined ? {} : { yMax: rounded(yMax) }),
      lines: lines.map(({ variant, points }) => ({
        variant,
        points: points.map(([x, y]) => [rounded(x), y === null ? null : rounded(y)]),
      })),
      marks,
    }))

/** More digits than a screen has pixels would only make the page larger. */
const rounded = (value: number): number => Number(value.toPrecision(5))

export function scenarioCharts(scenario: ScenarioView, prepared: readonly PreparedChart[]): Html {
  return html`<p class="lead">${scenario.description && html`${scenario.description}. `}Primary metric: ${primaryTitle(scenario.primary)}.</p>
${
  prepared.length === 0
    ? html`<p>No trial of this scenario has left anything to draw.</p>`
    : html`<div class="charts">${prepared.map((each) => figure(each))}</div>`
}`
}

function figure({ id, chart, drawing, scenario }: PreparedChart): Html {
  const missing = scenario.variants.filter(({ index }) => !drawing.lines.some(({ variant }) => variant === index))
  const titleId = `${id}-title`
  return html`<figure>
<h3 id="${titleId}">${chart.question}</h3>
<p class="subject">${drawing.subject}${drawing.yScale === 'logarithmic' && ', log scale'}</p>
${
  drawing.lines.length === 0
    ? html`<p class="empty">No usable trial has it.</p>`
    : html`<div class="plot"><canvas id="${id}" role="img" aria-labelledby="${titleId}">${chart.help}</canvas></div>`
}
<figcaption>${chart.help}${missing.length > 0 && drawing.lines.length > 0 && html` <span class="missing">Not drawn, no usable trial: ${missing.map(({ name }) => name).join(', ')}.</span>`}</figcaption>
${drawing.table && drawing.lines.length > 0 && percentileTable(drawing.table, drawing)}
</figure>`
}

const shownPercentiles = [50, 90, 99, 99.9, 99.99]

/** The same in numbers, as far as the samples carry. */
function percentileTable(rows: NonNullable<Drawing['table']>, { unit, subject }: Drawing): Content {
  const columns = shownPercentiles.filter((p) => rows.some(({ percentiles }) => percentiles.at(p) !== null))
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${subject} in numbers"><table class="numbers">
<thead><tr><th scope="col" class="row-name">Variant</th>${columns.map((p) => html`<th scope="col" class="column">p${p}</th>`)}<th scope="col" class="column">samples</th></tr></thead>
<tbody>${rows.map(
    ({ variant, percentiles }) =>
      html`<tr><th scope="row" class="row-name">${variant}</th>${columns.map((p) => html`<td>${formatValue(percentiles.at(p), unit)}</td>`)}<td>${formatValue(percentiles.samples, 'count')}</td></tr>`,
  )}</tbody></table></div>`
}
