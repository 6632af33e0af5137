import type { ConditionName } from '../conditions.ts'
import { cellOf, metricsOf, minutesOf, type Results, tallyOf } from '../document/results.ts'
import type { StudyMetric } from '../metrics.ts'
import { legend, panel, ticksTo } from './panel.ts'
import { svg, text } from './svg.ts'

const shown: readonly [condition: ConditionName, title: string][] = [
  ['work-10', '10% more work'],
  ['work-5', '5% more work'],
  ['work-2', '2% more work'],
  ['work-1', '1% more work'],
  ['stalls', 'rare stalls'],
  ['garbage', 'more allocation'],
]

const panelWidth = 240
const panelHeight = 150
const columns = 3

/** One panel a metric: the share of changes that were found by then, over the minutes of measuring. */
export function powerPlot(results: Results): string {
  const metrics = metricsOf(results).filter(({ key }) => key !== 'memory' && key !== 'heap')
  const rows = Math.ceil(metrics.length / columns)
  const height = 80 + rows * (panelHeight + 70) + 18 * shown.length
  return svg(columns * (panelWidth + 60) + 20, height, 'Share of changes found, over the minutes of measuring', [
    text(
      20,
      24,
      `Found, and said to be worse, by the minutes of measuring (${results.rules.weir(null, 0).title})`,
      'start',
      'title',
    ),
    ...metrics.flatMap((metric, at) => panelOf(results, metric, at)),
    ...legend(
      50,
      height - 18 * shown.length,
      shown.map(([, title]) => title),
    ),
  ])
}

function panelOf(results: Results, metric: StudyMetric, at: number): string[] {
  const rule = results.rules.weir(null, 0)
  const cells = shown.flatMap(([condition]) => cellOf(results, condition, metric.key) ?? [])
  const last = Math.max(...cells.map((cell) => minutesOf(results, rule.mostPairs, cell)))
  return panel({
    x: 50 + (at % columns) * (panelWidth + 60),
    y: 64 + Math.floor(at / columns) * (panelHeight + 70),
    ...{ width: panelWidth, height: panelHeight, title: metric.title, xTitle: 'minutes', xTicks: ticksTo(last) },
    series: shown.flatMap(([condition], series) => {
      const cell = cellOf(results, condition, metric.key)
      const tally = tallyOf(cell, rule)
      if (!cell || !tally) return []
      const steps = stepsOf(tally.pairsWhenWorse, cell.comparisons)
      const points = [...steps, [rule.mostPairs, steps.at(-1)![1]] as const]
      return [{ series, points: points.map(([pairs, share]) => [minutesOf(results, pairs, cell), share] as const) }]
    }),
  })
}

/** The share that had found it, as steps: flat up to a look, and up at it. */
function stepsOf(pairsWhenWorse: readonly number[], comparisons: number): [pairs: number, share: number][] {
  const steps: [number, number][] = [[0, 0]]
  for (const [at, pairs] of pairsWhenWorse.entries()) {
    if (pairs === pairsWhenWorse[at + 1]) continue
    steps.push([pairs, steps.at(-1)![1]], [pairs, (at + 1) / comparisons])
  }
  return steps
}
