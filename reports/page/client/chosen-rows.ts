import type { FigureRow } from '../../data/figure-rows.ts'
import { type RawColumn, rawColumns } from './raw-columns.ts'

/** What a reader asked for; an empty text asks for nothing. */
export interface RawFilter {
  scenario: string
  variant: string
  metric: string
  /** Any part of what stands in a row, in small or large letters. */
  text: string
}

export interface RawOrder {
  column: string
  isDescending: boolean
}

/** The rows that fit, in the order of the column; those that are alike in it stay as they were. */
export function chosenRows(rows: readonly FigureRow[], filter: RawFilter, order: RawOrder | null): FigureRow[] {
  const text = filter.text.trim().toLowerCase()
  const fitting = rows.filter(
    (row) =>
      (filter.scenario === '' || row.record.scenario === filter.scenario) &&
      (filter.variant === '' || row.record.variant === filter.variant) &&
      (filter.metric === '' || row.observation.metric === filter.metric) &&
      (text === '' || contains(row, text)),
  )
  const column = rawColumns.find(({ id }) => id === order?.column)
  return column && order ? sorted(fitting, column, order.isDescending) : fitting
}

const contains = (row: FigureRow, text: string): boolean =>
  row.observation.metric.toLowerCase().includes(text) ||
  rawColumns.some(({ keyOf }) => String(keyOf(row)).toLowerCase().includes(text))

function sorted(rows: readonly FigureRow[], { keyOf }: RawColumn, isDescending: boolean): FigureRow[] {
  const sign = isDescending ? -1 : 1
  // Made once a row: a run may have hundreds of thousands.
  const keyed = rows.map((row) => ({ row, key: keyOf(row) }))
  return keyed.sort((a, b) => sign * order(a.key, b.key)).map(({ row }) => row)
}

/** What is not a number comes behind all that are. */
function order(a: string | number, b: string | number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b))
  return a < b ? -1 : a > b ? 1 : 0
}
