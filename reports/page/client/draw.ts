import {
  Chart,
  type ChartConfiguration,
  type ChartDataset,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  Tooltip,
  type TooltipItem,
} from 'chart.js'
import { isolated } from '../../bidi.ts'
import { formatRatio, formatValue } from '../../format.ts'
import { abscissaName, horizontalAxis, verticalAxis } from './axes.ts'
import type { PageElement } from './browser.ts'
import { linkedCursor } from './cursor.ts'
import type { ChartData } from './data.ts'
import { endLabels, hasRoomForLabels, labelGap, labelSize, shortened } from './end-labels.ts'
import { intervalBars } from './intervals.ts'
import { phaseMarks } from './phase-marks.ts'
import type { Theme } from './theme.ts'
import { lookOf, markers } from './variant-look.ts'

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale, Tooltip)

export type LineChart = Chart<'line', { x: number; y: number | null }[]>
type LineConfiguration = ChartConfiguration<'line', { x: number; y: number | null }[]>

export function drawChart(canvas: PageElement, chart: ChartData, variants: readonly string[], theme: Theme): LineChart {
  const configuration: LineConfiguration = {
    type: 'line',
    data: { datasets: chart.lines.map((line) => datasetOf(line, variants, theme)) },
    options: {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      parsing: false,
      normalized: true,
      interaction: { mode: 'nearest', axis: 'x', intersect: false },
      layout: { padding: (context) => paddingFor(chart, variants, context.chart.width) },
      scales: { x: horizontalAxis(chart, theme), y: verticalAxis(chart, theme) },
      plugins: { tooltip: tooltipOptions(chart, theme) },
    },
    plugins: pluginsOf(chart, theme),
  }
  return new Chart(canvas as never, configuration)
}

const pluginsOf = (chart: ChartData, theme: Theme) => [
  phaseMarks(chart.marks, theme),
  intervalBars(chart.lines),
  endLabels(theme),
  ...(chart.group === undefined ? [] : [linkedCursor(chart.group, theme, (x) => abscissaName(chart, x))]),
]

function datasetOf(line: ChartData['lines'][number], variants: readonly string[], theme: Theme) {
  const colour = theme.variantColour(line.variant)
  const { marker, dash } = lookOf(line.variant)
  const isFaint = line.style === 'faint'
  const dataset: ChartDataset<'line', { x: number; y: number | null }[]> = {
    label: variants[line.variant] ?? '',
    data: line.points.map(([x, y]) => ({ x, y })),
    showLine: line.style !== 'dots',
    borderColor: colour,
    backgroundColor: isFaint ? theme.surface : colour,
    borderWidth: isFaint ? 1.25 : 1.75,
    borderDash: isFaint ? faintDash : [...dash],
    pointBorderWidth: 1.25,
    pointStyle: markers[marker]!,
    pointRadius: radiusOf(line),
    pointHitRadius: 8,
    pointHoverRadius: 4.5,
    spanGaps: false,
  }
  return dataset
}

const faintDash = [2, 3]

/** Markers stand at different places on each line, so that lines lying on each other can be told apart. */
function radiusOf({ style, intervals, points, variant }: ChartData['lines'][number]) {
  if (style === 'dots') return 2
  if (intervals) return 3.5
  const every = Math.max(1, Math.ceil(points.length / 7))
  return ({ dataIndex }: { dataIndex: number }) => (dataIndex % every === (variant * 3) % every ? 3.5 : 0)
}

/** Room for the names at the right, about 0.7 of the font size a letter, and for the names of phases at the top. */
function paddingFor(chart: ChartData, variants: readonly string[], width: number) {
  const letters = Math.max(0, ...chart.lines.map(({ variant }) => shortened(variants[variant] ?? '').length))
  const right = !hasRoomForLabels(width) ? 8 : labelGap + letters * labelSize * 0.7
  return { right, top: chart.marks.length > 0 ? 20 : 6 }
}

/** More lines than these would not fit into a chart. */
const mostInTooltip = 12

const tooltipOptions = (chart: ChartData, theme: Theme) => ({
  mode: 'nearest' as const,
  axis: 'x' as const,
  intersect: false,
  backgroundColor: theme.surface,
  titleColor: theme.text,
  bodyColor: theme.text,
  borderColor: theme.grid,
  borderWidth: 1,
  padding: 10,
  usePointStyle: true,
  filter: (item: TooltipItem<'line'>, _: number, items: TooltipItem<'line'>[]) =>
    items.filter((other) => (other.parsed.y ?? 0) > (item.parsed.y ?? 0)).length < mostInTooltip,
  itemSort: (a: TooltipItem<'line'>, b: TooltipItem<'line'>) => (b.parsed.y ?? 0) - (a.parsed.y ?? 0),
  callbacks: {
    title: ([item]: TooltipItem<'line'>[]) => (item ? abscissaName(chart, item.parsed.x ?? 0) : ''),
    label: (item: TooltipItem<'line'>) => ` ${isolated(item.dataset.label ?? '')}: ${shownValue(chart, item)}`,
    footer: (items: TooltipItem<'line'>[]) => notTold(items),
  },
})

function notTold(items: TooltipItem<'line'>[]): string {
  const others = (items[0]?.chart.getActiveElements().length ?? 0) - items.length
  return others > 0 ? `and ${others} below these` : ''
}

/** As on the axis; of a ratio with its interval. */
function shownValue(chart: ChartData, { datasetIndex, dataIndex, parsed }: TooltipItem<'line'>): string {
  if (chart.yScale !== 'ratio') return formatValue(parsed.y, chart.unit)
  const interval = chart.lines[datasetIndex]?.intervals?.[dataIndex]
  const bounds = interval ? ` (${interval.map((bound) => formatRatio(bound - 1)).join(' to ')})` : ''
  return `${formatRatio((parsed.y ?? Number.NaN) - 1)}${bounds}`
}
