import type { Drawing } from '../../charts/chart.ts'

/** What the page carries for its script, as JSON in the element with this id. */
export const pageDataId = 'chart-data'

export interface PageData {
  /** In the order of their indices. */
  variants: string[]
  charts: ChartData[]
}

/** `id` is that of the canvas. */
export interface ChartData extends Pick<Drawing, 'axis' | 'runs' | 'unit' | 'yScale' | 'yMax' | 'lines' | 'marks'> {
  id: string
}
