import type { Drawing } from '../../charts/chart.ts'
import type { EffectRowsOfMetric } from '../../data/effect-rows.ts'

/** The element with what the page carries for its charts, packed as `../pack.ts` says. */
export const pageDataId = 'chart-data'

/** The element with the run's figures, as `PackedRun`. */
export const figuresDataId = 'figures-data'

export interface PageData {
  /** In the order of their indices. */
  variants: string[]
  charts: ChartData[]
  /** What the variants changed, by metric; the first stands in the markup. */
  effects?: EffectRowsOfMetric[]
}

/** `id` is that of the canvas; charts of one `group` share their time axis, and what is pointed at on one is shown on all. */
export interface ChartData extends Omit<Drawing, 'subject' | 'table'> {
  id: string
  group?: string
}
