import type { Drawing } from '../../charts/chart.ts'

/** The element with what the page carries for its charts, packed as `../pack.ts` says. */
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
