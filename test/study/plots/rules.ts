import type { ConditionName } from '../conditions.ts'
import { cellOf, type Results, tallyOf } from '../document/results.ts'
import { metricOf, type StudyMetric } from '../metrics.ts'
import type { Rule } from '../procedures/rule.ts'
import { legend, panel } from './panel.ts'
import { svg, text } from './svg.ts'

const injected: readonly [percent: number, condition: ConditionName][] = [
  [0, 'control-again'],
  [1, 'work-1'],
  [2, 'work-2'],
  [5, 'work-5'],
  [10, 'work-10'],
]

/** Throughput is what every rule applies to: share called worse, over the work that was added; at 0 all of it is false. */
export function rulesPlot(results: Results): string {
  const { rules } = results
  const throughput = metricOf('throughput')
  const shown = [
    rules.weir(5, 0),
    ...rules.peers.filter((rule) => rule.sides === 'apart' && rule.appliesTo(throughput)),
  ]
  return svg(780, 340, 'Share of changes found in throughput by each rule, over the work that was added', [
    text(
      20,
      24,
      'Throughput: said to be worse, by the work that was added; others of sides that ran apart',
      'start',
      'title',
    ),
    ...panel({
      ...{ x: 50, y: 64, width: 420, height: 210, title: '', xTitle: '% more work', xTicks: [0, 2, 4, 6, 8, 10] },
      series: shown.map((rule, series) => ({ series, points: pointsOf(results, throughput, rule) })),
    }),
    ...legend(
      500,
      80,
      shown.map(({ title }) => title),
    ),
  ])
}

const pointsOf = (results: Results, { key }: StudyMetric, rule: Rule): [number, number][] =>
  injected.flatMap(([percent, condition]): [number, number][] => {
    const cell = cellOf(results, condition, key)
    const tally = tallyOf(cell, rule)
    return cell && tally ? [[percent, tally.worse / cell.comparisons]] : []
  })
