import { page } from './browser.ts'

/**
 * On paper a table that is too wide becomes lists, in which each cell says its column (`print.css`). Written when somebody
 * prints: in a large report these names would be a thirtieth of the page.
 */
export function nameColumnsOfCells(): void {
  for (const table of page.document.querySelectorAll('.by-variant')) {
    const names = [...table.querySelectorAll('thead .column')].map(({ textContent }) => textContent?.trim() ?? '')
    for (const row of table.querySelectorAll('tbody tr'))
      for (const [at, cell] of [...row.querySelectorAll('td')].entries()) cell.dataset.column = names[at] ?? ''
  }
}
