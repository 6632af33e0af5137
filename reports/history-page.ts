import { changeInWords } from '../harness/compare/trend-table.ts'
import { commitOf, type MachineTrends, type Trend } from '../harness/compare/trends.ts'
import { type Drawing, scaleFor } from './charts/chart.ts'
import { roundedDrawing } from './charts/rounded.ts'
import { counted, formatTime } from './format.ts'
import { type Content, type Html, html } from './html.ts'
import { labelOf } from './metric-words.ts'
import { type PageData, pageDataId } from './page/client/data.ts'
import { packed } from './page/pack.ts'
import { pageDocument } from './page/shell.ts'
import { legend } from './sections/legend.ts'
import { chartData } from './sections/scenario-charts.ts'
import { skipLink } from './sections/skip-link.ts'
import type { VariantView } from './view.ts'

/** What a page of trends is called, and what stands above its charts. */
export interface HistoryPage {
  /** `history` */
  name: string
  introduction: Content
}

/**
 * The history of benchmarks as one self-contained HTML page: a chart for each number, machine by machine, with a line for
 * each variant and a mark where it changed.
 */
export async function renderHistory(
  machines: readonly MachineTrends[],
  { name, introduction }: HistoryPage = { name: 'history', introduction: null },
): Promise<string> {
  const variants = variantsOf(machines)
  const groups = machines.map((machine, at) => ({ machine, at, figures: figuresOf(machine, at, variants) }))
  const all = groups.flatMap(({ figures }) => figures)
  const data: PageData = { variants: variants.map(({ name }) => name), charts: chartData(all) }
  const body = html`${groups.length > 0 && skipLink(sectionId(0), 'the charts')}
<main>
<header class="page-head">
<p class="run-name">weir <span aria-hidden="true">·</span> ${name}</p>
<h1>What became of each number</h1>
<p class="answer">${answerOf(machines)}</p>
<p class="facts">A change point is where a number changed for good: E-divisive with a permutation test at 1%. It is advice on where to look; to show a regression, compare the two commits pair by pair. Axes do not begin at zero, but those of shares do.</p>
</header>
${introduction}
<noscript><p class="status">The charts need JavaScript; all change points are named below them.</p></noscript>
${legend({ variants })}
${groups.map(machineSection)}
</main>`
  return await pageDocument(`weir ${name}`, body, await packed(pageDataId, data))
}

interface Figure {
  id: string
  scenario: string
  metric: string
  load: string
  trends: readonly Trend[]
  drawing: Drawing
}

function variantsOf(machines: readonly MachineTrends[]): VariantView[] {
  const names = new Set(machines.flatMap(({ trends }) => trends.map(({ variant }) => variant)))
  return [...names].map((name, index) => ({ name, index, description: '', isBaseline: false }))
}

function answerOf(machines: readonly MachineTrends[]): Content {
  const runs = machines.reduce((sum, machine) => sum + machine.runs, 0)
  const changes = machines.flatMap(({ trends }) => trends.flatMap((trend) => trend.changes)).length
  const isTrend = machines.some((machine) => machine.runs > 1)
  const apart = machines.length > 1 ? ', whose numbers are never put together' : ''
  return `${counted(runs, 'run')} on ${counted(machines.length, 'machine')}${apart}: ${isTrend ? counted(changes, 'change point') : 'a trend needs two of one machine'}.`
}

function figuresOf({ trends }: MachineTrends, machine: number, variants: readonly VariantView[]): Figure[] {
  const keyOf = ({ scenario, metric, load }: Trend) => JSON.stringify([scenario, load, metric])
  const keys = [...new Set(trends.map(keyOf))].sort((a, b) => scenarioOf(a).localeCompare(scenarioOf(b)))
  return keys.map((key, at) => {
    const own = trends.filter((trend) => keyOf(trend) === key)
    const { scenario, metric, load } = own[0]!
    return {
      id: `chart-${machine}-${at}`,
      scenario,
      metric,
      load,
      trends: own,
      drawing: roundedDrawing(drawingOf(own, variants)),
    }
  })
}

const scenarioOf = (key: string): string => (JSON.parse(key) as [scenario: string, load: string]).slice(0, 2).join()

/** All variants share the axis: a place on it is a run that any of them was measured in. */
function drawingOf(trends: readonly Trend[], variants: readonly VariantView[]): Drawing {
  const points = new Map(trends.flatMap((trend) => trend.points.map((point) => [point.run, point])))
  const runs = [...points.values()].sort((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt))
  const place = new Map(runs.map(({ run }, at) => [run, at]))
  const lines = trends.map((trend) => ({
    variant: variants.find(({ name }) => name === trend.variant)!.index,
    points: trend.points.map(({ run, value }): [number, number] => [place.get(run)!, value]),
  }))
  const changed = new Set(trends.flatMap(({ changes }) => changes.map(({ point }) => point.run)))
  return {
    axis: 'runs',
    runs: runs.map((run) => commitOf(run)),
    unit: trends[0]!.unit,
    subject: labelOf(trends[0]!),
    yScale: scaleFor(lines),
    lines,
    marks: runs.flatMap((run, at) => (changed.has(run.run) ? [{ at, label: commitOf(run) }] : [])),
  }
}

const sectionId = (at: number): string => `machine-${at}`

function machineSection({ machine, at, figures }: { machine: MachineTrends; at: number; figures: Figure[] }): Html {
  const { fingerprint, cpu, cores, node } = machine.machine
  const headings = [...new Set(figures.map(headingOf))]
  return html`<section id="${sectionId(at)}" tabindex="-1" aria-labelledby="machine-${at}-title">
<h2 id="machine-${at}-title">Machine ${fingerprint}</h2>
<p class="lead">${cpu}, ${counted(cores, 'core')}, Node ${node}. ${counted(machine.runs, 'run')}.</p>
${headings.map(
  (heading) => html`<h3>${heading}</h3>
<div class="charts">${figures.filter((each) => headingOf(each) === heading).map(figureMarkup)}</div>`,
)}
</section>
`
}

const headingOf = ({ scenario, load }: Figure): string => `${scenario} (${load})`

function figureMarkup({ id, metric, trends, drawing }: Figure): Html {
  const { better } = trends[0]!
  const [from, to] = [trends[0]!.points[0]!, trends[0]!.points.at(-1)!]
  const changes = trends.flatMap((trend) =>
    trend.changes.map((change) => html`<p>${trend.variant}: ${changeInWords(trend, change)}</p>`),
  )
  const isOneRun = drawing.runs!.length === 1
  const times = isOneRun ? formatTime(from.startedAt) : `${formatTime(from.startedAt)} to ${formatTime(to.startedAt)}`
  const help = `${better === 'none' ? '' : `${better === 'lower' ? 'Lower' : 'Higher'} is better. `}${times}.`
  const unchanged = isOneRun ? ' One run: a trend needs two.' : ' No change point.'
  return html`<figure>
<h4 id="${id}-title">${labelOf(trends[0]!)}</h4>
<p class="subject"><code>${metric}</code>, median over the trials of a run${drawing.yScale === 'logarithmic' && ', log scale'}</p>
<div class="plot"><canvas id="${id}" role="img" aria-labelledby="${id}-title">${help}</canvas></div>
<figcaption>${help}${changes.length === 0 ? unchanged : changes}</figcaption>
</figure>`
}
