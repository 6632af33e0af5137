import { falseChanges } from '../document/false-changes.ts'
import { cellOf, metricsOf, type Results, tallyOf } from '../document/results.ts'
import type { MetricKey, StudyMetric } from '../metrics.ts'
import type { Rule } from '../procedures/rule.ts'
import { ticksTo } from './panel.ts'
import { dot, rule as ruler, strokes, svg, text } from './svg.ts'

const left = 230
const width = 520
const rowHeight = 26
const top = 66

/** One row a rule, one dot a metric: how often identical servers were told apart, with the bound as a line to its right. */
export function falseChangesPlot(results: Results): string {
  const rules = results.rules.all
  const metrics = shownOf(results)
  const bounds = rules.flatMap((rule) => metrics.map(({ key }) => pointOf(results, rule, key)?.atMost ?? 0))
  const ticks = ticksTo(Math.max(0.05, ...bounds))
  const toX = (share: number) => left + (width * share) / ticks.at(-1)!
  const bottom = top + rules.length * rowHeight
  return svg(left + width + 40, bottom + 60, 'Share of identical servers that each rule calls changed', [
    text(
      20,
      24,
      'Identical servers: share called "changed"; lines end where it is at most with 95% confidence',
      'start',
      'title',
    ),
    ...metrics.flatMap(({ title }, at) => keyOf(title, at)),
    ...ticks.flatMap((share) => [
      ruler(toX(share), top, toX(share), bottom, 'grid'),
      text(toX(share), bottom + 16, `${Number((100 * share).toFixed(1))}%`, 'middle', 'soft'),
    ]),
    ruler(toX(0.01), top, toX(0.01), bottom, 'limit'),
    text(toX(0.01), bottom + 32, 'asked for: at most 1%', 'start', 'soft'),
    ...rules.flatMap((rule, row) => rowOf(results, rule, top + rowHeight * (row + 0.5), toX)),
  ])
}

/** As many as there are colours; the others stand in the table. */
const shownOf = (results: Results): StudyMetric[] => metricsOf(results).filter(({ key }) => key !== 'heap')

const keyOf = (title: string, at: number): string[] => {
  const x = 26 + 126 * at
  return [dot(x, 46, at % strokes.length), text(x + 8, 50, title.replace(/ per request| \(RSS\)/, ''))]
}

function rowOf(results: Results, rule: Rule, y: number, toX: (share: number) => number): string[] {
  const metrics = shownOf(results)
  const points = metrics.flatMap(({ key }, at) => {
    const point = pointOf(results, rule, key)
    if (!point) return []
    const place = y + (at - (metrics.length - 1) / 2) * 2.4
    const series = at % strokes.length
    return [
      ruler(toX(point.share), place, toX(point.atMost), place, `line s${series}`),
      dot(toX(point.share), place, series),
    ]
  })
  return [text(left - 12, y + 4, rule.title, 'end'), ...points]
}

function pointOf(results: Results, rule: Rule, key: MetricKey) {
  const cell = cellOf(results, 'control-again', key)
  const tally = tallyOf(cell, rule)
  return cell && tally ? falseChanges(cell, tally) : null
}
