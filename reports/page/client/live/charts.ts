import { type Html, html } from '../../../html.ts'
import { type LiveFigure, liveFigures } from '../../../live/figures.ts'
import type { LiveSeries } from '../../../live/state.ts'
import { variantName } from '../../../sections/legend.ts'
import type { ChartData } from '../data.ts'
import { drawChart, type LineChart } from '../draw.ts'
import { readTheme } from '../theme.ts'
import { browser, element, type LiveElement, part } from './browser.ts'

/** A chart that is on the page, and what it was drawn for. */
interface Shown {
  chart: LineChart
  lines: string
}

const shown = new Map<string, Shown>()
const figures = new Map<string, LiveElement>()

/** Draws the figures that have seconds; a chart that is there already only gets what is new. */
export function showCharts(series: readonly LiveSeries[]): void {
  part('seconds').hidden = series.length === 0
  if (browser.document.hidden) return
  for (const figure of liveFigures) {
    const own = series.filter((each) => each.figure === figure.id)
    if (own.length > 0) show(figure, own)
    else hide(figure.id)
  }
}

/** The colours have changed: all are drawn anew with the next second. */
export function forgetCharts(): void {
  for (const id of shown.keys()) forget(id)
}

function show(figure: LiveFigure, series: readonly LiveSeries[]): void {
  const lines = JSON.stringify(series.map(({ line, subject, unit }) => [line, subject, unit]))
  if (shown.get(figure.id)?.lines !== lines) draw(figure, series, lines)
  const { chart } = shown.get(figure.id)!
  series.forEach(({ points }, at) => {
    const data = points.map(([x, y]) => ({ x, y }))
    // The newest second has the line's marker; one between two that have nothing has no line to be seen by.
    const isAlone = (index: number) => typeof (data[index - 1]?.y ?? data[index + 1]?.y) !== 'number'
    const pointRadius = data.map((_, index) => (data[index + 1] ? (isAlone(index) ? 1.5 : 0) : 3.5))
    Object.assign(chart.data.datasets[at]!, { data, pointRadius })
  })
  const seconds = series.flatMap(({ points }) => points.map(([x]) => x))
  const [first, last] = [Math.min(...seconds), Math.max(...seconds)]
  Object.assign(chart.options.scales!.x!, { min: first, max: Math.max(last, leastSeconds) })
  part(idOf(figure)).setAttribute('aria-valuemax', String(last))
  chart.update('none')
}

/** A chart of one point has no width. */
const leastSeconds = 10

function draw(figure: LiveFigure, series: readonly LiveSeries[], lines: string): void {
  forget(figure.id)
  figureOf(figure).hidden = false
  const { unit } = series[0]!
  part(`${figure.id}-subject`).innerHTML = subjectOf(series).markup
  const data: ChartData = {
    id: idOf(figure),
    axis: 'seconds',
    group: 'live',
    unit,
    yScale: 'linear',
    lines: series.map((_, variant) => ({ variant, points: [] })),
    marks: [],
  }
  const names = series.map(({ line }) => line)
  const canvas = part(data.id)
  shown.set(figure.id, { chart: drawChart(canvas, data, names, readTheme()), lines })
  // For whoever waits until a page is drawn.
  canvas.dataset.drawn = 'true'
}

const idOf = ({ id }: LiveFigure): string => `chart-${id}`

/** With the look of each line, where there are several: a narrow chart has no room for their names. */
function subjectOf(series: readonly LiveSeries[]): Html {
  const lines = series.length > 1 ? series.map(({ line }, index) => [' ', variantName({ name: line, index })]) : []
  return html`${series[0]?.subject}${lines}`
}

function hide(id: string): void {
  forget(id)
  const figure = figures.get(id)
  if (figure) figure.hidden = true
}

function forget(id: string): void {
  shown.get(id)?.chart.destroy()
  shown.delete(id)
}

/** All are made with the first, so that they stand in the order of their table. */
function figureOf({ id }: LiveFigure): LiveElement {
  if (figures.size === 0)
    for (const each of liveFigures) {
      figures.set(each.id, figureElement(each))
      part('charts').append(figures.get(each.id)!)
    }
  return figures.get(id)!
}

function figureElement(figure: LiveFigure): LiveElement {
  const { id, title, help } = figure
  const canvas = element('canvas', { id: idOf(figure) })
  canvas.setAttribute('role', 'img')
  canvas.setAttribute('aria-label', `${title} The newest numbers stand above.`)
  const made = element(
    'figure',
    {},
    element('h3', {}, title),
    element('p', { id: `${id}-subject`, className: 'subject' }),
    element('div', { className: 'plot' }, canvas),
    element('figcaption', {}, help),
  )
  made.hidden = true
  return made
}
