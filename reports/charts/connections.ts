import type { CurvePoint } from '../../harness/compare/saturation/knee.ts'
import type { SaturatedVariant } from '../../harness/compare/saturation/saturation.ts'
import type { View } from '../view.ts'
import { type Drawing, type Line, scaleFor } from './chart.ts'

/** A curve for each variant against the number of connections, its knee marked; null where the scenario is no sweep, or nothing is usable. */
export function againstConnections(
  view: View,
  scenario: string,
  pointsOf: (variant: SaturatedVariant) => readonly CurvePoint[],
): Pick<Drawing, 'axis' | 'yScale' | 'lines' | 'marks'> | null {
  if (view.saturation?.plan.sweep.scenario !== scenario) return null
  const lines = view.saturation.variants.flatMap((each): Line[] => {
    const points = pointsOf(each)
    const { index } = view.variants.find(({ name }) => name === each.variant)!
    return points.length === 0 ? [] : [lineOf(index, points)]
  })
  return lines.length === 0
    ? null
    : { axis: 'connections', yScale: scaleFor(lines), lines, marks: knees(view.saturation.variants) }
}

/** Whose they are stands in the table of the saturation: names would not fit beside each other. */
const knees = (variants: readonly SaturatedVariant[]): Drawing['marks'] =>
  [...new Set(variants.flatMap(({ knee }) => knee.connections ?? []))].map((at) => ({ at, label: 'knee' }))

const lineOf = (variant: number, points: readonly CurvePoint[]): Line => ({
  variant,
  points: points.map(({ connections, estimate }) => [connections, estimate]),
  intervals: points.map(({ lower, upper }) => (lower === null || upper === null ? null : [lower, upper])),
})
