import { humanize, type TimeUnit } from './humanize.ts'
import { aggregationOf, type SummaryMetric } from './metrics.ts'
import type { Paint } from './paint.ts'

interface Cells {
  name: string
  /** Trends: a cell for each statistic. Others: the value and what stands behind it. */
  cells: string[]
}

/** How trends and units are shown. */
export interface Look {
  stats: readonly string[]
  timeUnit: TimeUnit
}

/** Lines of metrics in columns: `http_reqs....: 5   1.5/s`. All metrics of `among` decide how wide the columns are. */
export function metricLines(
  metrics: readonly SummaryMetric[],
  among: readonly SummaryMetric[],
  look: Look,
  paint: Paint,
): string[] {
  const trends = among.filter(({ type }) => type === 'trend').map((metric) => cellsOf(metric, look).cells)
  const others = among.filter(({ type }) => type !== 'trend').map((metric) => cellsOf(metric, look).cells)
  const nameWidth = Math.max(0, ...among.map(({ name }) => width(shownName(name))))
  const [trendWidths, otherWidths] = [columnWidths(trends), columnWidths(others)]
  return metrics.map((metric) => {
    const { name, cells } = cellsOf(metric, look)
    const dots = `${'.'.repeat(nameWidth - width(name) + 3)}:`
    const values =
      metric.type === 'trend' ? trendText(cells, look, trendWidths, paint) : otherText(cells, otherWidths, paint)
    return `${name}${paint.faint(dots)} ${values}`
  })
}

const trendText = (cells: string[], { stats }: Look, widths: number[], paint: Paint): string =>
  cells.map((cell, at) => `${stats[at]}=${paint.value(cell)}${padding(cell, widths[at]!)}`).join(' ')

/** A single cell behind the value stands alone at the end of its line: it needs no padding. */
function otherText([value = '', ...extras]: string[], [first = 0, ...widths]: number[], paint: Paint): string {
  const behind = extras.map(
    (extra, at) => `${paint.faintValue(extra)}${extras.length > 1 ? padding(extra, widths[at]!) : ''}`,
  )
  return [`${paint.value(value)}${padding(value, first)}`, ...behind].join(' ')
}

function cellsOf(metric: SummaryMetric, { stats, timeUnit }: Look): Cells {
  const name = shownName(metric.name)
  if (metric.type === 'trend') return { name, cells: stats.map((stat) => statText(metric, stat, timeUnit)) }
  return { name, cells: otherCells(metric, timeUnit) }
}

const statText = ({ values, type, contains }: SummaryMetric, stat: string, timeUnit: TimeUnit): string =>
  stat === 'count' ? String(values[stat]) : humanize(values[stat]!, type, contains, timeUnit)

function otherCells({ type, contains, values }: SummaryMetric, timeUnit: TimeUnit): string[] {
  const text = (value: number | undefined): string => humanize(value ?? 0, type, contains, timeUnit)
  if (type === 'counter') return [text(values.count), `${text(values.rate)}/s`]
  if (type === 'rate') return [text(values.rate), `${values.passes} out of ${values.passes! + values.fails!}`]
  return [text(values.value), `min=${text(values.min)}`, `max=${text(values.max)}`]
}

/** `rate=66.66%`: what a threshold was held against. */
export function thresholdValue(metric: SummaryMetric, source: string, timeUnit: TimeUnit, paint: Paint): string {
  const stat = aggregationOf(source)
  const [value = '', rate = ''] = metric.type === 'trend' ? [] : otherCells(metric, timeUnit)
  const text =
    metric.type === 'trend'
      ? statText(metric, stat, timeUnit)
      : metric.type === 'counter' && stat === 'rate'
        ? rate
        : value
  return `${paint.white(stat)}=${paint.value(text)}`
}

/** A sub-metric goes by its tags. */
function shownName(name: string): string {
  const brace = name.indexOf('{')
  return brace < 0 ? name : `  { ${name.slice(brace + 1, -1)} }`
}

function columnWidths(rows: readonly string[][]): number[] {
  const widths: number[] = []
  for (const row of rows) for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, width(cell))
  return widths
}

const padding = (text: string, to: number): string => ' '.repeat(Math.max(0, to - width(text)))
const width = (text: string): number => [...text.normalize('NFKC')].length
