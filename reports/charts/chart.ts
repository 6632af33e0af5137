import type { Unit } from '../../harness/metrics/table.ts'
import type { Percentiles, Point } from '../data/percentiles.ts'
import type { ScenarioView, View } from '../view.ts'

/** A chart of the page: one file each, put in page order by `table.ts`. */
export interface Chart {
  id: string
  /** The question that the chart answers: its heading. */
  question: string
  /** One line: how to read it, and which way is better. */
  help: string
  /** What is drawn; null where no trial of the scenario observed it. */
  prepare(view: View, scenario: ScenarioView): Drawing | null
}

/** What goes into the page for one chart; everything else the page's script knows. */
export interface Drawing {
  axis: 'percentile' | 'seconds' | 'runs'
  /** Of an axis of runs: what each is called, by its place (0-based). */
  runs?: string[]
  unit: Unit
  /** What the values are, for people: `turn intended duration, p99`. */
  subject: string
  yScale: 'linear' | 'logarithmic'
  /** Charts that are compared with each other share the top of their axis. */
  yMax?: number
  lines: Line[]
  /** Where a phase begins, in seconds, or where a change lies, as the place of a run. */
  marks: { at: number; label: string }[]
  /** The same as a table, where there is one. */
  table?: { variant: string; percentiles: Percentiles }[]
}

export interface Line {
  /** Index of the variant. */
  variant: number
  points: Point[]
}

/** Values that spread over more than this are drawn on a log scale, or the small ones would lie on the floor. */
const largestLinearSpread = 40

/** Log only where a linear axis would hide most lines, and no value is zero. */
export function scaleFor(lines: readonly Line[]): 'linear' | 'logarithmic' {
  const values = lines.flatMap(({ points }) => points.flatMap(([, y]) => (y === null ? [] : [y])))
  const tops = lines.map(({ points }) => Math.max(...points.map(([, y]) => y ?? 0)))
  const isPositive = values.every((value) => value > 0)
  return isPositive && Math.max(...tops) > largestLinearSpread * Math.min(...tops) ? 'logarithmic' : 'linear'
}
