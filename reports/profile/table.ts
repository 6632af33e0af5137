import { type Html, html } from '../html.ts'
import type { Place } from './place.ts'
import { placeInWords } from './words.ts'

/** A column of numbers in a table of functions. */
export interface Column<Row> {
  title: string
  /** What is sorted by. */
  value(row: Row): number
  text(row: Row): string
}

/** Of thousands the rest is next to nothing. */
const mostRows = 200

/** Functions as they are given; the page's script sorts them by a click on a column's head, and finds them by name. */
export function functionTable<Row extends Place & { line: number | null }>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
): Html {
  const shown = rows.slice(0, mostRows)
  return html`<div class="scroll" tabindex="0" role="region" aria-labelledby="functions-title">
<table class="functions">
<thead><tr>${columns.map(({ title }, at) => html`<th scope="col" class="number" aria-sort="${at === 0 ? 'descending' : 'none'}"><button type="button" data-column="${at}">${title}</button></th>`)}<th scope="col">Function</th><th scope="col">Where</th></tr></thead>
<tbody>${shown.map(
    (row) => html`<tr data-values="${columns.map((column) => column.value(row).toPrecision(6)).join(' ')}">
${columns.map((column) => html`<td class="number">${column.text(row)}</td>`)}<th scope="row"><button type="button" data-function="${row.name}">${row.name}</button></th><td><code>${placeInWords(row, row.line)}</code></td></tr>
`,
  )}</tbody>
</table></div>
${rows.length > shown.length && html`<p class="small">${rows.length - shown.length} further functions have less than these.</p>`}`
}
