import type { Unit } from '../../harness/metrics/table.ts'
import type { Point } from '../data/percentiles.ts'
import type { ScenarioView, View } from '../view.ts'

/** A chart of the page: one file each, put in page order by `table.ts`. */
export interface Chart {
  id: string
  /** The question that the chart answers: its heading. */
  question: string
  /** One line: how to read it, and which way is better. */
  help: string
  /** What a variant that has no line does not have; absent: a usable trial. */
  missing?: string
  /** What is drawn; null where no trial of the scenario observed it. */
  prepare(view: View, scenario: ScenarioView): Drawing | null
}

/** What goes into the page for one chart; everything else the page's script knows. */
export interface Drawing {
  axis: 'percentile' | 'seconds' | 'runs' | 'count' | 'rate' | 'connections'
  /** Of an axis of runs: what each is called, by its place (0-based). */
  runs?: string[]
  /** Charts that are read below each other share their axis. */
  xRange?: [from: number, to: number]
  unit: Unit
  /** What the values are, for people: `turn intended duration, p99`. */
  subject: string
  /** Of a `ratio` values are what the variant's number is divided by the baseline's: 1 is no difference. */
  yScale: 'linear' | 'logarithmic' | 'ratio'
  /** Charts that are compared with each other share the top of their axis. */
  yMax?: number
  /** Which lines a reader may choose to see, by their set; the first is what is shown at first. */
  choices?: Choice[]
  lines: Line[]
  /** What is said in place of lines where it is known that there are none; absent: that no usable trial has it. */
  empty?: string
  /** Where a phase begins, in seconds, or where a change lies, as the place of a run. */
  marks: { at: number; label: string }[]
  /** The same in numbers, below the chart. */
  table?: ChartTable
}

export interface Choice {
  label: string
  sets: readonly number[]
}

export interface Line {
  /** Index of the variant. */
  variant: number
  points: Point[]
  /** Of the lines that a reader chooses from. */
  set?: number
  /** faint: the lesser of two lines of a variant. dots: what was seen, without a line through it. Absent: a line. */
  style?: 'faint' | 'dots'
  /** The interval of each point; null where it has none. */
  intervals?: ([lower: number, upper: number] | null)[]
}

/** A text, or a number and the interval that stands below it. */
export type Cell = string | readonly [value: string, interval: string]

/** All texts but the variants' names are the report's own. */
export interface ChartTable {
  /** Of the columns behind that of the names. */
  columns: string[]
  rows: { variant: string; about?: string; cells: Cell[] }[]
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
