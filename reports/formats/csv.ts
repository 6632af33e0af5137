import { csvText } from '../data/csv-text.ts'
import { figureCells, figureColumns, figureRows } from '../data/figure-rows.ts'
import type { ReportFormat } from './port.ts'

/** Every figure of every trial, for spreadsheets and data frames: a row an observation, what may not be used among them. */
export const csv: ReportFormat = {
  purpose: 'every figure of every trial, a row each, and whether it may be used',
  render: (runs) =>
    csvText([figureColumns, ...runs.flatMap((run) => figureRows(run).map((row) => figureCells(run.header.id, row)))]),
}
