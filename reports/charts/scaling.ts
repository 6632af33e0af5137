import type { Unit } from '../../harness/metrics/table.ts'
import type { Point } from '../data/percentiles.ts'
import { type ScalingCurve, type SeriesName, scalingCurve } from '../data/scaling.ts'
import { formatRange, formatValue } from '../format.ts'
import type { ScenarioView, VariantView } from '../view.ts'
import type { Chart, ChartTable, Drawing } from './chart.ts'

interface Scaling extends Pick<Chart, 'id' | 'question' | 'help' | 'missing'> {
  subject: string
  /** What lies across; null: the sessions. */
  x: readonly SeriesName[] | null
  axis: 'count' | 'rate'
  y(scenario: ScenarioView): readonly SeriesName[]
  unit: Unit
  /** What one more costs: `per session`, its unit, and by what the slope is multiplied to be in it. */
  cost: { label: string; unit: Unit; factor: number }
}

/** A chart of what grows with the load: dots as seen in the trials, and a straight line through them for each variant. */
export const scaling = ({ x, y, axis, unit, subject, cost, ...texts }: Scaling): Chart => ({
  ...texts,
  prepare: (view, scenario) => {
    const found = view.variants.flatMap((variant) => {
      const trials = scenario.records.filter((record) => record.variant === variant.name)
      const curve = scalingCurve(trials, x, y(scenario))
      return curve ? [{ variant, curve }] : []
    })
    if (found.length === 0) return null
    return {
      ...{ axis, unit, subject, yScale: 'linear' as const, marks: [] },
      lines: found.flatMap(({ variant, curve }) => linesOf(variant, curve)),
      table: tableOf(found, cost),
    }
  },
})

/** More dots than this of one variant lie on each other. */
const mostDots = 120

function linesOf({ index }: VariantView, { points, line }: ScalingCurve): Drawing['lines'] {
  const xs = points.map(([x]) => x)
  const ends = [Math.min(...xs), Math.max(...xs)].map((x): Point => [x, line.intercept + line.slope * x])
  const every = Math.ceil(points.length / mostDots)
  return [
    { variant: index, points: ends },
    { variant: index, points: points.filter((_, at) => at % every === 0).sort(([a], [b]) => a - b), style: 'dots' },
  ]
}

function tableOf(found: readonly { variant: VariantView; curve: ScalingCurve }[], cost: Scaling['cost']): ChartTable {
  return {
    columns: [cost.label, '95% interval', 'trials'],
    rows: found.map(({ variant, curve: { slope, trials } }) => {
      const [estimate, lower, upper] = [slope.estimate, slope.lower, slope.upper].map((each) =>
        each === null ? null : each * cost.factor,
      )
      const interval =
        typeof lower === 'number' && typeof upper === 'number' ? formatRange(lower, upper, cost.unit) : '–'
      return { variant: variant.name, cells: [formatValue(estimate, cost.unit), interval, String(trials)] }
    }),
  }
}
