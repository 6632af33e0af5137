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
import { formatValue } from '../../format.ts'
import { abscissaName, horizontalAxis, verticalAxis } from './axes.ts'
import type { PageElement } from './browser.ts'
import type { ChartData } from './data.ts'
import { endLabels, hasRoomForLabels, labelGap, labelSize, shortened } from './end-labels.ts'
import { phaseMarks } from './phase-marks.ts'
import { markers, type Theme } from './theme.ts'

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
    plugins: [phaseMarks(chart.marks, theme), endLabels(theme)],
  }
  return new Chart(canvas as never, configuration)
}

function datasetOf(line: ChartData['lines'][number], variants: readonly string[], theme: Theme) {
  const colour = theme.variantColour(line.variant)
  const every = Math.max(1, Math.ceil(line.points.length / 7))
  const dataset: ChartDataset<'line', { x: number; y: number | null }[]> = {
    label: variants[line.variant] ?? '',
    data: line.points.map(([x, y]) => ({ x, y })),
    borderColor: colour,
    backgroundColor: colour,
    borderWidth: 1.75,
    pointStyle: markers[line.variant % markers.length]!,
    // Markers stand at different places on each line, so that lines lying on each other can be told apart.
    pointRadius: ({ dataIndex }) => (dataIndex % every === (line.variant * 3) % every ? 3.5 : 0),
    pointHitRadius: 8,
    pointHoverRadius: 4.5,
    spanGaps: false,
  }
  return dataset
}

/** Room for the names at the right, about 0.62 of the font size a letter, and for the names of phases at the top. */
function paddingFor(chart: ChartData, variants: readonly string[], width: number) {
  const letters = Math.max(0, ...chart.lines.map(({ variant }) => shortened(variants[variant] ?? '').length))
  const right = !hasRoomForLabels(width) ? 8 : labelGap + letters * labelSize * 0.62
  return { right, top: chart.marks.length > 0 ? 20 : 6 }
}

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
  itemSort: (a: TooltipItem<'line'>, b: TooltipItem<'line'>) => (b.parsed.y ?? 0) - (a.parsed.y ?? 0),
  callbacks: {
    title: ([item]: TooltipItem<'line'>[]) => (item ? abscissaName(chart, item.parsed.x ?? 0) : ''),
    label: (item: TooltipItem<'line'>) => ` ${item.dataset.label}: ${formatValue(item.parsed.y, chart.unit)}`,
  },
})
