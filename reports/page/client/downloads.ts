import { csvText } from '../../data/csv-text.ts'
import { type FigureRow, figureCells, figureColumns } from '../../data/figure-rows.ts'
import { page } from './browser.ts'

/** Forms in which a page gives its figures away, by the ending of the file. */
export const downloads = {
  csv: { type: 'text/csv;charset=utf-8', textOf: csvOf },
  json: { type: 'application/json', textOf: jsonOf },
} as const

export type Download = keyof typeof downloads

function csvOf(run: string, rows: readonly FigureRow[]): string {
  return csvText([figureColumns, ...rows.map((row) => figureCells(run, row))])
}

/** The columns of the CSV as objects, with `usable` as true or false; a value that is no number is null. */
function jsonOf(run: string, rows: readonly FigureRow[]): string {
  const figures = rows.map((row) => ({
    ...Object.fromEntries(figureColumns.map((name, at) => [name, figureCells(run, row)[at]])),
    usable: row.reasons.length === 0,
  }))
  return `${JSON.stringify({ schema: 'weir.figures/1', figures }, null, 1)}\n`
}

/** Has the browser save the rows as a file of the run's name. */
export function save(form: Download, run: string, rows: readonly FigureRow[]): void {
  const { type, textOf } = downloads[form]
  const url = URL.createObjectURL(new Blob([textOf(run, rows)], { type }))
  const link = page.document.createElement('a')
  link.href = url
  link.download = `${run}-figures.${form}`
  link.click()
  // The browser reads it after this; a minute later it has.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
